import fc from 'fast-check';
import { findEndpoint, type Endpoint } from '../../../src/domain/gateway/endpoints.js';
import { topLevelMembers } from '../../../src/domain/gateway/json-members.js';
import { bodyFor, readAsked, type Asked } from '../../../src/domain/gateway/read-asked.js';

const asked = (body: string | Buffer): Asked => { const result = readAsked(chat, undefined, Buffer.from(body)); if ('refused' in result) throw new Error(result.message); return result; };
const refusal = (body: string): unknown => { const result = readAsked(chat, undefined, Buffer.from(body)); return 'refused' in result ? [result.code, result.field] : undefined; };
const at = (path: string): Endpoint => { const found = findEndpoint('POST', path, {}); if ('refused' in found) throw new Error(found.message); return found; };
const chat = at('/v1/chat/completions'), messages = at('/v1/messages');
const anyJson = fc.json({ maxDepth: 4 });

test('the members found are those JSON.parse finds, wherever white space, escapes and nesting stand', () => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary' }).filter((name) => name.isWellFormed()), anyJson, space, space), { selector: ([name]) => name, maxLength: 6 }), fc.boolean(), (entries, escaped) => {
    const nameOf = (name: string): string => (escaped ? `"${Array.from({ length: name.length }, (_, at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"` : JSON.stringify(name));
    const text = ` {${entries.map(([name, value, a, b]) => `${a}${nameOf(name)}${b}:${a}${value}${b}`).join(',')}} `;
    const bytes = Buffer.from(text), { list, inside } = topLevelMembers(bytes);
    expect(list.map((member) => [member.name, bytes.toString('utf8', member.start, member.end)])).toEqual(entries.map(([name, value]) => [name, value]));
    expect(bytes[inside - 1]).toBe('{'.charCodeAt(0));
  }));
});

test.each<[string, unknown]>([
  ['', ['invalid_request', undefined]], ['{', ['invalid_request', undefined]], ['[]', ['invalid_request', undefined]], ['"x"', ['invalid_request', undefined]], ['null', ['invalid_request', undefined]],
  ['{}', ['model_required', 'model']], ['{"model":null}', ['model_required', 'model']], ['{"model":""}', ['model_required', 'model']], ['{"model":5}', ['invalid_request', 'model']],
  ['{"model":"m","stream":"yes"}', ['invalid_request', 'stream']], ['{"model":"m","stream":null}', undefined],
  ['{"model":"a","model":"b"}', ['invalid_request', 'model']], ['{"model":"a","mod\\u0065l":"b"}', ['invalid_request', 'model']],
  ['{"model":"a","stream":true,"stream":false}', ['invalid_request', 'stream']], ['{"model":"a","x":{"model":"b"},"y":[{"model":"c"}]}', undefined],
])('%s is answered with %j', (body, expected) => { expect(refusal(body)).toEqual(expected); });

test('a body that needs no change is passed on as the very same bytes', () => {
  const body = asked('{ "model":"m" , "n":1.0 }');
  expect(bodyFor(body, chat, 'm')).toBe(body.body);
  const stream = asked('{"model":"m","stream":true,"stream_options":{"include_usage":true}}');
  expect(stream.usageAsked).toBe(true);
  expect(bodyFor(stream, chat, 'm')).toBe(stream.body);
  expect(bodyFor(asked('{"model":"m","stream":true}'), messages, 'm').toString()).toBe('{"model":"m","stream":true}');
});

test.each([
  ['{"model":"m","stream":true}', '{"stream_options":{"include_usage":true},"model":"m","stream":true}'],
  ['{ "stream" : true,\n"model":"m" }', '{"stream_options":{"include_usage":true}, "stream" : true,\n"model":"m" }'],
  ['{"model":"m","stream":true,"stream_options":null}', '{"model":"m","stream":true,"stream_options":{"include_usage":true}}'],
  ['{"model":"m","stream_options" : {"include_usage":false,"x":1} ,"stream":true}', '{"model":"m","stream_options" : {"include_usage":true,"x":1} ,"stream":true}'],
])('usage of a stream is asked for, and nothing else is touched: %s', (given, sent) => { expect(bodyFor(asked(given), chat, 'm').toString()).toBe(sent); });

test('the provider\'s own name of the model takes the place of the client\'s, and nothing else is touched', () => {
  expect(bodyFor(asked('{"a":"model", "model" : "mock-ü" , "b":[{"model":"mock-ü"}]}'), chat, 'gpt "x"').toString()).toBe('{"a":"model", "model" : "gpt \\"x\\"" , "b":[{"model":"mock-ü"}]}');
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), fc.boolean(), (rest, model, stream) => {
    const request = { ...rest, model: 'before', stream, stream_options: undefined };
    const sent = JSON.parse(bodyFor(asked(JSON.stringify(request)), chat, model).toString()) as object;
    expect(sent).toEqual(JSON.parse(JSON.stringify({ ...request, model, ...(stream ? { stream_options: { include_usage: true } } : {}) })));
  }));
});

test('the input is estimated from its text; base64 counts by the piece, not by its length', () => {
  const text = 'Hello, how are you today? '.repeat(100), image = Buffer.alloc(300_000, 7).toString('base64');
  const plain = asked(JSON.stringify({ model: 'm', messages: [{ content: text }] })).estimatedInput;
  expect(plain).toBeGreaterThan(640n);
  expect(plain).toBeLessThan(680n);
  const withImage = asked(JSON.stringify({ model: 'm', messages: [{ content: text }, { url: `data:image/png;base64,${image}` }] })).estimatedInput;
  expect(withImage - plain).toBeLessThan(1_020n);
  expect(withImage - plain).toBeGreaterThanOrEqual(1_000n);
  const chinese = '今天天气很好我们去公园散步吧'.repeat(200);
  expect(asked(JSON.stringify({ model: 'm', messages: [{ content: chinese }] })).estimatedInput).toBeGreaterThan(2_000n);
});
