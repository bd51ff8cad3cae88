import { addProvider, change } from '../../support/gateway-registry.js';
import { messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatEvents, json, sse, type Script } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

interface Init extends RequestInit { headers?: Record<string, string> }
const send = (path: string, init: Init, key = gateway.acme): Promise<Response> => fetch(gateway.url + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => send(path, { headers });
function form(fields: Record<string, string>, file = { name: 'file', bytes: 32_000, type: 'audio/mpeg' }): Init {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append(file.name, new Blob([Buffer.alloc(file.bytes, 1)], { type: file.type }), 'ü "b.mp3".mp3'.replaceAll('"', ''));
  return { method: 'POST', body };
}
const event = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
const IMAGE_USAGE = { total_tokens: 130, input_tokens: 30, output_tokens: 100, input_tokens_details: { text_tokens: 10, image_tokens: 20 }, output_tokens_details: { image_tokens: 100, text_tokens: 0 } };
const SPOKEN = { type: 'tokens', input_tokens: 40, input_token_details: { text_tokens: 5, audio_tokens: 35 }, output_tokens: 12, total_tokens: 52 };

interface Case { path: string; body?: object; init?: () => Init; script: Script; answer: string | Buffer; record: object }
const jsonCase = (path: string, body: object, answer: object, record: object): Case => ({ path, body: { model: 'mock-m', ...body }, script: json(JSON.stringify(answer)), answer: JSON.stringify(answer), record });
const eventsCase = (path: string, body: object, events: string[], record: object): Case => ({ path, body: { model: 'mock-m', stream: true, ...body }, script: sse(events, 0), answer: events.join(''), record });
const sound = Buffer.from([0xff, 0xf3, 0, 1, 2, 3, 0x0a, 0x0a, 0xff]);
const CASES: [string, Case][] = [
  ['embeddings', jsonCase('/v1/embeddings', { input: ['a', 'b'], encoding_format: 'base64' }, { object: 'list', model: 'served-e', data: [{ object: 'embedding', index: 0, embedding: 'AACAPw==' }], usage: { prompt_tokens: 9, total_tokens: 9 } },
    { usage_input: 9n, usage_output: 0n, usage_source: 'reported', served_model: 'served-e', cost_micros: 18n })],
  ['embeddings without usage', jsonCase('/v1/embeddings', { input: 'x'.repeat(400) }, { object: 'list', data: [] }, { usage_source: 'estimated', usage_output: 0n })],
  ['completions', jsonCase('/v1/completions', { prompt: 'Say hi' }, { id: 'cmpl-1', object: 'text_completion', model: 's', choices: [{ index: 0, text: 'Hi', finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } },
    { usage_input: 3n, usage_output: 1n, usage_source: 'reported', answer_id: 'cmpl-1' })],
  ['a token count for messages', { path: '/v1/messages/count_tokens', body: messages(), script: json('{"input_tokens":14}'), answer: '{"input_tokens":14}', record: { protocol: 'anthropic', provider_id: 'ant', usage_source: 'none', usage_input: 0n, cost_micros: 0n } }],
  ['moderations without a model', { path: '/v1/moderations', body: { input: 'x' }, script: json('{"id":"modr-1","model":"omni","results":[]}'), answer: '{"id":"modr-1","model":"omni","results":[]}',
    record: { model: null, served_model: 'omni', answer_id: 'modr-1', usage_source: 'none', provider_id: 'oai' } }],
  ['pictures with tokens', jsonCase('/v1/images/generations', { prompt: 'a cat', n: 2 }, { created: 1, data: [{ b64_json: 'AA==' }, { b64_json: 'AA==' }], usage: IMAGE_USAGE },
    { usage_input: 30n, usage_output: 100n, usage_source: 'reported', usage_units: { input_image_tokens: '20', output_image_tokens: '100', images: '2' } })],
  ['pictures that are only counted', jsonCase('/v1/images/generations', { prompt: 'a cat' }, { created: 1, data: [{ url: 'https://x.test/1' }] }, { usage_input: 0n, usage_source: 'reported', usage_units: { images: '1' } })],
  ['pictures as a stream', eventsCase('/v1/images/generations', { prompt: 'x', partial_images: 1, n: 2 }, [
    event('image_generation.partial_image', { b64_json: 'A'.repeat(2_000_000), partial_image_index: 0 }), event('image_generation.completed', { b64_json: 'AA==', usage: IMAGE_USAGE }),
    event('image_generation.completed', { b64_json: 'B'.repeat(3_000_000), usage: IMAGE_USAGE })],
  { stream: true, usage_input: 60n, usage_output: 200n, usage_source: 'reported', usage_units: { input_image_tokens: '40', output_image_tokens: '200', images: '2' } })],
  ['an edited picture', { path: '/v1/images/edits', init: () => form({ model: 'mock-m', prompt: 'x' }, { name: 'image[]', bytes: 100_000, type: 'image/png' }), script: json(JSON.stringify({ data: [{ b64_json: 'AA==' }], usage: IMAGE_USAGE })),
    answer: JSON.stringify({ data: [{ b64_json: 'AA==' }], usage: IMAGE_USAGE }), record: { model: 'mock-m', usage_source: 'reported', usage_units: { input_image_tokens: '20', output_image_tokens: '100', images: '1' } } }],
  ['a variation', { path: '/v1/images/variations', init: () => form({ model: 'mock-m', n: '1' }, { name: 'image', bytes: 10, type: 'image/png' }), script: json('{"data":[{}]}'), answer: '{"data":[{}]}', record: { usage_units: { images: '1' } } }],
  ['a transcription in tokens', { path: '/v1/audio/transcriptions', init: () => form({ model: 'mock-m' }), script: json(JSON.stringify({ text: 'hi', usage: SPOKEN })), answer: JSON.stringify({ text: 'hi', usage: SPOKEN }),
    record: { usage_input: 40n, usage_output: 12n, usage_source: 'reported', usage_units: { input_audio_tokens: '35' } } }],
  ['a transcription in seconds', { path: '/v1/audio/transcriptions', init: () => form({ model: 'mock-m', response_format: 'verbose_json' }), script: json('{"text":"hi","duration":"8.47","usage":{"type":"duration","seconds":9}}'),
    answer: '{"text":"hi","duration":"8.47","usage":{"type":"duration","seconds":9}}', record: { usage_input: 0n, usage_source: 'reported', usage_units: { audio_ms: '9000' } } }],
  ['a translation that tells its duration', { path: '/v1/audio/translations', init: () => form({ model: 'mock-m' }), script: json('{"text":"hi","duration":8.47}'), answer: '{"text":"hi","duration":8.47}', record: { usage_source: 'reported', usage_units: { audio_ms: '8470' } } }],
  ['subtitles', { path: '/v1/audio/transcriptions', init: () => form({ model: 'mock-m', response_format: 'srt' }), script: json('1\n00:00:00,000 --> 00:01:02,500\nHi\n\n', { 'content-type': 'text/plain; charset=utf-8' }), answer: '1\n00:00:00,000 --> 00:01:02,500\nHi\n\n',
    record: { usage_source: 'estimated', usage_units: { input_audio_tokens: '625', audio_ms: '62500' } } }],
  ['plain text without any figure', { path: '/v1/audio/transcriptions', init: () => form({ model: 'mock-m', response_format: 'text' }), script: json('Hi there\n', { 'content-type': 'text/plain' }), answer: 'Hi there\n', record: { usage_source: 'estimated', usage_units: { input_audio_tokens: '20', audio_ms: '2000' } } }],
  ['a transcription as a stream', { path: '/v1/audio/transcriptions', init: () => form({ model: 'mock-m', stream: 'true' }), script: sse([event('transcript.text.delta', { delta: 'hi' }), event('transcript.text.done', { text: 'hi', usage: SPOKEN })], 0),
    answer: event('transcript.text.delta', { delta: 'hi' }) + event('transcript.text.done', { text: 'hi', usage: SPOKEN }), record: { stream: true, usage_input: 40n, usage_source: 'reported', usage_units: { input_audio_tokens: '35' } } }],
  ['speech', { path: '/v1/audio/speech', body: { model: 'mock-m', input: 'Grüße 😀', voice: 'a' }, script: (_, response) => { response.writeHead(200, { 'content-type': 'audio/mpeg' }); response.end(sound); }, answer: sound,
    record: { usage_source: 'estimated', usage_units: { characters: '7' } } }],
  ['speech as a stream', eventsCase('/v1/audio/speech', { input: 'Hi', stream: undefined, stream_format: 'sse' }, [event('speech.audio.delta', { audio: 'AAAA' }), event('speech.audio.done', { usage: { input_tokens: 4, output_tokens: 50, total_tokens: 54 } })],
    { stream: true, usage_input: 4n, usage_output: 50n, usage_source: 'reported', usage_units: { output_audio_tokens: '50', characters: '2' } })],
];

test.each(CASES)('%s: as it came for the client, and metered', async (_, { path, body, init, script, answer, record }) => {
  gateway.upstream.script = script;
  const request = init?.(), response = request ? await send(path, request) : await gateway.post(path, body);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(answer))).toBe(true);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', path, http_status: 200, ...record });
  expect((await gateway.story(response.headers.get('x-request-id')!)).transfers).toEqual([expect.objectContaining({ outcome: expect.objectContaining({ outcome: 'answered' }) })]);
});

test('completions as a stream: usage is asked for and hidden, as in a chat', async () => {
  const events = chatEvents(['a', 'b'], { prompt_tokens: 3, completion_tokens: 2 });
  gateway.upstream.script = sse(events, 0);
  const response = await gateway.post('/v1/completions', { model: 'mock-m', prompt: 'x', stream: true });
  expect(await response.text()).toBe(events.filter((one) => !one.includes('"choices":[]')).join(''));
  expect(JSON.parse(gateway.upstream.seen.at(-1)!.body.toString())).toMatchObject({ stream_options: { include_usage: true } });
  expect(await gateway.call(response)).toMatchObject({ usage_input: 3n, usage_output: 2n, usage_source: 'reported' });
});

test.each([
  ['/v1/images/generations', { prompt: 'x', n: 1 }, [event('image_generation.partial_image', { b64_json: 'AA' })]],
  ['/v1/audio/speech', { input: 'x', stream_format: 'sse' }, [event('speech.audio.delta', { audio: 'AA' })]],
  ['/v1/completions', { prompt: 'x' }, chatEvents(['a']).slice(0, 2)],
  ['/v1/audio/transcriptions', undefined, [event('transcript.text.delta', { delta: 'hi' })]],
] as const)('a stream of %s that just ends before its last event breaks for the client too', async (path, body, events) => {
  gateway.upstream.script = sse(events, 0);
  const response = body ? await gateway.post(path, { model: 'mock-m', stream: true, ...body }) : await send(path, form({ model: 'mock-m', stream: 'true' }));
  await expect(response.text()).rejects.toThrow();
  expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
});

test('a form goes on byte for byte, but for the provider\'s own name of the model', async () => {
  gateway.upstream.script = json('{"text":"hi"}');
  await change(gateway.app, `INSERT INTO models (model_id) VALUES ('renamed')`);
  await change(gateway.app, `INSERT INTO model_routes (model_id, position, provider_id, upstream_model) VALUES ('renamed', 0, 'oai', 'whisper-9')`);
  await gateway.registryInForce();
  const part = (name: string, value: string): string => `--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = `${part('prompt', 'model=renamed')}${part('model', 'renamed')}--xYz\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n\r\n--xY\r\nrenamed\r\n--xYz--\r\n`;
  const response = await send('/v1/audio/transcriptions', { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary="xYz"' }, body });
  expect(response.status).toBe(200);
  expect(gateway.upstream.seen.at(-1)).toMatchObject({ headers: { 'content-type': 'multipart/form-data; boundary="xYz"' } });
  expect(gateway.upstream.seen.at(-1)!.body.toString()).toBe(body.replace('\r\n\r\nrenamed\r\n--xYz\r\n', '\r\n\r\nwhisper-9\r\n--xYz\r\n'));
  expect(await gateway.call(response)).toMatchObject({ model: 'renamed' });
});

describe('the rest of /v1', () => {
  test('takes any method, passes bodies, queries and binary answers as they came, and records each call with its transfer', async () => {
    gateway.upstream.script = json('{"id":"file-1","object":"file"}');
    const up = await send('/v1/files', form({ purpose: 'batch' }));
    expect(await gateway.call(up)).toMatchObject({ method: 'POST', path: '/v1/files', model: null, answer_id: 'file-1', usage_source: 'none', provider_id: 'oai' });
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'application/octet-stream' }); response.end(sound); };
    const down = await get('/v1/files/file-1/content?x=%20y');
    expect(Buffer.from(await down.arrayBuffer()).equals(sound)).toBe(true);
    expect(gateway.upstream.seen.at(-1)).toMatchObject({ method: 'GET', url: '/v1/files/file-1/content?x=%20y', headers: { authorization: 'Bearer sk-upstream-openai' } });
    expect(gateway.upstream.seen.at(-1)!.headers['content-length']).toBeUndefined();
    gateway.upstream.script = (_, response) => { response.writeHead(204); response.end(); };
    const gone = await send('/v1/vector_stores/vs_1/files/file-1', { method: 'DELETE' });
    expect([gone.status, (await gateway.call(gone)).method]).toEqual([204, 'DELETE']);
  });
  test('goes to the provider the client names, else to the first of the protocol, and to whoever keeps the thing', async () => {
    await addProvider(gateway.app, { id: 'second', protocol: 'openai', baseUrl: `${gateway.upstream.url}/second/v1` });
    await gateway.registryInForce();
    gateway.upstream.script = json('{"id":"file-2","object":"file"}');
    const made = await send('/v1/files', { ...form({ purpose: 'x' }), headers: { 'x-holdfast-provider': 'second' } });
    expect([made.headers.get('x-holdfast-provider'), gateway.upstream.seen.at(-1)!.url]).toEqual(['second', '/second/v1/files']);
    await made.text();
    expect((await get('/v1/files/file-2')).headers.get('x-holdfast-provider')).toBe('second');
    expect((await get('/v1/files/file-unknown')).headers.get('x-holdfast-provider')).toBe('oai');
    expect((await get('/v1/skills/skill_1', { 'anthropic-version': '2023-06-01' })).headers.get('x-holdfast-provider')).toBe('ant');
    const wrong = await get('/v1/files/file-unknown', { 'x-holdfast-provider': 'ant' });
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: expect.objectContaining({ code: 'invalid_request', param: 'x-holdfast-provider' }) }]);
  });
  test('every rule holds for it: confirmation, suspension', async () => {
    const unconfirmed = await send('/v1/files/file-3', {}, gateway.kuhn);
    expect([unconfirmed.status, await unconfirmed.json()]).toEqual([403, { error: expect.objectContaining({ code: 'cross_border_confirmation_required' }) }]);
    await change(gateway.app, `UPDATE providers SET status = 'suspended' WHERE protocol = 'anthropic'`);
    await gateway.registryInForce();
    const suspended = await get('/v1/skills/skill_1', { 'anthropic-version': '2023-06-01' });
    expect([suspended.status, await suspended.json()]).toEqual([503, expect.objectContaining({ type: 'error', error: expect.objectContaining({ code: 'provider_suspended' }) })]);
    await change(gateway.app, `UPDATE providers SET status = 'active'`);
    await gateway.registryInForce();
  });
  test('what uses a model later and untold needs the operator\'s leave, and a model without a price is not offered', async () => {
    const listed = async (): Promise<string[]> => (await (await get('/v1/models')).json() as { data: { id: string }[] }).data.map(({ id }) => id);
    await change(gateway.app, `INSERT INTO models (model_id) VALUES ('unpriced-one')`);
    await change(gateway.app, `INSERT INTO model_routes (model_id, position, provider_id) VALUES ('unpriced-one', 0, 'oai')`);
    await gateway.registryInForce();
    expect(await listed()).toContain('unpriced-one');
    await change(gateway.app, `UPDATE operator_profile SET unpriced_calls = 'refuse'`);
    await gateway.registryInForce();
    expect([(await listed()).includes('mock-*'), (await listed()).includes('unpriced-one')]).toEqual([true, false]);
    gateway.upstream.script = json('{"id":"batch_1","object":"batch"}');
    const batch = (): Promise<Response> => gateway.post('/v1/batches', { input_file_id: 'file-1', endpoint: '/v1/responses', completion_window: '24h' });
    const refused = await batch();
    expect([refused.status, await refused.json()]).toEqual([(await gateway.call(refused)).http_status, { error: expect.objectContaining({ code: 'price_missing' }) }]);
    await change(gateway.app, `UPDATE operator_profile SET unpriced_calls = 'allow'`);
    await gateway.registryInForce();
    expect(await gateway.call(await batch())).toMatchObject({ status: 'completed', answer_id: 'batch_1', usage_source: 'none' });
    expect(await gateway.call(await get('/v1/batches/batch_1'))).toMatchObject({ status: 'completed', usage_source: 'none' });
    gateway.upstream.script = json('{"id":"run_1","object":"thread.run","model":"served","usage":{"prompt_tokens":5,"completion_tokens":2}}');
    expect(await gateway.call(await gateway.post('/v1/threads/thread_1/runs', { assistant_id: 'a' }))).toMatchObject({ usage_source: 'reported', usage_input: 5n, usage_output: 2n, served_model: 'served' });
    // What is only fetched or renamed was billed when it was made.
    expect(await gateway.call(await gateway.post('/v1/chat/completions/chatcmpl-9', { metadata: {} }))).toMatchObject({ usage_source: 'none', usage_input: 0n });
    expect(await gateway.call(await gateway.post('/v1/threads/thread_1/runs/run_1/cancel', {}))).toMatchObject({ usage_source: 'none' });
  });
  test.each([['GET', '/v1/files'], ['GET', '/v1/batches'], ['GET', '/v1/fine_tuning/jobs'], ['GET', '/v1/vector_stores'], ['DELETE', '/v1/files'], ['POST', '/v1/realtime/client_secrets'], ['GET', '/v1/organization/costs'],
    ['GET', '/v1/files/../organization/costs'], ['GET', '/v1/files/%2e%2e/organization'], ['GET', '/v1/files//x'], ['GET', '/v1/files/x%2fy'], ['TRACE', '/v1/files/x'], ['GET', '/v1/assistants']])('%s %s is refused with what is served or why not, recorded, and nothing leaves', async (method, path) => {
    const before = gateway.upstream.seen.length;
    const { request } = await import('node:http');
    const [status, text, id] = await new Promise<[number, string, string]>((resolve, reject) => {
      request(new URL(gateway.url), { method, path, headers: { authorization: `Bearer ${gateway.acme}` } }, (answer) => {
        let got = '';
        answer.on('data', (chunk: Buffer) => { got += chunk.toString(); }).on('end', () => { resolve([answer.statusCode!, got, String(answer.headers['x-request-id'])]); });
      }).on('error', reject).end();
    });
    expect([status, JSON.parse(text)]).toEqual([404, { error: expect.objectContaining({ code: 'endpoint_unknown', message: expect.stringMatching(/[Ss]erved/) }) }]);
    expect((await gateway.story(id)).call).toMatchObject({ status: 'refused', method, refusal_code: 'endpoint_unknown' });
    expect(gateway.upstream.seen.length).toBe(before);
  });
});

test.each([
  ['/v1/images/generations', { prompt: 'x' }, [event('image_generation.partial_image', { b64_json: 'AA' })]],
  ['/v1/audio/speech', { input: 'x', stream_format: 'sse' }, [event('speech.audio.delta', { audio: 'AA' })]],
  ['/v1/audio/transcriptions', undefined, [event('transcript.text.delta', { delta: 'hi' })]],
] as const)('an error event inside a stream of %s reaches the client and ends it, whatever the provider does then', async (path, body, events) => {
  const sent = [...events, event('error', { error: { type: 'server_error', message: 'broken' } })].join('');
  gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(sent); };
  const response = body ? await gateway.post(path, { model: 'mock-m', stream: true, ...body }) : await send(path, form({ model: 'mock-m', stream: 'true' }));
  expect(await response.text()).toBe(sent);
  expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
});
