// Calls that go on without PostgreSQL: their records wait in the journal, through kill -9 of the gateway inside a write and inside a
// replay, and are on record exactly once when PostgreSQL is back.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/kernel/clock.js';
import { mintId } from '../../src/kernel/ids.js';
import { EPOCH_STALE_MS } from '../../src/domain/gateway/settle-orphans.js';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { startFaultyProxy, type FaultyProxy } from '../support/faulty-proxy.js';
import { change, seedRegistry } from '../support/gateway-registry.js';
import { answering, brokenPromises, modelsOf, startLoad, type Answered } from '../support/load.js';
import { startUpstream, type ScriptedUpstream } from '../support/upstream.js';

const later = { now: () => new Date(systemClock.now().getTime() + EPOCH_STALE_MS + 10_000) };
let test_: TestApp, upstream: ScriptedUpstream, proxy: FaultyProxy, child: ChildGateway | undefined, key: string;
const whole: Answered[] = [];
beforeAll(async () => {
  test_ = await createTestApp({ clock: later });
  const server = new URL(test_.databaseUrl);
  proxy = await startFaultyProxy({ host: server.hostname, port: Number(server.port) });
  upstream = await startUpstream(answering(5));
  ({ acme: key } = await seedRegistry(test_.app, upstream.url));
}, 180_000);
afterAll(async () => { proxy.away = false; await child?.kill('SIGKILL'); await Promise.all([upstream.close(), proxy.close()]); await test_.close(); });

async function start(env: Record<string, string> = {}): Promise<ChildGateway> {
  const url = new URL(test_.databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return startChildGateway({ DATABASE_URL: url.toString(), HOLDFAST_HOME: test_.home, HOLDFAST_SPOOL_SECONDS: '600', HOLDFAST_LOG_LEVEL: 'error', ...env });
}
const load = (name: string, count = 16) => startLoad({ url: () => child!.url, key }, name, count);
const folder = (): string => join(test_.home, 'spool');
const journals = (): string[] => (existsSync(folder()) ? readdirSync(folder()) : []);
const readyz = async (): Promise<{ ready: boolean; spooling?: { writes: number } }> => (await fetch(`${child!.url}/readyz`)).json() as Promise<{ ready: boolean; spooling?: { writes: number } }>;
const count = async (sql: string): Promise<number> => (await test_.app.database.reader.query<{ n: number }>(sql)).rows[0]!.n;
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> { for (let i = 0; i < 3_000 && !await condition(); i++) await sleep(20); expect(await condition()).toBe(true); }

test('while PostgreSQL is away calls go on, the state is visible, and when it is back everything is on record and the journal is gone', async () => {
  child = await start();
  const running = load('outage');
  await running.whole(16);
  proxy.away = true;
  const before = running.result.whole.length;
  await running.whole(before + 64);
  expect(await readyz()).toMatchObject({ ready: true, spooling: { writes: expect.any(Number) } });
  expect(await (await fetch(`${child.url}/metrics`)).text()).toMatch(/holdfast_spooled_writes [1-9]/);
  expect(journals().map((name) => statSync(join(folder(), name)).mode & 0o777)).toEqual([0o600]);
  proxy.away = false;
  // Under load: what comes while the journal is replayed goes behind it, and the end of it is found all the same.
  await eventually(async () => (await readyz()).spooling === undefined);
  const after = running.result.whole.length;
  await running.whole(after + 32);
  const result = await running.stop();
  whole.push(...result.whole);
  expect([...result.refused]).toEqual([]);
  expect(await count(`SELECT count(*)::int AS n FROM ledger_batches WHERE writer LIKE 'spool:%'`)).toBeGreaterThan(0);
  expect(journals().map((name) => statSync(join(folder(), name)).size)).toEqual([8]);
  expect((await test_.app.database.reader.query(`SELECT detail->>'writes_spooled' AS n FROM security_events WHERE kind = 'gateway.records_unavailable'`)).rows).toEqual([{ n: expect.stringMatching(/^[1-9]/) }]);
  await child.kill('SIGTERM');
  expect(journals()).toEqual([]);
}, 180_000);

test('PostgreSQL away for all the calls of a gateway that is then killed: the next one puts everything on record before it takes calls, through being killed itself', async () => {
  child = await start();
  proxy.away = true;
  const running = load('killed');
  await running.whole(200);
  await child.kill('SIGKILL');
  whole.push(...(await running.stop()).whole);
  const [left] = journals();
  expect(left).toBeDefined();
  const models = (): Promise<number> => count(`SELECT count(*)::int AS n FROM calls WHERE model LIKE 'mock-killed-%'`);
  expect(await models()).toBe(0);
  // The sweep comes first: it must not close what the journal tells better.
  expect(await test_.app.gateway.settleOrphans()).toBe(0);
  proxy.away = false;
  // Killed in the middle of the replay, before and after its statements are done.
  for (const how of ['after', 'before'] as const) {
    let dead: ChildGateway['process'] | undefined;
    proxy.fault = { when: '"data_categories"', how, times: 1, atIt: () => { dead?.kill('SIGKILL'); } };
    const starting = startChildGateway({ DATABASE_URL: proxied(), HOLDFAST_HOME: test_.home, HOLDFAST_LOG_LEVEL: 'error' }, (process) => { dead = process; });
    await expect(starting).rejects.toThrow('ended before it listened');
    expect(journals().length).toBe(1);
  }
  child = await start();
  expect([journals().length, journals().includes(left!), await models() >= 200]).toEqual([1, false, true]);
  await child.kill('SIGTERM');
}, 180_000);
const proxied = (): string => { const url = new URL(test_.databaseUrl); url.hostname = '127.0.0.1'; url.port = String(proxy.port); return url.toString(); };

test('beyond its size calls are refused, and what was taken is kept', async () => {
  child = await start({ HOLDFAST_SPOOL_MB: '1' });
  proxy.away = true;
  const running = load('full', 32);
  await eventually(() => (running.result.refused.get(503) ?? 0) > 0);
  expect(await readyz()).toMatchObject({ ready: false });
  proxy.away = false;
  const before = running.result.whole.length;
  await running.whole(before + 32);
  const result = await running.stop();
  whole.push(...result.whole);
  expect([...result.refused.keys()]).toEqual([503]);
  await eventually(async () => (await readyz()).spooling === undefined);
  await child.kill('SIGTERM');
}, 180_000);

test('without the operator\'s choice nothing is spooled', async () => {
  child = await start({ HOLDFAST_SPOOL_SECONDS: '0' });
  proxy.away = true;
  const running = load('refused', 4);
  await eventually(() => (running.result.refused.get(503) ?? 0) > 0);
  proxy.away = false;
  await running.whole(4);
  whole.push(...(await running.stop()).whole);
  expect(journals()).toEqual([]);
  await child.kill('SIGTERM');
  child = undefined;
}, 180_000);

test('a journal whose gateway lives is left to it', async () => {
  mkdirSync(folder(), { recursive: true });
  const owner = mintId(systemClock.now()), name = `${owner}.${owner}.journal`;
  await change(test_.app, `INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, host, pid, spools, epoch_number) VALUES ($1, now(), now(), 'elsewhere', 1, true, (SELECT max(epoch_number) + 1 FROM gateway_epochs))`, [owner]);
  const beating = setInterval(() => { test_.app.database.pool.query('UPDATE gateway_epochs SET last_seen_at = clock_timestamp() WHERE epoch_id = $1', [owner]).catch(() => undefined); }, 200);
  writeFileSync(join(folder(), name), 'HFJRNL1\n');
  child = await start();
  clearInterval(beating);
  expect(journals()).toContain(name);
  await child.kill('SIGTERM');
  // Now it is silent: the next gateway waits whether it says anything, and takes its journal over.
  child = await start();
  expect(journals()).not.toContain(name);
  await child.kill('SIGTERM');
  child = undefined;
}, 180_000);

test('a damaged journal keeps the next gateway from starting, and stays', async () => {
  mkdirSync(folder(), { recursive: true });
  const damaged = join(folder(), `${mintId(systemClock.now())}.${mintId(systemClock.now())}.journal`);
  const frame = Buffer.from('HFJRNL1\n\x03\x00\x00\x00XXXX[1]\x03\x00\x00\x00XXXX[2]', 'latin1');
  writeFileSync(damaged, frame);
  await expect(start()).rejects.toThrow('ended before it listened');
  const [name] = journals();
  expect(readFileSync(join(folder(), name!)).equals(frame)).toBe(true);
  rmSync(join(folder(), name!));
}, 180_000);

test('afterwards everything is on record exactly once', async () => {
  await test_.app.gateway.settleOrphans();
  expect(await brokenPromises(test_.app, modelsOf(upstream.seen), whole)).toEqual([]);
}, 180_000);
