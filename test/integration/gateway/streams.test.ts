import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatEvents, drip, messageEvents, sse } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

const USAGE = { prompt_tokens: 100, completion_tokens: 4, total_tokens: 104, prompt_tokens_details: { cached_tokens: 30 } };
const START = { input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 50, output_tokens: 1 };
const WORDS = ['Grüße ', '😀 ', '你好', '!'];
const streaming = (more: object = {}): object => chat({ stream: true, ...more });
const withUsage = streaming({ stream_options: { include_usage: true } });

/** A request whose answer is read by hand. */
function open(path: string, body: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    httpRequest(gateway.url + path, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } }, resolve).on('error', reject).end(text);
  });
}
const seven = (text: string): Buffer[] => { const bytes = Buffer.from(text), out: Buffer[] = []; for (let i = 0; i < bytes.length; i += 7) out.push(bytes.subarray(i, i + 7)); return out; };

test('a chat stream arrives byte for byte, and its usage is on record exactly', async () => {
  const events = chatEvents(WORDS, USAGE);
  gateway.upstream.script = sse(events);
  const response = await gateway.post('/v1/chat/completions', withUsage);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toBe(events.join(''));
  expect(await gateway.call(response)).toMatchObject({ stream: true, status: 'completed', usage_input: 70n, usage_cache_read: 30n, usage_output: 4n, usage_source: 'reported', response_bytes: BigInt(Buffer.byteLength(events.join(''))) });
});

test('usage is asked for, and its chunk is hidden from a client that did not ask', async () => {
  gateway.upstream.script = sse(chatEvents(WORDS, USAGE));
  const response = await gateway.post('/v1/chat/completions', streaming());
  const text = await response.text();
  expect(text).toBe(chatEvents(WORDS, USAGE).filter((event) => !event.includes('"choices":[]')).join(''));
  expect(text).not.toContain('prompt_tokens');
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(JSON.parse(gateway.upstream.seen.at(-1)!.body.toString())).toEqual(streaming({ stream_options: { include_usage: true } }));
  expect(await gateway.call(response)).toMatchObject({ usage_input: 70n, usage_cache_read: 30n, usage_output: 4n, usage_source: 'reported' });
});

test.each(['\n', '\r\n'])('a messages stream arrives byte for byte in seven-byte pieces, pings and comments kept (line end %j)', async (end) => {
  const text = [': welcome\n\n', ...messageEvents(WORDS, START, { output_tokens: 9 })].join('').replaceAll('\n', end);
  gateway.upstream.script = sse(seven(text), 0);
  const response = await gateway.post('/v1/messages', messages({ stream: true }));
  expect(await response.text()).toBe(text);
  expect(await gateway.call(response)).toMatchObject({ stream: true, status: 'completed', served_model: 'served-2', upstream_request_id: 'msg_1', usage_input: 10n, usage_cache_read: 200n, usage_cache_write: 50n, usage_output: 9n, usage_source: 'reported' });
});

test('each event reaches the client when the provider sent it, not later', async () => {
  let next: () => void = () => undefined;
  const told = (): Promise<void> => new Promise((resolve) => { next = resolve; });
  const events = messageEvents(WORDS, START, { output_tokens: 9 });
  gateway.upstream.script = async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    for (const event of [': ping\n', ...events]) { await told(); response.write(event); }
    response.end();
  };
  const answer = await open('/v1/messages', messages({ stream: true }));
  const reader = answer[Symbol.asyncIterator]();
  for (const event of [': ping\n', ...events.slice(0, -1)]) { next(); expect((await reader.next()).value?.toString()).toBe(event); }
  next();
  expect((await reader.next()).value?.toString()).toBe(events.at(-1));
  expect((await reader.next()).done).toBe(true);
});

test('the head of a stream does not wait for the first event', async () => {
  let finish: () => void = () => undefined;
  gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.flushHeaders(); finish = () => { void drip(response, chatEvents(['a'])); }; };
  const answer = await open('/v1/chat/completions', streaming());
  expect(answer.statusCode).toBe(200);
  finish();
  answer.resume();
  await new Promise((resolve) => answer.on('end', resolve));
});

test.each([['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]] as const)('a %s answer although we asked for none is opened, metered and passed plain', async (encoding, compress) => {
  const events = chatEvents(WORDS, USAGE).join('');
  gateway.upstream.script = sse([compress(events)], 0, { 'content-encoding': encoding });
  const response = await gateway.post('/v1/chat/completions', withUsage);
  expect(gateway.upstream.seen.at(-1)!.headers['accept-encoding']).toBe('identity');
  expect(response.headers.get('content-encoding')).toBeNull();
  expect(await response.text()).toBe(events);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', usage_output: 4n, usage_source: 'reported' });
});

test.each([['body', 'application/json', chat()], ['stream', 'text/event-stream', streaming()]] as const)('a %s in an encoding we cannot open, although we offered none, passes as it is, and its usage is estimated', async (_, type, body) => {
  gateway.upstream.script = (_seen, response) => { response.writeHead(200, { 'content-type': type, 'content-encoding': 'zstd' }); response.end(Buffer.from([1, 2, 3])); };
  const answer = await open('/v1/chat/completions', body);
  expect(gateway.upstream.seen.at(-1)!.headers['accept-encoding']).toBe('identity');
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  expect(answer.headers['content-encoding']).toBe('zstd');
  expect(Buffer.concat(chunks)).toEqual(Buffer.from([1, 2, 3]));
  expect((await gateway.story(String(answer.headers['x-request-id']))).call).toMatchObject({ status: 'completed', usage_source: 'estimated' });
});

test('a client that reads slowly slows the provider down, and gets everything', async () => {
  const block = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(8_000) }, finish_reason: null }] })}\n\n`, blocks = 6_000;
  let written = 0;
  gateway.upstream.script = async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (; written < blocks; written++) if (!response.write(block)) await new Promise((resolve) => response.once('drain', resolve));
    response.end('data: [DONE]\n\n');
  };
  const answer = await open('/v1/chat/completions', streaming());
  answer.pause();
  let before = -1;
  while (before !== written) { before = written; await new Promise((resolve) => { setTimeout(resolve, 300); }); }
  // What is under way sits in socket buffers; the rest has not been asked for.
  expect(written).toBeLessThan(blocks / 2);
  let size = 0;
  for await (const chunk of answer) size += (chunk as Buffer).length;
  expect(size).toBe(blocks * block.length + 'data: [DONE]\n\n'.length);
  expect((await gateway.story(String(answer.headers['x-request-id']))).call).toMatchObject({ status: 'completed', response_bytes: BigInt(size) });
});

test('an error event inside a stream reaches the client, and the call is on record as cut', async () => {
  const events = [...messageEvents(WORDS, START, {}).slice(0, 5), 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'];
  // The provider leaves the connection open: the client must not wait for it.
  gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(events.join('')); };
  const response = await gateway.post('/v1/messages', messages({ stream: true }));
  expect(await response.text()).toBe(events.join(''));
  expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated', usage_input: 10n, usage_cache_read: 200n });
});

test('a provider that leaves the connection open after the last event does not hold the client', async () => {
  gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(chatEvents(['a'], USAGE).join('')); };
  const response = await gateway.post('/v1/chat/completions', withUsage);
  expect(await response.text()).toBe(chatEvents(['a'], USAGE).join(''));
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', usage_source: 'reported' });
});
