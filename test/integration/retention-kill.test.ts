// A purge whose process dies at any moment goes on where its rows say.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, expectFinished, partitionOf, threeDays, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => {
  bench = await createRetentionBench();
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await bench.close();
});

describe('a killed process', () => {
  const start = (runId: string): ChildProcess => {
    const child = fork('test/support/purge-process.mjs', { stdio: 'pipe', execArgv: [], env: { PATH: process.env['PATH'], HOLDFAST_HOME: bench.home, DATABASE_URL: bench.databaseUrl, HOLDFAST_LOG_LEVEL: 'error', PURGE_RUN: runId } });
    children.push(child);
    return child;
  };
  const until = async (sql: string): Promise<void> => {
    for (let tries = 0; tries < 2_000; tries += 1) {
      if ((await bench.app.database.pool.query(sql)).rowCount) return;
      await new Promise((done) => { setTimeout(done, 25); });
    }
    throw new Error(`never: ${sql}`);
  };

  test('by kill -9 before the rows are destroyed leaves them, and the run goes on elsewhere', async () => {
    const { runId, days } = await threeDays(bench);
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
    await expectFinished(bench, runId, days);
    expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
  });

  test.each(['run', 'job'])('by kill -9 in the middle of DETACH CONCURRENTLY leaves it pending, and the %s finishes it', async (finisher) => {
    const { runId, days } = await threeDays(bench);
    const reader = await bench.app.database.pool.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT 1 FROM calls LIMIT 1');
    const child = start(runId);
    await until('SELECT 1 FROM pg_inherits WHERE inhdetachpending');
    child.kill('SIGKILL');
    await once(child, 'exit');
    // Its session may still wait for the reader on its behalf; it is ended too, as a machine that goes down would.
    await bench.app.database.pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE calls DETACH%' AND datname = current_database() AND pid <> pg_backend_pid()`);
    const finalise = bench.app.retention.jobs.find((job) => job.name === 'finalise-detached')!;
    // Whoever still reads it is waited for: not now, but the job has not failed.
    if (finisher === 'job') await finalise.run('');
    await reader.query('ROLLBACK');
    reader.release();
    expect(await bench.read('SELECT 1 FROM pg_inherits WHERE inhdetachpending')).toHaveLength(1);
    if (finisher === 'job') {
      await finalise.run('');
      // The run that was killed wants it out: nothing is put back, and nothing is destroyed.
      expect(await bench.read('SELECT 1 FROM pg_inherits WHERE inhdetachpending')).toEqual([]);
      expect([await bench.count(partitionOf(days[0]!)), await bench.count('calls')]).toEqual([6, 14]);
      expect(await bench.read("SELECT subject_id, after->>'outcome' AS outcome FROM audit_records WHERE action = 'purge.finalise'")).toEqual([{ subject_id: partitionOf(days[0]!), outcome: 'left to its run' }]);
    }
    await bench.app.retention.runPurge(runId);
    await expectFinished(bench, runId, days);
    expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
  });
});

test('a reader that stays does not stop the purge for good, nor the purge the inserts', async () => {
  const { runId, days } = await threeDays(bench);
  const reader = await bench.app.database.pool.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT 1 FROM calls LIMIT 1');
  let over = false;
  const running = bench.app.retention.runPurge(runId).finally(() => { over = true; });
  await new Promise((done) => { setTimeout(done, 300); });
  await writeCalls(bench.app, '2026-11-24', { globex: 1 });
  expect(over).toBe(false); // the insert got through while the reader was still in the purge's way
  await bench.app.database.pool.query(`DELETE FROM calls WHERE at >= '2026-11-24'`);
  await reader.query('ROLLBACK');
  reader.release();
  await running;
  await expectFinished(bench, runId, days);
});
