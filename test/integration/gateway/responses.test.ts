import { startGateway } from '../../../src/entrypoints/http/gateway-server.js';
import { change } from '../../support/gateway-registry.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { json, responseAnswer, responseEvents, sse } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

const USAGE = { input_tokens: 100, input_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 5 }, total_tokens: 120 };
const BUCKETS = { usage_input: 60n, usage_cache_read: 30n, usage_cache_write: 10n, usage_output: 20n, usage_reasoning: 5n, usage_source: 'reported' };
const WORDS = ['Grüße ', '😀 ', '你好', '!'];
const ask = (more: object = {}): object => ({ model: 'mock-r', input: 'Say hi', ...more });
const get = (path: string, key = gateway.acme, method = 'GET'): Promise<Response> => fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${key}` } });
const seven = (text: string): Buffer[] => { const bytes = Buffer.from(text), out: Buffer[] = []; for (let i = 0; i < bytes.length; i += 7) out.push(bytes.subarray(i, i + 7)); return out; };

test('an answer arrives byte for byte, with its buckets, its id and its cost on record', async () => {
  const answer = responseAnswer(USAGE);
  gateway.upstream.script = json(answer, { 'x-request-id': 'up-r1' });
  const response = await gateway.post('/v1/responses?x=1', ask({ reasoning: { effort: 'low' } }), { headers: { 'session-id': 'codex-session-1', 'openai-beta': 'responses=v1' } });
  expect(await response.text()).toBe(answer);
  expect(gateway.upstream.seen.at(-1)).toMatchObject({ url: '/v1/responses?x=1', headers: { 'openai-beta': 'responses=v1', 'session-id': 'codex-session-1' } });
  expect(JSON.parse(gateway.upstream.seen.at(-1)!.body.toString())).toEqual(ask({ reasoning: { effort: 'low' } }));
  expect(await gateway.call(response)).toMatchObject({ ...BUCKETS, protocol: 'openai', status: 'completed', served_model: 'served-3', upstream_request_id: 'up-r1', answer_id: 'resp_1', session_id: 'codex-session-1',
    cost_micros: 120n + 6n + 25n + 160n });
});

test.each([['completed', '\n', ''], ['incomplete', '\r\n', ''], ['completed', '\n', 'data: [DONE]\n\n']] as const)('a stream that is %s (line end %j, then %j) arrives byte for byte in seven-byte pieces, exact on record', async (end, newline, more) => {
  const text = [': welcome\n\n', ...responseEvents(WORDS, USAGE, end), more].join('').replaceAll('\n', newline);
  gateway.upstream.script = sse(seven(text), 0);
  const response = await gateway.post('/v1/responses', ask({ stream: true }));
  expect(await response.text()).toBe(text);
  expect(await gateway.call(response)).toMatchObject({ ...BUCKETS, stream: true, status: 'completed', answer_id: 'resp_1', served_model: 'served-3' });
});

test('a stream that failed ends with its event, on record as cut, with the usage the provider gave or an estimate', async () => {
  for (const [usage, expected] of [[USAGE, BUCKETS], [null, { usage_source: 'estimated', usage_cache_read: 0n, usage_output: BigInt(Math.ceil(Buffer.byteLength(WORDS.join('')) / 4)) }]] as const) {
    const events = responseEvents(WORDS, usage, 'failed');
    gateway.upstream.script = sse(events);
    const response = await gateway.post('/v1/responses', ask({ stream: true }));
    expect(await response.text()).toBe(events.join(''));
    expect(await gateway.call(response)).toMatchObject({ status: 'cut', ...expected });
  }
});

test.each([['flat', { code: 'server_error', message: 'broken', param: null }], ['nested', { error: { code: 'server_error', message: 'broken' } }]])('an error event in the %s shape reaches the client and ends the call as cut', async (_, shape) => {
  const events = [...responseEvents(WORDS, USAGE).slice(0, 6), `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 6, ...shape })}\n\n`];
  gateway.upstream.script = (_seen, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(events.join('')); };
  const response = await gateway.post('/v1/responses', ask({ stream: true }));
  expect(await response.text()).toBe(events.join(''));
  expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
});

test('a stream without its last event never ends cleanly, whether the provider broke off or just ended', async () => {
  for (const clean of [true, false]) {
    const events = responseEvents(WORDS, USAGE).slice(0, -1);
    gateway.upstream.script = (_, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.write(events.join(''), () => { if (clean) response.end(); else response.destroy(); }); };
    const response = await gateway.post('/v1/responses', ask({ stream: true }));
    await expect(response.text()).rejects.toThrow();
    expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
  }
});

test('a last event of several megabytes, as pictures make it, is read all the same', async () => {
  const events = responseEvents(WORDS, USAGE), last = events.at(-1)!.replace('"output":[', `"output":[{"type":"image_generation_call","id":"ig_1","status":"completed","result":"${'A'.repeat(5_000_000)}"},`);
  gateway.upstream.script = sse([...events.slice(0, -1), last], 0);
  const response = await gateway.post('/v1/responses', ask({ stream: true }));
  expect(await response.text() === [...events.slice(0, -1), last].join('')).toBe(true);
  expect(await gateway.call(response)).toMatchObject({ ...BUCKETS, status: 'completed' });
});

test('a compaction is metered like a response; a token count is recorded and costs nothing', async () => {
  gateway.upstream.script = json(JSON.stringify({ id: 'resp_c', object: 'response.compaction', output: [], usage: USAGE }));
  expect(await gateway.call(await gateway.post('/v1/responses/compact', ask()))).toMatchObject({ ...BUCKETS, status: 'completed' });
  gateway.upstream.script = json('{"object":"response.input_tokens","input_tokens":12}');
  const counted = await gateway.post('/v1/responses/input_tokens', ask());
  expect(await counted.json()).toMatchObject({ input_tokens: 12 });
  expect(await gateway.call(counted)).toMatchObject({ usage_source: 'none', usage_input: 0n, cost_micros: 0n });
});

describe('a response the provider keeps', () => {
  test('is fetched, listed into, cancelled and deleted by its own account alone, at the provider that has it, and not billed again', async () => {
    gateway.upstream.script = json(responseAnswer(USAGE, 'Hi', { id: 'resp_kept' }));
    await (await gateway.post('/v1/responses', ask())).text();
    for (const [method, path] of [['GET', '/v1/responses/resp_kept?include=x'], ['GET', '/v1/responses/resp_kept/input_items'], ['POST', '/v1/responses/resp_kept/cancel'], ['DELETE', '/v1/responses/resp_kept']] as const) {
      const response = await get(path, gateway.acme, method);
      expect([path, response.status]).toEqual([path, 200]);
      await response.text();
      expect(gateway.upstream.seen.at(-1)).toMatchObject({ method, url: path });
      expect(await gateway.call(response)).toMatchObject({ method, path: path.split('?')[0], usage_source: 'counted', usage_input: 0n, cost_micros: 0n, provider_id: 'oai', status: 'completed', model: null });
      expect((await gateway.story(response.headers.get('x-request-id')!)).transfers).toEqual([expect.objectContaining({ provider_id: 'oai', model: '', data_categories: ['request_headers'], path: path.split('?')[0], outcome: expect.objectContaining({ outcome: 'answered' }) })]);
    }
    const before = gateway.upstream.seen.length, stranger = await get('/v1/responses/resp_kept', gateway.kuhn);
    expect([stranger.status, await stranger.json()]).toEqual([404, { error: expect.objectContaining({ code: 'not_found' }) }]);
    expect(gateway.upstream.seen.length).toBe(before);
    expect(await gateway.call(stranger)).toMatchObject({ refusal_code: 'not_found', account_id: 'kuhn' });
  });

  test('that was made in the background is billed once, by the first answer that tells its usage', async () => {
    gateway.upstream.script = json(responseAnswer(null, '', { id: 'resp_back', status: 'queued', output: [] }));
    expect(await gateway.call(await gateway.post('/v1/responses', ask({ background: true })))).toMatchObject({ usage_source: 'none', cost_micros: 0n });
    expect(await gateway.call(await get('/v1/responses/resp_back'))).toMatchObject({ usage_source: 'none', cost_micros: 0n });
    gateway.upstream.script = json(responseAnswer(USAGE, 'Hi', { id: 'resp_back' }));
    expect(await gateway.call(await get('/v1/responses/resp_back'))).toMatchObject({ ...BUCKETS, model: 'mock-r', cost_micros: 311n });
    expect(await gateway.call(await get('/v1/responses/resp_back'))).toMatchObject({ usage_source: 'counted', cost_micros: 0n });
  });

  test('that is fetched by several at once, over two gateways, is billed once; the others say that it is counted', async () => {
    const second = await startGateway(gateway.app);
    gateway.upstream.script = json(responseAnswer(null, '', { id: 'resp_race', status: 'queued', output: [] }));
    await gateway.call(await gateway.post('/v1/responses', ask({ background: true })));
    let arrived = 0, go!: () => void;
    const all = new Promise<void>((resolve) => { go = resolve; }), done = json(responseAnswer(USAGE, 'Hi', { id: 'resp_race' }));
    gateway.upstream.script = async (seen, response, request) => { if (++arrived === 6) go(); await all; await done(seen, response, request); };
    const polls = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => fetch(`${n % 2 === 0 ? gateway.url : second.url}/v1/responses/resp_race`, { headers: { authorization: `Bearer ${gateway.acme}` } })));
    const calls = await Promise.all(polls.map((response) => gateway.call(response)));
    expect(calls.map((one) => one.usage_source).sort()).toEqual(['counted', 'counted', 'counted', 'counted', 'counted', 'reported']);
    expect(calls.reduce((sum, one) => sum + one.cost_micros, 0n)).toBe(311n);
    await second.close();
  });

  test('that a gateway claimed and died before its record is charged with the next call', async () => {
    gateway.upstream.script = json(responseAnswer(null, '', { id: 'resp_died', status: 'queued', output: [] }));
    await gateway.call(await gateway.post('/v1/responses', ask({ background: true })));
    gateway.upstream.script = json(responseAnswer(USAGE, 'Hi', { id: 'resp_died' }));
    const claim = async (epoch: string): Promise<void> => { await change(gateway.app, `DELETE FROM counted_answers`); await change(gateway.app, `INSERT INTO counted_answers SELECT 'resp_died', gen_random_uuid(), (${epoch}), now()`); };
    await claim('SELECT epoch_id FROM gateway_epochs WHERE closed_at IS NULL LIMIT 1');
    expect(await gateway.call(await get('/v1/responses/resp_died'))).toMatchObject({ usage_source: 'counted', cost_micros: 0n });
    await claim('SELECT epoch_id FROM gateway_epochs WHERE closed_at IS NOT NULL LIMIT 1');
    expect(await gateway.call(await get('/v1/responses/resp_died'))).toMatchObject({ usage_source: 'reported', cost_micros: 311n });
  });
});
