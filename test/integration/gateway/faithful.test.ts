import { request as httpRequest, type IncomingMessage } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, chatEvents, json, messageEvents, responseAnswer, type Script } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

const COMPRESS = [['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]] as const;
/** Sends and reads by hand: fetch would open what is compressed and hide what it does not know. */
function send(path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<{ answer: IncomingMessage; bytes: Buffer; id: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(gateway.url + path, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => { resolve({ answer, bytes: Buffer.concat(chunks), id: String(answer.headers['x-request-id']) }); }).on('error', reject);
    }).on('error', reject).end(body);
  });
}
const answerWith = (bytes: Buffer, headers: Record<string, string>): Script => (_, response) => { response.writeHead(200, { 'content-length': bytes.length, ...headers }); response.end(bytes); };

describe.each(COMPRESS)('a body in %s although we asked for none', (encoding, compress) => {
  test.each([
    ['/v1/chat/completions', JSON.stringify(chat()), chatAnswer({ prompt_tokens: 100, completion_tokens: 7 }, 'Grüße 😀'), { usage_input: 100n, usage_output: 7n }],
    ['/v1/responses', '{"model":"mock-r","input":"x"}', responseAnswer({ input_tokens: 100, output_tokens: 7 }), { usage_input: 100n, usage_output: 7n }],
    ['/v1/messages', JSON.stringify(messages()), '{"id":"msg_1","usage":{"input_tokens":100,"output_tokens":7},"content":[]}', { usage_input: 100n, usage_output: 7n }],
    ['/v1/embeddings', '{"model":"mock-e","input":"x"}', '{"data":[],"usage":{"prompt_tokens":100}}', { usage_input: 100n }],
  ])('of %s passes as it came, once encoded, and is metered by an opened copy', async (path, body, plain, usage) => {
    const bytes = compress(plain);
    gateway.upstream.script = answerWith(bytes, { 'content-type': 'application/json', 'content-encoding': encoding });
    const got = await send(path, body, { 'accept-encoding': 'gzip, br' });
    expect(gateway.upstream.seen.at(-1)!.headers['accept-encoding']).toBe('identity');
    expect([got.answer.headers['content-encoding'], got.answer.headers['content-length'], got.bytes.equals(bytes)]).toEqual([encoding, String(bytes.length), true]);
    expect((await gateway.story(got.id)).call).toMatchObject({ status: 'completed', usage_source: 'reported', ...usage });
  });
});

test('a body that opens into more than we read, or not at all, passes as it came and is estimated', async () => {
  for (const bytes of [gzipSync(Buffer.alloc(100 * 1_048_576, ' ')), Buffer.from('not gzip')]) {
    gateway.upstream.script = answerWith(bytes, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const got = await send('/v1/chat/completions', JSON.stringify(chat()));
    expect(got.bytes.equals(bytes)).toBe(true);
    expect((await gateway.story(got.id)).call).toMatchObject({ status: 'completed', usage_source: 'estimated' });
  }
});

test.each(COMPRESS)('a request compressed as %s is opened, judged by its model and passed on plain', async (encoding, compress) => {
  gateway.upstream.script = json(chatAnswer());
  const plain = JSON.stringify(chat()), got = await send('/v1/chat/completions', compress(plain), { 'content-encoding': encoding });
  expect(got.answer.statusCode).toBe(200);
  expect(gateway.upstream.seen.at(-1)).toMatchObject({ headers: { 'content-length': String(plain.length) } });
  expect([gateway.upstream.seen.at(-1)!.body.toString(), gateway.upstream.seen.at(-1)!.headers['content-encoding']]).toEqual([plain, undefined]);
  const before = gateway.upstream.seen.length, bomb = await send('/v1/messages', compress(Buffer.alloc(33 * 1_048_576, ' ')), { 'content-encoding': encoding });
  expect([bomb.answer.statusCode, JSON.parse(bomb.bytes.toString())]).toEqual([413, expect.objectContaining({ type: 'error' })]);
  expect(gateway.upstream.seen.length).toBe(before);
});

test('a chat stream of comments, pings, unknown events and every line end arrives byte for byte, in pieces of one to seven bytes', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = [': OPENROUTER PROCESSING\n\n', 'event: ping\ndata: {}\n\n', ...chatEvents(['Grüße ', '😀', '你好'], { prompt_tokens: 5, completion_tokens: 3 }).flatMap((event) => [event, ': still here\n']), '\n'].join('').replaceAll('\n', end), bytes = Buffer.from(text);
    gateway.upstream.script = async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 7) + 1) { response.write(bytes.subarray(at, at + size)); await new Promise(setImmediate); }
      response.end();
    };
    const got = await send('/v1/chat/completions', JSON.stringify(chat({ stream: true, stream_options: { include_usage: true } })));
    expect(got.bytes.equals(bytes)).toBe(true);
    expect((await gateway.story(got.id)).call).toMatchObject({ status: 'completed', usage_input: 5n, usage_output: 3n, usage_source: 'reported' });
  }
});

test.each(['2023-06-01', '2026-10-21', '2031-12-31'])('anthropic-version %s, betas, unknown fields, headers and queries go on untouched, and the provider\'s own headers come back', async (version) => {
  const back = { 'anthropic-organization-id': 'org-1', 'anthropic-ratelimit-tokens-remaining': '7', 'openai-processing-ms': '12', 'x-ratelimit-remaining-requests': '9', 'x-should-retry': 'false', 'cf-ray': 'abc', 'x-new-header': 'kept' };
  gateway.upstream.script = json('{"id":"msg_1","usage":{"input_tokens":1,"output_tokens":1},"content":[]}', { 'request-id': 'req_up_1', ...back });
  const body = '{"model":"mock-c","max_tokens":5,\n"context_management":{"edits":[]},"messages":[{"role":"system","content":"x"}],"metadata":{"user_id":"{\\"a\\":1}"},"future":[1.50,1e2]}';
  const betas = 'claude-code-20250219,interleaved-thinking-2025-05-14,future-beta-2030-01-01';
  const got = await send('/v1/messages?beta=true&x=%20%2F', body, { 'anthropic-version': version, 'anthropic-beta': betas, 'x-claude-code-session-id': 'session-7', 'anthropic-dangerous-direct-browser-access': 'true', 'x-stainless-retry-count': '1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
  const seen = gateway.upstream.seen.at(-1)!;
  expect([seen.url, seen.body.toString()]).toEqual(['/v1/messages?beta=true&x=%20%2F', body]);
  expect(seen.headers).toMatchObject({ 'anthropic-version': version, 'anthropic-beta': betas, 'x-claude-code-session-id': 'session-7', 'x-stainless-retry-count': '1', 'anthropic-dangerous-direct-browser-access': 'true' });
  expect(got.answer.headers).toMatchObject(back);
  expect((await gateway.story(got.id)).call).toMatchObject({ session_id: 'session-7', upstream_request_id: 'req_up_1', answer_id: 'msg_1' });
});

test('an error of the provider keeps its body, its status, its retry and limit headers, on every protocol', async () => {
  const headers = { 'retry-after': '7', 'retry-after-ms': '6500', 'x-should-retry': 'true', 'anthropic-ratelimit-requests-remaining': '0', 'x-ratelimit-reset-requests': '1m' };
  for (const [path, ask] of [['/v1/chat/completions', chat({ stream: true })], ['/v1/responses', { model: 'mock-r', input: 'x', stream: true }], ['/v1/messages', messages({ stream: true })], ['/v1/embeddings', { model: 'mock-e', input: 'x' }], ['/v1/images/generations', { model: 'mock-i', prompt: 'x' }],
    ['/v1/messages/count_tokens', messages()]] as const) {
    const body = Buffer.from('{"type":"error", "error":{"type":"overloaded_error","message":"ü"},\n"request_id":"req_theirs"}');
    gateway.upstream.script = (_, response) => { response.writeHead(529, { 'content-type': 'application/json', 'content-length': body.length, ...headers }); response.end(body); };
    const got = await send(path, JSON.stringify(ask));
    expect([got.answer.statusCode, got.bytes.equals(body)]).toEqual([529, true]);
    expect(got.answer.headers).toMatchObject(headers);
    expect((await gateway.story(got.id)).call).toMatchObject({ status: 'failed', http_status: 529, usage_source: 'none', cost_micros: 0n });
  }
});

test('a pause of the provider in the middle of a stream changes nothing: what came before it is there during the pause', async () => {
  let go: () => void = () => undefined;
  const paused = new Promise<void>((resolve) => { go = resolve; }), events = messageEvents(['one', 'two'], { input_tokens: 1, output_tokens: 1 }, { output_tokens: 2 });
  gateway.upstream.script = async (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(events.slice(0, 4).join('')); await paused; response.end(events.slice(4).join('')); };
  const response = await gateway.post('/v1/messages', messages({ stream: true })), reader = response.body!.getReader();
  let text = '';
  while (text !== events.slice(0, 4).join('')) text += Buffer.from((await reader.read()).value!).toString();
  go();
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += Buffer.from(next.value).toString();
  expect(text).toBe(events.join(''));
});
