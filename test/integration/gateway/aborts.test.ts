import { request as httpRequest } from 'node:http';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatEvents, messageEvents, responseEvents, type Script } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

async function until(condition: () => boolean): Promise<void> { for (let i = 0; i < 1_000 && !condition(); i++) await new Promise((resolve) => { setTimeout(resolve, 10); }); expect(condition()).toBe(true); }
const LONG = 'x'.repeat(40), silent: Script = () => undefined;
const open = (events: readonly string[]): Script => (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(events.join('')); };
/** Goes on until it is broken off: a body is passed one piece behind. */
const endless = (piece: string): Script => (_, response) => {
  response.writeHead(200, { 'content-type': 'audio/mpeg' });
  const timer = setInterval(() => response.write(piece), 2);
  response.on('close', () => { clearInterval(timer); });
};
const form = (fields: Record<string, string>): FormData => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append('file', new Blob([Buffer.alloc(160_000, 1)]), 'a.mp3');
  return body;
};

interface Case { path: string; body: object | (() => FormData); script: Script; /** What must have arrived before the client leaves. */ after?: string; record: object }
const CASES: [string, Case][] = [
  ['a chat before its answer', { path: '/v1/chat/completions', body: chat({ messages: [{ role: 'user', content: 'x'.repeat(400) }] }), script: silent, record: { usage_source: 'estimated', usage_output: 0n } }],
  ['a chat stream', { path: '/v1/chat/completions', body: chat({ stream: true }), script: open(chatEvents([LONG, LONG]).slice(0, 3)), after: LONG, record: { usage_source: 'estimated', usage_output: 20n } }],
  ['a chat stream whose usage has come', { path: '/v1/chat/completions', body: chat({ stream: true, stream_options: { include_usage: true } }), script: open(chatEvents([LONG], { prompt_tokens: 9, completion_tokens: 3 }).slice(0, -1)), after: 'prompt_tokens',
    record: { usage_source: 'reported', usage_input: 9n, usage_output: 3n } }],
  ['a response before its answer', { path: '/v1/responses', body: { model: 'mock-r', input: 'x'.repeat(400) }, script: silent, record: { usage_source: 'estimated', usage_output: 0n } }],
  ['a response stream', { path: '/v1/responses', body: { model: 'mock-r', input: 'x', stream: true }, script: open(responseEvents([LONG, LONG], null).slice(0, 6)), after: LONG, record: { usage_source: 'estimated', usage_output: 20n, answer_id: 'resp_1' } }],
  ['a message before its answer', { path: '/v1/messages', body: messages({ system: 'x'.repeat(400) }), script: silent, record: { usage_source: 'estimated', usage_output: 0n } }],
  ['a message stream, whose input is known exactly', { path: '/v1/messages', body: messages({ stream: true }), script: open(messageEvents([LONG], { input_tokens: 10, cache_read_input_tokens: 200, output_tokens: 1 }, {}).slice(0, 4)), after: LONG,
    record: { usage_source: 'estimated', usage_input: 10n, usage_cache_read: 200n, usage_output: 10n } }],
  ['embeddings', { path: '/v1/embeddings', body: { model: 'mock-e', input: 'x'.repeat(400) }, script: silent, record: { usage_source: 'estimated', usage_output: 0n } }],
  ['a transcription sent as a form', { path: '/v1/audio/transcriptions', body: () => form({ model: 'mock-a' }), script: silent, record: { usage_source: 'estimated', usage_units: { input_audio_tokens: '100', audio_ms: '10000' } } }],
  ['an edited picture sent as a form', { path: '/v1/images/edits', body: () => form({ model: 'mock-i', prompt: 'x' }), script: silent, record: { usage_source: 'estimated', usage_units: null } }],
  ['speech in the middle of its sound', { path: '/v1/audio/speech', body: { model: 'mock-s', input: 'Hello' }, script: endless('sound'), after: 'sound',
    record: { usage_source: 'estimated', usage_units: { characters: '5' } } }],
];

test.each(CASES)('%s: the client leaves, the provider is broken off, and the record says what was used', async (name, { path, body, script, after, record }) => {
  gateway.upstream.script = script;
  const before = gateway.upstream.abandoned, seen = gateway.upstream.seen.length, abort = new AbortController(), id = `left-${name}`.replaceAll(' ', '-').replaceAll(',', '');
  const headers = { authorization: `Bearer ${gateway.acme}`, 'x-client-request-id': id };
  const answer = fetch(gateway.url + path, { method: 'POST', signal: abort.signal, ...(typeof body === 'function' ? { headers, body: body() } : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const gone = expect((async () => {
    let text = '';
    for await (const chunk of (await answer).body!) { text += Buffer.from(chunk as Uint8Array).toString(); if (after !== undefined && text.includes(after)) abort.abort(); }
  })()).rejects.toThrow();
  await until(() => gateway.upstream.seen.length === seen + 1);
  if (after === undefined) abort.abort();
  await gone;
  await until(() => gateway.upstream.abandoned === before + 1);
  const { call, transfers } = await gateway.story(id);
  expect(call).toMatchObject({ status: 'aborted', http_status: 499, path, ...record });
  if (call.usage_source === 'estimated' && call.usage_cache_read === 0n && !path.includes('images')) expect(call.usage_input).toBeGreaterThan(0n);
  expect(transfers.map((transfer) => transfer.outcome?.outcome)).toEqual(['aborted']);
});

test('a client that leaves in the middle of its upload sends nothing on, and the gateway goes on serving', async () => {
  const seen = gateway.upstream.seen.length;
  await new Promise<void>((resolve) => {
    const request = httpRequest(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}`, 'content-type': 'multipart/form-data; boundary=B', 'content-length': 1_000_000 } });
    request.on('error', () => undefined).on('close', () => { resolve(); });
    request.write('--B\r\n', () => { request.destroy(); });
  });
  gateway.upstream.script = (_, response) => { response.end('{}'); };
  expect((await gateway.post('/v1/chat/completions', chat())).status).toBe(200);
  expect(gateway.upstream.seen.length).toBe(seen + 1);
});
