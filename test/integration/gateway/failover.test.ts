import { addModel, addProvider, change } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, chatEvents, json, startUpstream, type Script, type ScriptedUpstream } from '../../support/upstream.js';

let gateway: TestGateway, first: ScriptedUpstream;
beforeAll(async () => {
  first = await startUpstream(json(chatAnswer()));
  gateway = await startTestGateway(json(chatAnswer()), { env: { HOLDFAST_UPSTREAM_TIMEOUT_SECONDS: '1', HOLDFAST_CIRCUIT_FAILURES: '1000' } });
  await addProvider(gateway.app, { id: 'first', protocol: 'openai', baseUrl: `${first.url}/v1` });
  await addModel(gateway.app, 'two', ['first', 'oai']);
  await gateway.registryInForce();
});
afterAll(async () => { await gateway.close(); await first.close(); });
beforeEach(() => { gateway.upstream.script = json(chatAnswer()); });

const call = async (script: Script, body: object = {}): Promise<Response> => { first.script = script; return gateway.post('/v1/chat/completions', chat({ model: 'two', ...body })); };
const attempts = async (response: Response): Promise<unknown[]> => (await gateway.story(response.headers.get('x-request-id')!)).transfers.map((one) => [one.attempt, one.provider_id, one.outcome?.outcome, one.outcome?.http_status]);

test.each([429, 500, 502, 503, 529])('an answer %i before the first byte goes to the next route, and the client sees that one\'s answer alone', async (status) => {
  const response = await call(json('{"error":{}}', { 'retry-after': '9' }, status));
  expect([response.status, response.headers.get('x-holdfast-provider'), response.headers.get('retry-after'), await response.text()]).toEqual([200, 'oai', null, chatAnswer()]);
  expect(await attempts(response)).toEqual([[1, 'first', 'rejected', status], [2, 'oai', 'answered', 200]]);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', attempts: 2, provider_id: 'oai', usage_source: 'reported' });
});

test.each([
  ['is silent', (() => undefined) as Script, 'timeout'],
  ['breaks off', ((_, response) => { response.destroy(); }) as Script, 'cut'],
])('a provider that %s before its first byte is followed by the next route, for streams too', async (_, script, outcome) => {
  gateway.upstream.script = (__, response) => { response.writeHead(200, { 'content-type': 'text/event-stream' }); response.end(chatEvents(['a'], { prompt_tokens: 1, completion_tokens: 1 }).join('')); };
  const response = await call(script, { stream: true });
  expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
  expect(await attempts(response)).toEqual([[1, 'first', outcome, null], [2, 'oai', 'answered', 200]]);
});

test.each([['400', json('{"first":1}', {}, 400)], ['a 500 that says x-should-retry: false', json('{"first":1}', { 'x-should-retry': 'false' }, 500)]])('%s is the call\'s own and reaches the client untouched', async (_, script) => {
  const response = await call(script);
  expect(await response.text()).toBe('{"first":1}');
  expect((await attempts(response)).length).toBe(1);
});

test('the last route\'s own answer reaches the client untouched, whatever the first said', async () => {
  gateway.upstream.script = json('{"last":1}', { 'retry-after': '3' }, 503);
  const response = await call(json('{"first":1}', {}, 429));
  expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([503, '3', '{"last":1}']);
  expect(await attempts(response)).toEqual([[1, 'first', 'rejected', 429], [2, 'oai', 'rejected', 503]]);
  expect(await gateway.call(response)).toMatchObject({ status: 'failed', attempts: 2, cost_micros: 0n });
});

test('after the first byte of an answer no other route is tried', async () => {
  const before = gateway.upstream.seen.length;
  const response = await call((_, answer) => { answer.writeHead(200, { 'content-type': 'text/event-stream' }); answer.write(chatEvents(['a'])[0]); setTimeout(() => { answer.destroy(); }, 20); }, { stream: true });
  await expect(response.text()).rejects.toThrow();
  expect([gateway.upstream.seen.length, (await attempts(response)).length, (await gateway.call(response)).status]).toEqual([before, 1, 'cut']);
});

test('only a route the rules allow is tried: another protocol\'s is not, nor one suspended while the first attempt ran', async () => {
  const before = gateway.upstream.seen.length;
  const response = await call(async (_, answer) => {
    await change(gateway.app, `UPDATE providers SET status = 'suspended' WHERE provider_id = 'oai'`);
    await gateway.registryInForce();
    answer.writeHead(429, { 'content-type': 'application/json' });
    answer.end('{"first":1}');
  });
  expect([response.status, gateway.upstream.seen.length, (await response.json() as { error: { code: string } }).error.code]).toEqual([502, before, 'upstream_unreachable']);
  expect(await gateway.call(response)).toMatchObject({ status: 'failed', http_status: 502, attempts: 1 });
  await change(gateway.app, `UPDATE providers SET status = 'active' WHERE provider_id = 'oai'`);
  await gateway.registryInForce();
  const other = await gateway.post('/v1/messages', messages({ model: 'two' }));
  expect((await other.json() as { error: { code: string } }).error.code).toBe('protocol_unavailable');
});

test('a suspended provider is named, and nothing is said of those of the other protocol', async () => {
  await change(gateway.app, `UPDATE providers SET status = 'suspended' WHERE provider_id = 'ant'`);
  await gateway.registryInForce();
  const response = await gateway.post('/v1/messages', messages());
  const { error } = await response.json() as { error: { code: string; message: string } };
  expect([error.code, error.message]).toEqual(['provider_suspended', expect.stringMatching(/^Provider ant is suspended .* no other route may take "mock-claude" on this path/)]);
  expect((await gateway.post('/v1/chat/completions', chat())).status).toBe(200);
  expect(await gateway.call(response)).toMatchObject({ status: 'refused', refusal_code: 'provider_suspended' });
  await change(gateway.app, `UPDATE providers SET status = 'active' WHERE provider_id = 'ant'`);
  await gateway.registryInForce();
});

test('a call that is too old is handed to nobody else', async () => {
  const old = await startTestGateway(json(chatAnswer()), { env: { HOLDFAST_FAILOVER_SECONDS: '1' } });
  try {
    await addProvider(old.app, { id: 'first', protocol: 'openai', baseUrl: `${first.url}/v1` });
    await addModel(old.app, 'two', ['first', 'oai']);
    await old.registryInForce();
    first.script = (_, answer) => { setTimeout(() => { answer.writeHead(503, { 'content-type': 'application/json' }); answer.end('{"first":1}'); }, 1_100); };
    const response = await old.post('/v1/chat/completions', chat({ model: 'two' }));
    expect([response.status, await response.text(), old.upstream.seen.length]).toEqual([503, '{"first":1}', 0]);
  } finally { await old.close(); }
});

test('a route that keeps failing is passed over without an attempt, and comes back by itself', async () => {
  const quick = await startTestGateway(json(chatAnswer()), { env: { HOLDFAST_CIRCUIT_FAILURES: '2', HOLDFAST_CIRCUIT_SECONDS: '1' } });
  try {
    await addProvider(quick.app, { id: 'first', protocol: 'openai', baseUrl: `${first.url}/v1` });
    await addModel(quick.app, 'two', ['first', 'oai']);
    await quick.registryInForce();
    first.script = json('{}', {}, 503);
    const used = async (): Promise<string | null> => { const response = await quick.post('/v1/chat/completions', chat({ model: 'two' })); await response.text(); return response.headers.get('x-holdfast-provider'); };
    await used();
    await used();
    expect(await (await fetch(`${quick.url}/metrics`)).text()).toContain('holdfast_circuits_open 1');
    first.script = json(chatAnswer());
    for (let i = 0; i < 500 && await used() !== 'first'; i++) await new Promise((done) => { setTimeout(done, 20); });
    expect(await used()).toBe('first');
    expect(await (await fetch(`${quick.url}/metrics`)).text()).toContain('holdfast_circuit_changes_total{provider="first",state="closed"} 1');
  } finally { await quick.close(); }
});
