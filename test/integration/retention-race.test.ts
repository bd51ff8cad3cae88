// A hold placed while a purge runs is honoured, or its placer is told what was gone before it. Never a silent loss.
import type { PlacedHold } from '../../src/domain/retention/index.js';
import type { Act } from '../../src/platform/db/index.js';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, plan, release, retentionWith, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => { bench = await createRetentionBench(); });
const obstacles: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const goAway of obstacles.splice(0)) await goAway();
  await bench.close();
});

const DAY = '2025-11-20', PARTITION = 'calls_p20251120';
const placeHold = async (accountId: string): Promise<PlacedHold> => ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId, matter: `M ${accountId}`, requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
const left = (accountId: string): Promise<number> => bench.count(`calls WHERE account_id = '${accountId}'`);

/** Runs `hook` right before the `nth` recorded change of the run; the first is its start. */
const hooked = (nth: number, hook: () => Promise<void>): Act => {
  let count = 0;
  return async (actor, work) => {
    if (++count === nth) await hook();
    return await bench.app.act(actor, work);
  };
};

/** A second session that is in the way of the next statement of the purge, by holding what that statement needs. */
async function inTheWay(sql: string): Promise<() => Promise<void>> {
  const client = await bench.app.database.pool.connect();
  await client.query('BEGIN');
  await client.query(sql);
  let there = true;
  const goAway = async (): Promise<void> => {
    if (!there) return;
    there = false;
    await client.query('ROLLBACK');
    client.release();
  };
  obstacles.push(goAway);
  return goAway;
}

async function waitsForLock(where: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await bench.count(`pg_locks WHERE NOT granted AND ${where}`) > 0) return;
    await new Promise((done) => { setTimeout(done, 10); });
  }
  throw new Error('nobody waits');
}

test.each([
  ['a partition is dropped', { acme: 4 }, 'replace_partition'],
  ['a partition was rewritten', { acme: 4, globex: 8, zh: 2 }, 'replace_partition'],
])('a hold that comes when %s but not destroyed is honoured: the rows are put back', async (_, accounts, method) => {
  await writeCalls(bench.app, DAY, accounts);
  if ('zh' in accounts) await placeHold('zh');
  const runId = await plan(bench.app, 'api_call_metadata');
  let placed: PlacedHold | undefined;
  await retentionWith(bench.app, { act: hooked(2, async () => {
    expect(await bench.count(`pg_class WHERE relname = '${PARTITION}_gone'`)).toBe(1);
    expect(await left('acme')).toBe(0);
    placed = await placeHold('acme');
  }) }).runPurge(runId);
  expect(placed?.alreadyRemoved).toEqual([]);
  expect(await left('acme')).toBe(4);
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', items: [{ method, rowsHeld: BigInt(await bench.count('calls')) }] });
  expect(await bench.count(`audit_records WHERE action = 'purge.rescue'`)).toBe(1);
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

// Each blocks the purge between its look at the holds and its removal, which is where a hold without a lock would be overlooked.
test.each([
  ['an old partition is destroyed', { acme: 4 }, `SELECT 1 FROM ${PARTITION}_gone LIMIT 1`, `relation = to_regclass('${PARTITION}_gone')`],
  ['rows are deleted', { acme: 4, zh: 9 }, `SELECT 1 FROM ${PARTITION} WHERE account_id = 'acme' LIMIT 1 FOR UPDATE`, `locktype = 'transactionid'`],
])('a hold that comes while %s waits, and is told what was removed', async (_, accounts, obstacle, waiting) => {
  await writeCalls(bench.app, DAY, accounts);
  if ('zh' in accounts) await placeHold('zh');
  const runId = await plan(bench.app, 'api_call_metadata');
  let goAway = async (): Promise<void> => undefined;
  const running = retentionWith(bench.app, { act: hooked(2, async () => { goAway = await inTheWay(obstacle); }) }).runPurge(runId);
  await waitsForLock(waiting);
  const placing = placeHold('acme');
  const early = await Promise.race([placing.then(() => 'placed'), new Promise((done) => { setTimeout(done, 300, 'waiting'); })]);
  await goAway();
  const [placed] = await Promise.all([placing, running]);
  // The promise itself: rows that were there when the hold took effect are there, or the placer knows.
  expect(placed.alreadyRemoved.length > 0 ? 'told' : await left('acme') === 4 ? 'honoured' : 'silent loss').toBe('told');
  expect(early).toBe('waiting');
  expect(placed.alreadyRemoved).toEqual([{ runId, dataType: 'api_call_metadata', rows: 4n }]);
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

test('a policy that comes while rows are destroyed waits until they are', async () => {
  await writeCalls(bench.app, DAY, { acme: 4 });
  const runId = await plan(bench.app, 'api_call_metadata');
  let goAway = async (): Promise<void> => undefined;
  const running = retentionWith(bench.app, { act: hooked(2, async () => { goAway = await inTheWay(`SELECT 1 FROM ${PARTITION}_gone LIMIT 1`); }) }).runPurge(runId);
  await waitsForLock(`relation = to_regclass('${PARTITION}_gone')`);
  const publishing = bench.app.act(system, (tx) => bench.app.retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P24M' }));
  const early = await Promise.race([publishing.then(() => 'published'), new Promise((done) => { setTimeout(done, 300, 'waiting'); })]);
  await goAway();
  ok((await Promise.all([publishing, running]))[0]);
  expect(early).toBe('waiting');
});

test('a purge that cannot get the lock in time gives up, loses nothing, and tries again', async () => {
  await writeCalls(bench.app, DAY, { acme: 4, globex: 4 });
  const runId = await plan(bench.app, 'api_call_metadata');
  const goAway = await inTheWay('LOCK TABLE holds IN ROW EXCLUSIVE MODE');
  const running = bench.app.retention.runPurge(runId);
  await new Promise((done) => { setTimeout(done, 2_600); });
  expect(await bench.count(`${PARTITION}_gone`)).toBe(8);
  await goAway();
  await running;
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 8n });
});

test('a policy that is lengthened after the plan keeps what the plan would have removed', async () => {
  await writeCalls(bench.app, DAY, { acme: 4, globex: 4 });
  const runId = await plan(bench.app, 'api_call_metadata');
  await retentionWith(bench.app, { act: hooked(2, async () => {
    ok(await bench.app.act(system, (tx) => bench.app.retention.publishPolicy(tx, { dataType: 'api_call_metadata', accountId: 'acme', keep: 'P24M' })));
  }) }).runPurge(runId);
  expect([await left('acme'), await left('globex')]).toEqual([4, 0]);
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 4n, rowsHeld: 0n });
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

test('a release during a run frees nothing for that run', async () => {
  await writeCalls(bench.app, DAY, { acme: 4, globex: 8 });
  const { holdId } = await placeHold('acme');
  const runId = await plan(bench.app, 'api_call_metadata');
  await release(bench.app, holdId);
  bench.clock.advance(40 * 86_400_000);
  await bench.app.retention.runPurge(runId);
  expect([await left('acme'), await left('globex')]).toEqual([4, 0]);
});
