// A call that could not be charged does not leave, and a limit costs nothing where there is none.
import { createServer, type Socket } from 'node:net';
import { NO_LIMITS, type UsageLimits } from '../../../src/domain/billing/index.js';
import { addAccount, addKey, addModel, addPrice, change } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { registryOf } from '../../support/registry.js';
import { chatAnswer, json } from '../../support/upstream.js';

let gateway: TestGateway;
const connections: Socket[] = [];
/** Takes connections and says nothing: a Redis that hangs. */
const silent = createServer((socket) => { connections.push(socket); socket.on('error', () => undefined); });
beforeAll(async () => {
  await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
  const { port } = silent.address() as { port: number };
  gateway = await startTestGateway((_, response) => { response.writeHead(200, { 'content-type': 'application/json' }); response.end(chatAnswer()); }, { env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
  await addModel(gateway.app, 'free-*', ['oai', 'ant']);
});
afterAll(async () => { await gateway.close(); for (const socket of connections) socket.destroy(); silent.close(); });
const { run } = registryOf(() => ({ app: gateway.app }) as never);

const unpriced = async (calls: 'refuse' | 'allow'): Promise<void> => { await change(gateway.app, 'UPDATE operator_profile SET unpriced_calls = $1', [calls]); await gateway.registryInForce(); };
const metrics = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();
async function limited(limits: Partial<UsageLimits>): Promise<string> {
  const account = `limited-${Math.random().toString(36).slice(2)}`;
  await addAccount(gateway.app, { id: account, jurisdiction: 'US' });
  await run((tx) => gateway.app.billing.setLimits(tx, 'account', account, { ...NO_LIMITS, ...limits }));
  const key = await addKey(gateway.app, account);
  await gateway.registryInForce();
  return key;
}

test('a charge that cannot be worked out costs neither the record nor the call: what was used is on record, unpriced, and operators are told', async () => {
  await unpriced('allow');
  await addPrice(gateway.app, { model: 'dear-*', provider: 'oai', input: 9_000_000_000_000_000, cacheRead: 0, cacheWrite: 0, output: 0 });
  await addModel(gateway.app, 'dear-*', ['oai']);
  await gateway.registryInForce();
  const usual = gateway.upstream.script;
  gateway.upstream.script = json(chatAnswer({ prompt_tokens: 9_007_199_254_740_991, completion_tokens: 2 }));
  const response = await gateway.post('/v1/chat/completions', chat({ model: 'dear-a' }));
  gateway.upstream.script = usual;
  expect([response.status, await response.text()]).toEqual([200, chatAnswer({ prompt_tokens: 9_007_199_254_740_991, completion_tokens: 2 })]);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', usage_input: 9_007_199_254_740_991n, usage_output: 2n, usage_source: 'reported', cost_micros: 0n, price_id: null, currency: null });
  const { rows } = await gateway.app.database.reader.query("SELECT severity, detail FROM security_events WHERE kind = 'call.not_charged'");
  expect(rows).toEqual([{ severity: 'high', detail: { request_id: response.headers.get('x-request-id'), price_id: expect.any(String), cause: 'the charge is larger than a record holds' } }]);
});

test('a price that is gone from the registry while a call is under way is the one it is charged by', async () => {
  await unpriced('refuse');
  await addPrice(gateway.app, { model: 'fleeting', provider: 'oai', input: 2_000_000, cacheRead: 0, cacheWrite: 0, output: 8_000_000 });
  await addModel(gateway.app, 'fleeting', ['oai']);
  await gateway.registryInForce();
  const usual = gateway.upstream.script;
  gateway.upstream.script = async (_, response) => {
    await change(gateway.app, "DELETE FROM prices WHERE model = 'fleeting'");
    await gateway.registryInForce();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(chatAnswer({ prompt_tokens: 10, completion_tokens: 2 }));
  };
  const response = await gateway.post('/v1/chat/completions', chat({ model: 'fleeting' }));
  gateway.upstream.script = usual;
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', cost_micros: 36n, currency: 'USD', price_id: expect.any(String) });
  expect((await gateway.post('/v1/chat/completions', chat({ model: 'fleeting' }))).status).toBe(403);
});

test('a model without a price in force is refused, on record, with what the operator has to do; nothing leaves', async () => {
  await unpriced('refuse');
  const before = gateway.upstream.seen.length, response = await gateway.post('/v1/chat/completions', chat({ model: 'free-a' }));
  expect([response.status, await response.json()]).toEqual([403, { error: { code: 'price_missing', type: 'permission_error', param: 'model', message: expect.stringMatching(/^No price of "free-a" at Provider oai is in force.*holdfast prices import.*privacy@example\.test/) } }]);
  expect(await gateway.call(response)).toMatchObject({ status: 'refused', refusal_code: 'price_missing', cost_micros: 0n, price_id: null });
  expect((await gateway.post('/v1/messages', messages({ model: 'free-a' }))).status).toBe(403);
  expect(gateway.upstream.seen.length).toBe(before);
});

test('what is never charged needs no price, and a priced model goes', async () => {
  expect((await gateway.post('/v1/messages/count_tokens', messages({ model: 'free-a' }))).status).toBe(200);
  expect((await gateway.post('/v1/chat/completions', chat())).status).toBe(200);
});

test('where the operator allows it, a call without a price goes, costs nothing, says so and is counted', async () => {
  await unpriced('allow');
  const response = await gateway.post('/v1/chat/completions', chat({ model: 'free-a' }));
  expect(response.status).toBe(200);
  expect(await gateway.call(response)).toMatchObject({ status: 'completed', usage_input: 10n, cost_micros: 0n, currency: null, price_id: null });
  expect(await metrics()).toMatch(/^holdfast_unpriced_calls_total 1$/m);
});

test('calls of accounts without such limits open no connection to Redis', () => {
  expect(gateway.upstream.seen.length).toBeGreaterThan(2);
  expect(connections).toEqual([]);
});

test('with a Redis that does not answer a limited account is counted by the process itself, and shown', async () => {
  const key = await limited({ budget: { micros: 36n, period: 'day', currency: 'USD' }, concurrentCalls: 5 });
  expect((await gateway.post('/v1/chat/completions', chat(), { key })).status).toBe(200);
  expect(connections.length).toBeGreaterThan(0);
  expect(await metrics()).toMatch(/^holdfast_limits_degraded 1$/m);
  let code = 'rate_limited'; // until the first call is settled, which happens after its last byte
  while (code === 'rate_limited') ({ error: { code } } = await (await gateway.post('/v1/chat/completions', chat(), { key })).json() as { error: { code: string } });
  expect(code).toBe('insufficient_quota');
});

test('a budget in another currency than the price refuses the call, rather than not counting it', async () => {
  const key = await limited({ budget: { micros: 1_000_000n, period: 'day', currency: 'EUR' } });
  const response = await gateway.post('/v1/chat/completions', chat(), { key });
  expect([response.status, await response.json()]).toEqual([403, { error: expect.objectContaining({ code: 'price_missing', message: expect.stringContaining('priced in USD, and a budget of the caller is in EUR') }) }]);
});

test('limits a minute of a key hold beside those of its account', async () => {
  const key = await addKey(gateway.app, 'acme');
  const { rows: [row] } = await gateway.app.database.reader.query<{ key_id: string }>('SELECT key_id FROM api_keys ORDER BY key_id DESC LIMIT 1');
  await run((tx) => gateway.app.billing.setLimits(tx, 'key', row!.key_id, { ...NO_LIMITS, requestsPerMinute: 2 }));
  await gateway.registryInForce();
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await gateway.post('/v1/chat/completions', chat(), { key })).status);
  const refused = await gateway.post('/v1/chat/completions', chat(), { key });
  expect(statuses).toEqual([200, 200, 429]);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect((await refused.json() as { error: { message: string } }).error.message).toMatch(/^The API key's limit of 2 requests a minute is reached/);
  expect((await gateway.post('/v1/chat/completions', chat())).status).toBe(200);
});
