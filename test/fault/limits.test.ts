// Budgets and quotas over several real gateway processes and a real Redis that is emptied, stopped and started again. What was charged
// is always asked of the records.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { LimitSubject, UsageLimits } from '../../src/domain/billing/index.js';
import { NO_LIMITS } from '../../src/domain/billing/index.js';
import { startEmbeddedRedis } from '../../src/platform/embedded/redis.js';
import type { EmbeddedServer } from '../../src/platform/embedded/server-process.js';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { addAccount, addKey, seedRegistry } from '../support/gateway-registry.js';
import { registryOf } from '../support/registry.js';
import { chatAnswer, startUpstream, type ScriptedUpstream } from '../support/upstream.js';

/** 1 input token at 2 and 999 output tokens at 8 a million: a little less than what a call is held for. */
const COST = 7_994n, USAGE = { prompt_tokens: 1, completion_tokens: 999 };
let test_: TestApp, upstream: ScriptedUpstream, redis: EmbeddedServer, home: string;
const gateways: ChildGateway[] = [];
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-limits-'));
  redis = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
  test_ = await createTestApp();
  upstream = await startUpstream(async (_, response) => {
    await new Promise((done) => { setTimeout(done, 20); });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(chatAnswer(USAGE));
  });
  await seedRegistry(test_.app, upstream.url);
  gateways.push(...await Promise.all([1, 2, 3, 4].map(() => startChildGateway({ DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home, REDIS_URL: redis.url }))));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.kill('SIGTERM')));
  await upstream.close();
  await redis.stop();
  await test_.close();
  rmSync(home, { recursive: true, force: true });
});
const { run } = registryOf(() => test_);
let accounts = 0;

/** A new account with a key, and limits on one of them, in force on every gateway. */
async function limited(kind: LimitSubject, limits: Partial<UsageLimits>): Promise<{ account: string; key: string }> {
  const account = `limited-${accounts += 1}`;
  await addAccount(test_.app, { id: account, jurisdiction: 'US' });
  const key = await addKey(test_.app, account);
  const { rows: [row] } = await test_.app.database.reader.query<{ key_id: string }>('SELECT key_id FROM api_keys WHERE account_id = $1', [account]);
  await run((tx) => test_.app.billing.setLimits(tx, kind, kind === 'account' ? account : row!.key_id, { ...NO_LIMITS, ...limits }));
  const { rows: [version] } = await test_.app.database.reader.query<{ version: string }>('SELECT version FROM registry_versions');
  for (const { url } of gateways) await until(async () => Number(await metric(url, 'holdfast_registry_version')) >= Number(version!.version));
  return { account, key };
}
async function metric(url: string, name: string): Promise<string | undefined> {
  return new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1];
}
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_000; i++) { if (await holds()) return; await new Promise((done) => { setTimeout(done, 20); }); }
  throw new Error('it did not come to be in time');
}
const call = (gateway: ChildGateway, key: string, path = '/v1/chat/completions'): Promise<Response> => fetch(gateway.url + path, {
  method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ model: 'mock-a', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }) });
/** As a client that comes again while room may become free. */
async function insist(gateway: ChildGateway, key: string): Promise<'answered' | 'used up'> {
  for (;;) {
    const response = await call(gateway, key), text = await response.text();
    if (response.status === 200) return 'answered';
    const { code } = (JSON.parse(text) as { error: { code: string } }).error;
    if (code === 'insufficient_quota') return 'used up';
    if (code !== 'rate_limited') throw new Error(text);
    await new Promise((done) => { setTimeout(done, 150); });
  }
}
async function charged(account: string): Promise<bigint> {
  const { rows: [row] } = await test_.app.database.reader.query<{ sum: string | null }>('SELECT sum(cost_micros) FROM calls WHERE account_id = $1', [account]);
  return BigInt(row!.sum ?? 0);
}
const budget = (micros: bigint): Partial<UsageLimits> => ({ budget: { micros, period: 'month', currency: 'USD' } });

test.each([[2, 'account'], [4, 'account'], [4, 'key']] as const)('200 calls at once over %i gateways use up the budget of an %s and overrun it by less than one call', async (count, kind) => {
  const limit = 60n * COST - 1n, { account, key } = await limited(kind, budget(limit));
  const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => insist(gateways[index % count]!, key)));
  const total = await charged(account);
  expect(BigInt(outcomes.filter((one) => one === 'answered').length) * COST).toBe(total);
  expect(total).toBeGreaterThanOrEqual(limit);
  expect(total).toBeLessThan(limit + COST);
});

test('a token quota is counted in tokens, and calls at a time are counted over all gateways', async () => {
  const { account, key } = await limited('account', { quota: { tokens: 20n * 1_000n, period: 'day' } });
  const outcomes = await Promise.all(Array.from({ length: 60 }, (_, index) => insist(gateways[index % 4]!, key)));
  expect(outcomes.filter((one) => one === 'answered')).toHaveLength(20);
  expect(await charged(account)).toBe(20n * COST);

  const { key: second } = await limited('key', { concurrentCalls: 3 });
  let release!: () => void;
  const gate = new Promise<void>((resolve) => { release = resolve; }), usual = upstream.script;
  upstream.script = async (seen, response, request) => { await gate; await usual(seen, response, request); };
  const refused: Response[] = [];
  const calls = Array.from({ length: 12 }, async (_, index) => { const response = await call(gateways[index % 4]!, second); if (response.status === 429) refused.push(response); return response.status; });
  await until(() => Promise.resolve(refused.length === 9));
  release();
  upstream.script = usual;
  expect((await Promise.all(calls)).filter((status) => status === 200)).toHaveLength(3);
  expect(refused[0]!.headers.get('retry-after')).toBe('1');
  expect(await refused[0]!.json()).toMatchObject({ error: { code: 'rate_limited', message: "The API key's limit of 3 calls at a time is reached. Try again when one of them has ended." } });
  await until(async () => (await call(gateways[0]!, second)).status === 200);
});

test('when a budget is used up the answer says which, how much and until when, in the dialect of the path, and no client need try again', async () => {
  const { key } = await limited('account', budget(COST));
  expect(await insist(gateways[0]!, key)).toBe('answered');
  await until(async () => await insist(gateways[1]!, key) === 'used up');
  const openai = await call(gateways[2]!, key), anthropic = await call(gateways[3]!, key, '/v1/messages');
  for (const response of [openai, anthropic]) {
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(31 * 86_400);
    expect(response.headers.get('x-should-retry')).toBe('false');
  }
  const message = expect.stringMatching(/^The account's budget of 0\.007994 USD a month is used up \(0\.007994 USD\)\. The next month begins at \d{4}-\d\d-01T/);
  expect(await openai.json()).toEqual({ error: { message, type: 'insufficient_quota', param: null, code: 'insufficient_quota' } });
  expect(await anthropic.json()).toEqual({ type: 'error', error: { type: 'rate_limit_error', message, code: 'insufficient_quota' }, request_id: expect.any(String) });
});

test('80 and 100 percent are told once each in a period, whatever the number of gateways', async () => {
  const { account, key } = await limited('account', budget(10n * COST));
  for (let i = 0; i < 16; i++) await insist(gateways[i % 4]!, key);
  const events = async (): Promise<{ kind: string; detail: unknown }[]> => (await test_.app.database.reader.query<{ kind: string; detail: unknown }>('SELECT kind, detail FROM security_events WHERE account_id = $1 ORDER BY kind', [account])).rows;
  await until(async () => (await events()).length >= 2);
  expect(await events()).toEqual([
    { kind: 'budget.nearly_used_up', detail: expect.objectContaining({ threshold_percent: 80, limit: '0.07994 USD', limit_of: 'account' }) },
    { kind: 'budget.used_up', detail: expect.objectContaining({ threshold_percent: 100, used: '0.07994 USD' }) }]);
});

test('a limit on requests a minute is one over all gateways, exact to the request, and the headers tell what is left of it', async () => {
  const { key } = await limited('key', { requestsPerMinute: 20 });
  const left = async (gateway: ChildGateway): Promise<[number, string | null]> => { const response = await call(gateway, key); await response.text(); return [response.status, response.headers.get('x-ratelimit-remaining-requests')]; };
  expect([await left(gateways[0]!), await left(gateways[1]!), await left(gateways[2]!), await left(gateways[0]!)]).toEqual([[200, '19'], [200, '18'], [200, '17'], [200, '16']]);
  const responses = await Promise.all(Array.from({ length: 60 }, (_, index) => call(gateways[index % 4]!, key)));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(16);
  const refused = responses.find(({ status }) => status === 429)!, wait = Number(refused.headers.get('retry-after'));
  expect([wait >= 1 && wait <= 60, refused.headers.get('x-ratelimit-limit-requests'), refused.headers.get('x-ratelimit-remaining-requests')]).toEqual([true, '20', '0']);
  expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited', message: `The API key's limit of 20 requests a minute is reached. Try again in ${wait} s.` } });
});

test('tokens that one gateway used count at the others; of a large limit no gateway hands out more than there is', async () => {
  const { key } = await limited('key', { tokensPerMinute: 1_500n });
  for (const gateway of [gateways[0]!, gateways[1]!]) expect((await call(gateway, key)).status).toBe(200);
  for (const gateway of gateways) await until(async () => (await call(gateway, key)).status === 429);
  const { key: busy } = await limited('key', { requestsPerMinute: 4_000, tokensPerMinute: 1_000_000_000n });
  const remaining: number[] = [];
  for (let i = 0; i < 10; i++) for (const response of await Promise.all(Array.from({ length: 20 }, (_, index) => call(gateways[index % 4]!, busy)))) { await response.text(); remaining.push(Number(response.headers.get('x-ratelimit-remaining-requests'))); }
  const [last] = remaining.slice(-1);
  // Two hundred went, and each process may hold two that it took ahead.
  expect(Math.min(...remaining)).toBeGreaterThanOrEqual(4_000 - 200 - 4 * 2);
  expect(last!).toBeLessThanOrEqual(4_000 - 180 + 4 * 2);
});

test('a Redis that was emptied knows again what is used: the records tell', async () => {
  const { account, key } = await limited('account', budget(5n * COST));
  for (let i = 0; i < 5; i++) expect(await insist(gateways[i % 4]!, key)).toBe('answered');
  const admin = new Redis(redis.url);
  await admin.flushall();
  admin.disconnect();
  for (const gateway of gateways) expect(await insist(gateway, key)).toBe('used up');
  expect(await charged(account)).toBe(5n * COST);
});

test('without Redis calls go on, counted against the records, and it is shown; when it is back all count together again', async () => {
  const { account, key } = await limited('account', budget(40n * COST));
  for (let i = 0; i < 10; i++) expect(await insist(gateways[i % 4]!, key)).toBe('answered');
  await redis.stop();
  // One after the other: each process reads the records anew after two seconds at most, so it comes to know what the others charged.
  for (let i = 0; i < 10; i++) expect(await insist(gateways[i % 4]!, key)).toBe('answered');
  for (const { url } of gateways) expect(await metric(url, 'holdfast_limits_degraded')).toBe('1');
  redis = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
  for (const { url } of gateways) await until(async () => await metric(url, 'holdfast_limits_degraded') === '0');
  expect(await charged(account)).toBe(20n * COST);
  // What the old Redis kept of the total is not believed: 20 calls are left, not 30.
  const outcomes = await Promise.all(Array.from({ length: 60 }, (_, index) => insist(gateways[index % 4]!, key)));
  expect(outcomes.filter((one) => one === 'answered')).toHaveLength(20);
});

test('without Redis a limit a minute counts in each process', async () => {
  const { key } = await limited('key', { requestsPerMinute: 3 });
  await redis.stop();
  for (const { url } of gateways.slice(0, 2)) for (const expected of [200, 200, 200, 429]) expect((await call({ url } as ChildGateway, key)).status).toBe(expected);
  redis = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
  for (const { url } of gateways) await until(async () => await metric(url, 'holdfast_limits_degraded') === '0');
});

test('without Redis a budget that is used up stays used up', async () => {
  const { key } = await limited('account', budget(2n * COST));
  for (let i = 0; i < 2; i++) expect(await insist(gateways[i]!, key)).toBe('answered');
  await redis.stop();
  for (const gateway of gateways) expect(await insist(gateway, key)).toBe('used up');
  redis = await startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
});
