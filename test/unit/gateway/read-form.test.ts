import fc from 'fast-check';
import { isRefusal } from '../../../src/kernel/result.js';
import { findEndpoint, type Endpoint } from '../../../src/domain/gateway/endpoints.js';
import { readAsked } from '../../../src/domain/gateway/read-asked.js';
import { boundaryOf, readForm } from '../../../src/domain/gateway/read-form.js';

const at = (path: string): Endpoint => { const found = findEndpoint('POST', path, {}); if (isRefusal(found)) throw new Error(found.message); return found; };
const audio = at('/v1/audio/transcriptions'), files = at('/v1/files');
const part = (head: string, value: string): string => `--B\r\n${head}\r\n\r\n${value}\r\n`;
const field = (name: string, value: string): string => part(`Content-Disposition: form-data; name="${name}"`, value);
const ask = (body: string, endpoint = audio, type = 'multipart/form-data; boundary=B'): unknown => {
  const asked = readAsked(endpoint, type, Buffer.from(body));
  return isRefusal(asked) ? asked.code : { model: asked.model, stream: asked.stream, images: asked.facts.images, fileBytes: asked.facts.fileBytes };
};

test('the fields of any form a client library makes are found, whatever bytes the files hold', async () => {
  await fc.assert(fc.asyncProperty(fc.stringMatching(/^[a-z0-9.-]{1,20}$/), fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 40 }), async (model, bytes, prompt) => {
    const form = new FormData();
    form.append('prompt', prompt);
    form.append('file', new Blob([new Uint8Array(bytes)]), 'a.bin');
    form.append('model', model);
    const request = new Request('http://x.test/', { method: 'POST', body: form }), body = Buffer.from(await request.arrayBuffer());
    const fields = readForm(body, boundaryOf(request.headers.get('content-type')!)!);
    if (isRefusal(fields)) throw new Error(fields.message);
    expect(fields.map(({ name, isFile }) => [name, isFile])).toEqual([['prompt', false], ['file', true], ['model', false]]);
    expect(body.subarray(fields[1]!.start, fields[1]!.end).equals(Buffer.from(bytes))).toBe(true);
    expect(body.toString('utf8', fields[2]!.start, fields[2]!.end)).toBe(model);
  }), { numRuns: 50 });
});

test.each([
  ['a plain form', field('model', 'm') + field('stream', 'true') + '--B--\r\n', { model: 'm', stream: true, images: 1, fileBytes: 0 }],
  ['a name without quotes', part('content-disposition: form-data; name=model', 'm') + '--B--', { model: 'm', stream: false, images: 1, fileBytes: 0 }],
  ['a file, whose bytes are counted', field('model', 'm') + part('Content-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: audio/wav', 'x'.repeat(77)) + '--B--', { model: 'm', stream: false, images: 1, fileBytes: 77 }],
  ['no model', field('prompt', 'm') + '--B--', 'model_required'],
  ['two models', field('model', 'a') + field('model', 'b') + '--B--', 'invalid_request'],
  ['a model that is a file', part('Content-Disposition: form-data; name="model"; filename="a"', 'm') + '--B--', 'invalid_request'],
  ['two dispositions', part('Content-Disposition: form-data; name="x"\r\nContent-Disposition: form-data; name="model"', 'm') + '--B--', 'invalid_request'],
  ['a name given twice', part('Content-Disposition: form-data; name="x"; name="model"', 'm') + '--B--', 'invalid_request'],
  ['a name in extended form', part(`Content-Disposition: form-data; name*=utf-8''model`, 'm') + '--B--', 'invalid_request'],
  ['an escaped name', part('Content-Disposition: form-data; name="mo\\del"', 'm') + '--B--', 'invalid_request'],
  ['a file name with a quote in it', part('Content-Disposition: form-data; name="x"; filename="a\\"; name=\\"model"', 'm') + '--B--', 'invalid_request'],
  ['a folded line', part('Content-Disposition: form-data;\r\n name="model"', 'm') + '--B--', 'invalid_request'],
  ['an encoded part', part('Content-Disposition: form-data; name="model"\r\nContent-Transfer-Encoding: base64', 'bQ==') + '--B--', 'invalid_request'],
  ['something in front', `x\r\n${field('model', 'm')}--B--`, 'invalid_request'],
  ['something behind a boundary', field('model', 'm') + '--B x\r\n\r\n\r\n--B--', 'invalid_request'],
  ['no end', field('model', 'm'), 'invalid_request'],
  ['nothing', '', 'invalid_request'],
])('%s', (_, body, expected) => { expect(ask(body)).toEqual(expected); });

test.each([['multipart/form-data', null], ['multipart/form-data; boundary=a; boundary=b', null], ['multipart/mixed; boundary=a', null], ['multipart/form-data; boundary="a b"', 'a b'], ['Multipart/Form-Data; charset=utf-8; boundary=a', 'a'], ['application/json', undefined], [undefined, undefined]])('the boundary of %j is %j', (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary);
});

test('what reads as JSON is read as JSON whatever it calls itself, so that a model in it is judged', () => {
  for (const type of ['text/plain', 'application/octet-stream', 'application/json; charset=utf-8']) expect(ask('\n {"model":"m"}', files, type)).toMatchObject({ model: 'm' });
  expect(ask('{"model":"a","model":"b"}', files, 'text/plain')).toBe('invalid_request');
  expect(ask('{"model":"a"', files, 'text/plain')).toMatchObject({ model: null });
  expect(ask('{"model":"a"', files, 'application/json')).toBe('invalid_request');
  expect(ask('plain', files, 'text/plain')).toMatchObject({ model: null });
  expect(ask('', files, 'application/json')).toMatchObject({ model: null });
});
