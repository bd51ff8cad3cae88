import pg from 'pg';
import { countPartition, readCounts, uncountedPartitions } from '../../src/domain/retention/partition-counts.store.js';
import { onReader } from '../../src/domain/retention/query.store.js';
import { partitionName } from '../../src/platform/db/index.js';
import { eventually } from '../support/instance.js';
import { createRetentionBench, purge, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => { bench = await createRetentionBench(); await writeCalls(bench.app, DAY, { acme: 5, globex: 3 }); });
// A test that failed must not leave the next ones behind its writer.
afterEach(async () => { for (const client of open) await client.end(); open.clear(); });
afterAll(async () => { await bench.close(); });

const DAY = '2026-05-01', name = partitionName('calls', new Date(DAY));
const kept = async (partition = name): Promise<Record<string, number> | undefined> => {
  const found = (await readCounts(onReader(bench.app.database), [partition])).get(partition);
  return found && Object.fromEntries(found.counts.map((one) => [one.account ?? '', one.rows]));
};
const stored = async (): Promise<Record<string, number>> => Object.fromEntries((await bench.read<{ account_id: string | null; n: number }>(`SELECT account_id, count(*)::int AS n FROM ${name} GROUP BY 1`)).map((row) => [row.account_id ?? '', row.n]));
const count = (): Promise<boolean> => countPartition(bench.app.database, name, 30_000), job = () => bench.app.retention.jobs.find((one) => one.name === 'count-finished-days')!.run('');
/** Until somebody waits for a row or a table of this database: the count, behind the writer. */
const somebodyWaits = (): Promise<void> => eventually('somebody waits', async () => (await bench.read("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).length > 0);
const open = new Set<pg.Client>();
/** A session whose transaction stays open until it is ended. */
async function writing(sql: string): Promise<{ end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> }> {
  const client = new pg.Client(bench.databaseUrl);
  open.add(client);
  await client.connect();
  await client.query(`BEGIN; ${sql}`);
  return { end: async (how) => { await client.query(how); await client.end(); open.delete(client); } };
}
const copyOfOne = `INSERT INTO calls SELECT (c).* FROM (SELECT json_populate_record(c, json_build_object('request_id', left(c.request_id::text, 24) || lpad(to_hex((random() * 1e9)::bigint), 12, '0'))) AS c FROM ${name} c WHERE account_id = 'acme' LIMIT 1) s`;
const run = (sql: string) => bench.app.database.pool.query(sql);

test('a finished day is counted once, and the simulation says the same from the count as from the rows', async () => {
  await writeCalls(bench.app, '2026-05-02', { zh: 4 });
  const simulate = () => bench.app.retention.simulate({ dataType: 'api_call_metadata', keep: 'P1M' }), plain = (found: object) => ({ ...found, tookMs: 0 });
  const before = await simulate();
  expect(await kept()).toBeUndefined();
  await job();
  expect(await kept()).toEqual({ acme: 5, globex: 3 });
  expect(await kept(partitionName('calls', new Date('2026-05-02')))).toEqual({ zh: 4 });
  expect(plain(await simulate())).toEqual(plain(before));
  expect(before.draft.rows).toBe(12);
  // Proof that the count was read: one that is wrong shows.
  await run(`UPDATE partition_counts SET counts = 'acme 50' WHERE name = '${name}'`);
  expect((await simulate()).draft.rows).toBe(54);
  await run(`UPDATE partition_counts SET counts = 'acme 5' || chr(10) || 'globex 3' WHERE name = '${name}'`);
});

test.each([
  ['a row that comes late', copyOfOne],
  ['a row that goes', `DELETE FROM calls WHERE request_id = (SELECT request_id FROM ${name} WHERE account_id = 'acme' LIMIT 1)`],
  ['a row written straight into the partition', copyOfOne.replace('INSERT INTO calls', `INSERT INTO ${name}`)],
  ['a row changed by somebody who switched the guard off', `ALTER TABLE calls DISABLE TRIGGER calls_append_only; UPDATE calls SET account_id = 'zh' WHERE request_id = (SELECT request_id FROM ${name} LIMIT 1); ALTER TABLE calls ENABLE TRIGGER calls_append_only`],
])('%s ends the count at its commit, and the next run counts again', async (_, sql) => {
  await count();
  expect(await kept()).toEqual(await stored());
  const writer = await writing(sql);
  expect(await kept()).toEqual(await stored());
  await writer.end('COMMIT');
  expect(await kept()).toBeUndefined();
  await job();
  expect(await kept()).toEqual(await stored());
});

test('a write that is rolled back, whole or to a savepoint, leaves the count; one after the savepoint ends it', async () => {
  await count();
  await (await writing(copyOfOne)).end('ROLLBACK');
  expect(await kept()).toEqual(await stored());
  await (await writing(`SAVEPOINT s; ${copyOfOne}; ROLLBACK TO s`)).end('COMMIT');
  expect(await kept()).toEqual(await stored());
  await (await writing(`SAVEPOINT s; ${copyOfOne}; ROLLBACK TO s; ${copyOfOne}`)).end('COMMIT');
  expect(await kept()).toBeUndefined();
});

test('a count that runs beside a writer is not kept: it did not see the row', async () => {
  await count();
  await run(copyOfOne);
  const writer = await writing(copyOfOne), counting = count();
  await somebodyWaits();
  await writer.end('COMMIT');
  expect(await counting).toBe(false);
  expect(await kept()).toBeUndefined();
  expect(await count()).toBe(true);
  expect(await kept()).toEqual(await stored());
});

test('a count that runs beside a writer who gives up is kept', async () => {
  await run(copyOfOne);
  const writer = await writing(copyOfOne), counting = count();
  await somebodyWaits();
  await writer.end('ROLLBACK');
  expect(await counting).toBe(true);
  expect(await kept()).toEqual(await stored());
});

test('a count is not believed while its triggers are off, and not afterwards either', async () => {
  await count();
  await run(`ALTER TABLE ${name} DISABLE TRIGGER partition_written`);
  expect(await kept()).toBeUndefined();
  await run(copyOfOne);
  expect(await uncountedPartitions(onReader(bench.app.database), ['calls'], bench.clock.now())).toContain(name);
  await count();
  expect(await kept()).toEqual(await stored());
});

test('a partition that was emptied is counted as empty', async () => {
  const other = partitionName('calls', new Date('2026-05-03'));
  await writeCalls(bench.app, '2026-05-03', { acme: 2 });
  await job();
  expect(await kept(other)).toEqual({ acme: 2 });
  await run(`TRUNCATE ${other}`);
  expect(await kept(other)).toBeUndefined();
  await job();
  expect(await kept(other)).toEqual({});
});

test('today is not counted, and a purge that drops a day leaves no count of it', async () => {
  const today = bench.clock.now().toISOString().slice(0, 10), old = '2025-01-05', gone = partitionName('calls', new Date(old));
  await writeCalls(bench.app, today, { acme: 1 });
  await writeCalls(bench.app, old, { acme: 3 });
  await job();
  expect(await kept(partitionName('calls', new Date(today)))).toBeUndefined();
  expect(await kept(gone)).toEqual({ acme: 3 });
  expect((await purge(bench.app, 'api_call_metadata')).state).toBe('certified');
  expect(await bench.count(`partition_counts WHERE name = '${gone}'`)).toBe(0);
  expect(await bench.read(`SELECT 1 FROM pg_class WHERE relname LIKE '${gone}%'`)).toEqual([]);
});

test('what is left of a partition that went another way is forgotten by the next run', async () => {
  await writeCalls(bench.app, '2026-05-04', { acme: 1 });
  await job();
  await run(`DROP TABLE ${partitionName('calls', new Date('2026-05-04'))}`);
  await job();
  expect(await bench.count("partition_counts c WHERE NOT EXISTS (SELECT 1 FROM pg_class r WHERE r.oid = c.relid)")).toBe(0);
});
