// A purge that fails, lies or dies at any step goes on where its rows say, and never removes what its certificate does not name.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RetentionDeps } from '../../src/domain/retention/index.js';
import type { Act, Database } from '../../src/platform/db/index.js';
import { createLogger } from '../../src/platform/log/log.js';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, DAY_MS, plan, retentionWith, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => {
  bench = await createRetentionBench();
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
afterAll(async () => { await bench.close(); });

let nextDay = Date.UTC(2023, 0, 1);
const aDay = (): string => { nextDay += DAY_MS; return new Date(nextDay).toISOString().slice(0, 10); };
const partitionOf = (day: string): string => `calls_p${day.replaceAll('-', '')}`;

/** Three days, one for each method; what has to be left of them afterwards is all of acme's. */
async function threeDays(): Promise<{ runId: string; days: string[] }> {
  const days = [aDay(), aDay(), aDay()];
  await writeCalls(bench.app, days[0]!, { globex: 6 });
  await writeCalls(bench.app, days[1]!, { globex: 5, acme: 2 });
  await writeCalls(bench.app, days[2]!, { globex: 2, acme: 5 });
  return { runId: await plan(bench.app, 'api_call_metadata'), days };
}

async function expectFinished(runId: string, days: readonly string[]): Promise<void> {
  const run = (await bench.app.retention.purgeRun(runId))!;
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 13n, survivors: 0n, failure: null });
  expect(run.items.map((item) => item.method)).toEqual(['drop_partition', 'replace_partition', 'delete_rows']);
  const left = await bench.read(`SELECT account_id, count(*)::int AS n FROM calls WHERE at >= $1 GROUP BY 1`, [days[0]]);
  expect(left).toEqual([{ account_id: 'acme', n: 7 }]);
  expect(await bench.read(`SELECT relname FROM pg_class WHERE relname ~ '_(gone|next)$'`)).toEqual([]);
  expect(await bench.count('purge_item_leaves')).toBe(0);
}

/** Parts of which the `step`th step fails: before it happens, or after it has happened. Steps are transactions and DETACHes. */
function failing(step: number, when: 'before' | 'after'): { changes: Partial<RetentionDeps>; steps: () => number } {
  let count = 0;
  const at = async <T>(work: () => Promise<T>): Promise<T> => {
    const fails = ++count === step;
    if (fails && when === 'before') throw new Error('failed before');
    const answer = await work();
    if (fails) throw new Error('failed after');
    return answer;
  };
  const { act, bookkeeping, database } = bench.app;
  const wrap = (inner: Act): Act => (actor, work) => at(() => inner(actor, work));
  const connect = async () => {
    const client = await database.pool.connect();
    return new Proxy(client, { get: (target, name) => name === 'query'
      ? (text: string, values?: unknown[]) => (text.includes(' DETACH ') ? at(() => target.query(text, values)) : target.query(text, values))
      : name === 'release' ? (error?: Error) => target.release(error) : Reflect.get(target, name) as unknown });
  };
  const pool = new Proxy(database.pool, { get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name) as unknown) });
  return { changes: { log: createLogger('test', 'error', () => undefined), act: wrap(act), bookkeeping: wrap(bookkeeping), database: { ...database, pool } as Database }, steps: () => count };
}

test.each(['before', 'after'] as const)('a step that fails %s it has happened stops the run, and the next call ends it as if nothing had been', async (when) => {
  const failures: boolean[] = [];
  for (let step = 1, reached = true; reached; step += 1) {
    const { runId, days } = await threeDays(), faults = failing(step, when);
    let failed = false;
    try { await retentionWith(bench.app, faults.changes).runPurge(runId); } catch { failed = true; }
    reached = faults.steps() >= step;
    if (reached) failures.push(failed);
    if (failed) await bench.app.retention.runPurge(runId);
    await expectFinished(runId, days);
  }
  // A DETACH that only reported failure is seen to have happened; every other step must have stopped the run.
  expect(failures.length).toBeGreaterThan(12);
  expect(failures.filter((failed) => !failed)).toHaveLength(when === 'after' ? 1 : 0);
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true, problems: [] });
});

describe('a killed process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => { for (const child of children.splice(0)) child.kill('SIGKILL'); });
  const start = (runId: string): ChildProcess => {
    const child = fork('test/support/purge-process.mjs', { stdio: 'pipe', execArgv: [], env: { PATH: process.env['PATH'], HOLDFAST_HOME: bench.home, DATABASE_URL: bench.databaseUrl, HOLDFAST_LOG_LEVEL: 'error', PURGE_RUN: runId } });
    children.push(child);
    return child;
  };
  const until = async (sql: string): Promise<void> => {
    for (let tries = 0; tries < 400; tries += 1) {
      if ((await bench.app.database.pool.query(sql)).rowCount) return;
      await new Promise((done) => { setTimeout(done, 25); });
    }
    throw new Error(`never: ${sql}`);
  };

  test('by kill -9 before the rows are destroyed leaves them, and the run goes on elsewhere', async () => {
    const { runId, days } = await threeDays();
    // A hold that is being placed keeps the purge from its lock: there it stands when it is killed.
    const client = await bench.app.database.pool.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE holds IN ROW EXCLUSIVE MODE');
    const child = start(runId);
    await until(`SELECT 1 FROM pg_locks WHERE relation = 'holds'::regclass AND NOT granted`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await bench.count(`${partitionOf(days[0]!)}_gone`)).toBe(6);
    await client.query('ROLLBACK');
    client.release();
    await bench.app.retention.runPurge(runId);
    await expectFinished(runId, days);
    expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
  });

  test('by kill -9 in the middle of DETACH CONCURRENTLY leaves it pending, and the run finishes it', async () => {
    const { runId, days } = await threeDays();
    const reader = await bench.app.database.pool.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT 1 FROM calls LIMIT 1');
    const child = start(runId);
    await until('SELECT 1 FROM pg_inherits WHERE inhdetachpending');
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Its session may still wait for the reader on its behalf; it is ended too, as a machine that goes down would.
    await bench.app.database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE calls DETACH%' AND datname = current_database() AND pid <> pg_backend_pid()`);
    await reader.query('ROLLBACK');
    reader.release();
    expect(await bench.read('SELECT 1 FROM pg_inherits WHERE inhdetachpending')).toHaveLength(1);
    await bench.app.retention.runPurge(runId);
    await expectFinished(runId, days);
    expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
  });
});

test('a reader that stays does not stop the purge for good, nor the purge the inserts', async () => {
  const { runId, days } = await threeDays();
  const reader = await bench.app.database.pool.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT 1 FROM calls LIMIT 1');
  const running = bench.app.retention.runPurge(runId);
  await new Promise((done) => { setTimeout(done, 300); });
  const started = performance.now();
  await writeCalls(bench.app, '2026-11-24', { globex: 1 });
  expect(performance.now() - started).toBeLessThan(1_000);
  await bench.app.database.pool.query(`DELETE FROM calls WHERE at >= '2026-11-24'`);
  await reader.query('ROLLBACK');
  reader.release();
  await running;
  await expectFinished(runId, days);
});
