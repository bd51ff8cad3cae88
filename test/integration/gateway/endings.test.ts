import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { addModel, addProvider } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, chatEvents, json, messageEvents } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(undefined, { env: { HOLDFAST_UPSTREAM_TIMEOUT_SECONDS: '2' } }); });
afterAll(async () => { await gateway.close(); });

const START = { input_tokens: 10, cache_read_input_tokens: 200, output_tokens: 1 };
const outcomes = async (id: string): Promise<unknown[]> => (await gateway.story(id)).transfers.map(({ provider_id, outcome }) => [provider_id, outcome?.outcome]);
const later = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
async function until(condition: () => boolean): Promise<void> { for (let i = 0; i < 2_000 && !condition(); i++) await later(10); expect(condition()).toBe(true); }
/** An address where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a provider that answers with an error', () => {
  test.each([
    [429, '{"error":{"message":"slow down","type":"rate_limit_error","code":null}}', { 'retry-after': '7', 'retry-after-ms': '6500', 'x-should-retry': 'true' }],
    [400, '{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"},"request_id":"req_up"}', {}],
    [500, 'not even json', {}],
  ])('%i: body and retry headers reach the client byte for byte, and nothing is billed', async (status, body, headers) => {
    gateway.upstream.script = json(body, { 'x-request-id': 'up-err', ...headers }, status);
    const response = await gateway.post('/v1/chat/completions', chat());
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(await gateway.call(response)).toMatchObject({ status: 'failed', http_status: status, upstream_request_id: 'up-err', usage_source: 'none', usage_input: 0n, cost_micros: 0n });
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([['oai', 'rejected']]);
  });

  test('a redirect is not followed and not passed on', async () => {
    gateway.upstream.script = json('', { location: 'http://elsewhere.test/' }, 307);
    const response = await gateway.post('/v1/chat/completions', chat(), {});
    expect([response.status, response.headers.get('location')]).toEqual([502, null]);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_unreachable' } });
    expect(await gateway.call(response)).toMatchObject({ status: 'failed', http_status: 502 });
  });
});

describe('a provider that breaks off', () => {
  const cut = (pieces: readonly string[], type: string) => async (_: unknown, response: import('node:http').ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': type });
    for (const piece of pieces) { response.write(piece); await later(5); }
    response.destroy();
  };
  test.each([
    ['/v1/chat/completions', chat({ stream: true }), chatEvents(['x'.repeat(40), 'y']).slice(0, 2), { usage_output: 10n }],
    ['/v1/messages', messages({ stream: true }), messageEvents(['x'.repeat(40), 'y'], START, {}).slice(0, 4), { usage_input: 10n, usage_cache_read: 200n, usage_output: 10n }],
  ])('inside a stream of %s: the client\'s connection breaks too, and what went by is billed as an estimate', async (path, body, events, usage) => {
    gateway.upstream.script = cut(events, 'text/event-stream');
    const response = await gateway.post(path, body);
    let text = '';
    await expect((async () => { for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString(); })()).rejects.toThrow();
    expect(text).toBe(events.join(''));
    expect(await gateway.call(response)).toMatchObject({ status: 'cut', http_status: 200, usage_source: 'estimated', ...usage });
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([[path.includes('chat') ? 'oai' : 'ant', 'cut']]);
  });

  test('a stream that just ends without its last event counts as cut, never as a clean end', async () => {
    for (const [path, body, events] of [['/v1/chat/completions', chat({ stream: true }), chatEvents(['a']).slice(0, 2)], ['/v1/messages', messages({ stream: true }), messageEvents(['a'], START, { output_tokens: 2 }).slice(0, -1)]] as const) {
      gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(events.join('')); };
      const response = await gateway.post(path, body);
      await expect(response.text()).rejects.toThrow();
      expect((await gateway.call(response)).status).toBe('cut');
    }
  });

  test('a chat stream with a finish reason but without [DONE] is whole: some providers never send it', async () => {
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(chatEvents(['a']).slice(0, -1).join('')); };
    const response = await gateway.post('/v1/chat/completions', chat({ stream: true }));
    expect(await response.text()).toBe(chatEvents(['a']).slice(0, -1).join(''));
    expect((await gateway.call(response)).status).toBe('completed');
  });

  test('inside a body of which nothing was passed on: the client gets a 502 in its dialect', async () => {
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 }); response.write('{"id":'); setTimeout(() => { response.destroy(); }, 20); };
    const response = await gateway.post('/v1/messages', messages());
    expect([response.status, response.headers.get('x-holdfast-provider')]).toEqual([502, 'ant']);
    expect(await response.json()).toMatchObject({ type: 'error', error: { code: 'upstream_unreachable', message: expect.stringContaining('Provider ant') } });
    expect(await gateway.call(response)).toMatchObject({ status: 'cut', http_status: 502, usage_source: 'estimated' });
  });

  test('before any answer: 502, nothing billed', async () => {
    gateway.upstream.script = (_, response) => { response.destroy(); };
    const response = await gateway.post('/v1/chat/completions', chat());
    expect(response.status).toBe(502);
    expect(await gateway.call(response)).toMatchObject({ status: 'failed', usage_source: 'none', cost_micros: 0n });
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([['oai', 'cut']]);
  });
});

describe('a provider that is silent', () => {
  test('before any answer: 504 after the silence limit', async () => {
    gateway.upstream.script = () => undefined;
    const response = await gateway.post('/v1/chat/completions', chat());
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
    expect(await gateway.call(response)).toMatchObject({ status: 'failed', http_status: 504 });
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([['oai', 'timeout']]);
  });
  test('inside a stream: cut after the silence limit', async () => {
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(chatEvents(['a'])[0]); };
    const response = await gateway.post('/v1/chat/completions', chat({ stream: true }));
    await expect(response.text()).rejects.toThrow();
    expect((await gateway.call(response)).status).toBe('cut');
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([['oai', 'timeout']]);
  });
});

describe('a client that leaves', () => {
  test('inside a stream: the provider is broken off at once, and what went by is billed as an estimate', async () => {
    const events = messageEvents(['x'.repeat(40)], START, {});
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); for (const event of events.slice(0, 4)) response.write(event); };
    const before = gateway.upstream.abandoned, abort = new AbortController();
    const response = await gateway.post('/v1/messages', messages({ stream: true }), { signal: abort.signal });
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('xxxx')) text += Buffer.from((await reader.read()).value!).toString();
    abort.abort();
    await until(() => gateway.upstream.abandoned === before + 1);
    expect(await gateway.call(response)).toMatchObject({ status: 'aborted', http_status: 499, usage_source: 'estimated', usage_input: 10n, usage_cache_read: 200n, usage_output: 10n });
    expect(await outcomes(response.headers.get('x-request-id')!)).toEqual([['ant', 'aborted']]);
  });
  test('before any answer: the input is billed as an estimate', async () => {
    gateway.upstream.script = () => undefined;
    const before = gateway.upstream.abandoned, seen = gateway.upstream.seen.length, abort = new AbortController();
    const gone = gateway.post('/v1/chat/completions', chat({ messages: [{ role: 'user', content: 'x'.repeat(400) }] }), { signal: abort.signal, headers: { 'x-client-request-id': 'left-early' } });
    await until(() => gateway.upstream.seen.length === seen + 1);
    abort.abort();
    await expect(gone).rejects.toThrow();
    await until(() => gateway.upstream.abandoned === before + 1);
    const { call } = await gateway.story('left-early');
    expect(call).toMatchObject({ status: 'aborted', usage_source: 'estimated', usage_output: 0n });
    expect(call.usage_input).toBeGreaterThanOrEqual(100n);
  });
});

test('a client that stops reading counts as gone after the silence limit', async () => {
  const block = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(8_000) }, finish_reason: null }] })}\n\n`;
  gateway.upstream.script = async (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const closed = new Promise<void>((resolve) => { response.once('close', () => { resolve(); }); });
    while (!response.destroyed) if (!response.write(block)) await Promise.race([closed, new Promise<void>((resolve) => { response.once('drain', () => { resolve(); }); })]);
  };
  const id = await new Promise<string>((resolve, reject) => {
    const text = JSON.stringify(chat({ stream: true }));
    httpRequest(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${gateway.acme}`, 'content-length': Buffer.byteLength(text) } }, (answer) => {
      answer.on('error', () => undefined).pause();
      resolve(String(answer.headers['x-request-id']));
    }).on('error', reject).end(text);
  });
  let call: { status: string } | undefined;
  for (let i = 0; i < 200 && !call; i++) { call = (await gateway.app.gateway.findCall(id))?.call; await later(50); }
  expect(call).toMatchObject({ status: 'aborted', usage_source: 'estimated' });
});

describe('failover', () => {
  test('when no connection can be made the next allowed route is tried, each attempt its own transfer', async () => {
    gateway.upstream.script = json(chatAnswer());
    await addProvider(gateway.app, { id: 'dead', protocol: 'openai', baseUrl: await deadUrl() });
    await addModel(gateway.app, 'failover', ['dead', ['oai', 'other-name']]);
    await gateway.registryInForce();
    const response = await gateway.post('/v1/chat/completions', chat({ model: 'failover' }));
    expect([response.status, response.headers.get('x-holdfast-provider')]).toEqual([200, 'oai']);
    expect(JSON.parse(gateway.upstream.seen.at(-1)!.body.toString())).toEqual(chat({ model: 'other-name' }));
    const { call, transfers } = await gateway.story(response.headers.get('x-request-id')!);
    expect(call).toMatchObject({ status: 'completed', attempts: 2, provider_id: 'oai', model: 'failover' });
    expect(transfers.map((one) => [one.attempt, one.provider_id, one.upstream_model, one.outcome?.outcome])).toEqual([[1, 'dead', 'failover', 'unreachable'], [2, 'oai', 'other-name', 'answered']]);
  });
  test('when the last cannot be reached either: 502 and a failed call', async () => {
    await addModel(gateway.app, 'dead-end', ['dead']);
    await gateway.registryInForce();
    const response = await gateway.post('/v1/chat/completions', chat({ model: 'dead-end' }));
    expect(response.status).toBe(502);
    expect(await gateway.call(response)).toMatchObject({ status: 'failed', attempts: 1, provider_id: 'dead', cost_micros: 0n });
  });
});
