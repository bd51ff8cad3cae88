// What the gateway notices of a purge: nothing that makes an insert wait longer than a moment, whoever else uses the table.
import type { Database } from '../../src/platform/db/index.js';
import { ok, system } from '../support/registry.js';
import { aDay, createRetentionBench, expectFinished, plan, retentionWith, threeDays, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => {
  bench = await createRetentionBench();
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
afterAll(async () => { await bench.close(); });

const readers: (() => Promise<void>)[] = [];
afterEach(async () => { for (const end of readers.splice(0)) await end(); });

/** A transaction that has read the table and stays open, such as a dump; `end` ends it, and so does the end of the test. */
async function longReader(): Promise<{ end(): Promise<void> }> {
  const reader = await bench.app.database.pool.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT 1 FROM calls LIMIT 1');
  let open = true;
  const end = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await reader.query('ROLLBACK');
    reader.release();
  };
  readers.push(end);
  return { end };
}

/** The database as the engine sees it, with a word to the test whenever a statement with `part` in it was answered. */
function noticing(part: string, tell: () => void): Database {
  const { database } = bench.app;
  const connect = async () => {
    const client = await database.pool.connect();
    return new Proxy(client, { get: (target, name) => name === 'query'
      ? async (text: string, values?: unknown[]) => { const answer = await target.query(text, values); if (text.includes(part)) tell(); return answer; }
      : name === 'release' ? (error?: Error) => target.release(error) : Reflect.get(target, name) as unknown });
  };
  return { ...database, pool: new Proxy(database.pool, { get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name) as unknown) }) } as Database;
}

/** Locks on the table that inserts conflict with, held or waited for. */
const inTheWay = (): Promise<object[]> => bench.read(`SELECT mode, granted FROM pg_locks WHERE relation = 'calls'::regclass AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`);

test('a purge that rewrites a partition waits for a long transaction by looking, while inserts go on and nothing stands before them', async () => {
  const day = aDay();
  await writeCalls(bench.app, day, { globex: 5, acme: 2 });
  const runId = await plan(bench.app, 'api_call_metadata'), reader = await longReader();
  const met: object[][] = [];
  let looks = 0, enough: () => void;
  const thrice = new Promise<void>((done) => { enough = done; });
  const running = retentionWith(bench.app, { database: noticing('FROM pg_locks l JOIN pg_stat_activity', () => { if (++looks === 3) enough(); }) }).runPurge(runId);
  await Promise.race([thrice, running]);
  for (let insert = 0; insert < 5; insert += 1) {
    met.push(await inTheWay());
    await writeCalls(bench.app, '2026-11-24', { globex: 1 });
  }
  expect(met.flat()).toEqual([]);
  expect(looks).toBeGreaterThanOrEqual(3);
  expect((await bench.app.retention.purgeRun(runId))!.items).toMatchObject([{ state: 'planned' }]);
  await reader.end();
  await running;
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 5n, items: [{ method: 'replace_partition' }] });
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

test('a transaction that stays longer than a run looks for its end is no failure: the run says what it waits for, and goes on later', async () => {
  await writeCalls(bench.app, aDay(), { globex: 5, acme: 2 });
  const runId = await plan(bench.app, 'api_call_metadata'), reader = await longReader(), says = expect.stringMatching(/^a transaction open since 20.* uses calls/);
  await expect(retentionWith(bench.app, { patienceMs: 1 }).runPurge(runId)).rejects.toMatchObject({ code: 'conflict', message: says });
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'running', failure: says, failures: 0, retryAt: new Date(bench.clock.now().getTime() + 300_000), items: [{ state: 'planned' }] });
  await reader.end();
  await bench.app.retention.runPurge(runId);
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 5n, failure: null });
});

test('a purge that drops a partition lets inserts by while DETACH CONCURRENTLY waits for a long transaction', async () => {
  const day = aDay();
  await writeCalls(bench.app, day, { globex: 5 });
  const runId = await plan(bench.app, 'api_call_metadata'), reader = await longReader(), before = await bench.count('calls'), met: object[][] = [];
  const running = bench.app.retention.runPurge(runId);
  for (let tries = 0; tries < 1_500 && await bench.count('pg_inherits WHERE inhdetachpending') === 0; tries += 1) await new Promise((done) => { setTimeout(done, 25); });
  for (let insert = 0; insert < 5; insert += 1) {
    met.push(await inTheWay());
    await writeCalls(bench.app, '2026-11-24', { globex: 1 });
  }
  expect([met.flat(), await bench.count('pg_inherits WHERE inhdetachpending'), await bench.count('calls')]).toEqual([[], 1, before]);
  await reader.end();
  await running;
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 5n, items: [{ method: 'drop_partition' }] });
});

test('whatever takes a lock that inserts wait for gives up its wait and its work within 250 ms together; nothing of a run is without limits', async () => {
  const { pool } = bench.app.database;
  await pool.query(`DELETE FROM calls WHERE request_id >= '019ab2bc-0000-0000-0000-000000000000'`);
  const { runId, days } = await threeDays(bench);
  // At the end of each DDL statement its locks are held: what it has on the table, and by which limits it got there.
  await pool.query(`CREATE TABLE seen_locks (tag text, mode text, lock_ms integer, statement_ms integer);
    CREATE FUNCTION note_locks() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      IF pg_my_temp_schema() <> 0 AND EXISTS (SELECT 1 FROM pg_event_trigger_ddl_commands() WHERE schema_name LIKE 'pg_temp%') THEN RETURN; END IF;
      INSERT INTO seen_locks SELECT tg_tag, (SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted AND relation = 'calls'::regclass
        AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') LIMIT 1), lock_s.setting::int, statement_s.setting::int
      FROM pg_settings lock_s, pg_settings statement_s WHERE lock_s.name = 'lock_timeout' AND statement_s.name = 'statement_timeout';
    END $$;
    CREATE EVENT TRIGGER note_locks ON ddl_command_end EXECUTE FUNCTION note_locks()`);
  try { await bench.app.retention.runPurge(runId); } finally { await pool.query('DROP EVENT TRIGGER note_locks'); }
  await expectFinished(bench, runId, days);
  const seen = await bench.read<{ tag: string; mode: string | null; lock_ms: number; statement_ms: number }>('SELECT * FROM seen_locks');
  const strong = seen.filter((one) => one.mode !== null);
  expect(strong.map((one) => [one.tag, one.mode])).toContainEqual(['ALTER TABLE', 'AccessExclusiveLock']);
  for (const one of strong) {
    expect(Math.min(one.lock_ms, one.statement_ms)).toBeGreaterThan(0);
    expect(one.lock_ms + one.statement_ms).toBeLessThanOrEqual(250);
  }
  expect(seen.length).toBeGreaterThan(strong.length);
  expect(seen.filter((one) => one.lock_ms === 0 || one.statement_ms === 0)).toEqual([]);
});
