// A purge that fails, lies or dies at any step goes on where its rows say, and never removes what its certificate does not name.
import type { RetentionDeps } from '../../src/domain/retention/index.js';
import type { Act, Database } from '../../src/platform/db/index.js';
import { createLogger } from '../../src/platform/log/log.js';
import { ok, system } from '../support/registry.js';
import { aDay, createRetentionBench, expectFinished, plan, retentionWith, threeDays, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => {
  bench = await createRetentionBench();
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
afterAll(async () => { await bench.close(); });

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
    const { runId, days } = await threeDays(bench), faults = failing(step, when);
    let failed = false;
    try { await retentionWith(bench.app, faults.changes).runPurge(runId); } catch { failed = true; }
    reached = faults.steps() >= step;
    if (reached) failures.push(failed);
    if (failed) await bench.app.retention.runPurge(runId);
    await expectFinished(bench, runId, days);
  }
  // A DETACH that only reported failure is seen to have happened; every other step must have stopped the run.
  expect(failures.length).toBeGreaterThan(12);
  expect(failures.filter((failed) => !failed)).toHaveLength(when === 'after' ? 1 : 0);
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true, problems: [] });
});

test('a run that stops between two batches of rows counts each row once', async () => {
  const day = aDay();
  await writeCalls(bench.app, day, { globex: 5_100, acme: 5_200 });
  const runId = await plan(bench.app, 'api_call_metadata'), faults = failing(2, 'after');
  await expect(retentionWith(bench.app, faults.changes).runPurge(runId)).rejects.toThrow('failed after');
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'failed', failure: 'failed after', failures: 1, retryAt: new Date('2026-11-24T12:05:00Z'), items: [{ method: 'delete_rows', state: 'planned', rowsDeleted: 5_000n }] });
  await bench.app.retention.runPurge(runId);
  expect(await bench.app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 5_100n, rowsHeld: BigInt(await bench.count('calls')) });
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});
