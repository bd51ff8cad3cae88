// The kill -9 matrix: a process that is killed at each step of a run, from planning to the certificate, one step a process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { LeafList } from '../../src/domain/retention/purged-leaves.js';
import { approve } from '../support/approvals.js';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, expectFinished, threeDays, verifyAll, writeCalls, aDay, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => {
  bench = await createRetentionBench();
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
afterAll(async () => { await bench.close(); });

/** Lets a process do its part until it kills itself, or ends; answers whether it was killed. */
async function killed(part: Record<string, string>, kill: string): Promise<boolean> {
  const child = fork('test/support/purge-process.mjs', { stdio: 'pipe', execArgv: [], env: { PATH: process.env['PATH'], HOLDFAST_HOME: bench.home, DATABASE_URL: bench.databaseUrl, HOLDFAST_LOG_LEVEL: 'error', PURGE_KILL: kill, ...part } });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => { said += text.toString(); });
  const [code, signal] = await once(child, 'exit') as [number | null, string | null];
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the process failed: ${said}`);
  return signal === 'SIGKILL';
}
const runs = () => bench.read<{ run_id: string; state: string; needs_approval: boolean; approval_id: string }>("SELECT run_id, state, needs_approval, approval_id FROM purge_runs WHERE state NOT IN ('certified', 'nothing_due', 'cancelled')");
/** Where a run stands, as its rows say. */
async function place(runId: string): Promise<string> {
  const run = (await bench.app.retention.purgeRun(runId))!;
  return `${run.state}: ${run.items.map((item) => (item.state === 'done' ? 'done' : item.state === 'detached' ? 'out' : '-')).join(' ')}`;
}

test('killed while it is planned or approved, a run is not there, or waits as planned and approved; never half', async () => {
  await writeCalls(bench.app, aDay(), { globex: 2 });
  expect(await killed({ PURGE_TYPE: 'api_call_metadata' }, 'before 1')).toBe(true);
  expect([await runs(), await bench.app.security.approvals({ state: 'pending' })]).toEqual([[], []]);
  expect(await killed({ PURGE_TYPE: 'api_call_metadata' }, 'after 1')).toBe(true);
  const [run] = await runs();
  expect(run).toMatchObject({ state: 'planned' });
  await bench.app.act(system, (tx) => bench.app.retention.cancelRun(tx, run!.run_id, 'by hand instead'));
  // By hand, so that a second person is asked.
  const officer = { kind: 'operator', id: '00000000-0000-7000-8000-00000000bbbb', name: 'Olga', roles: ['compliance_officer'] } as const;
  const byHand = ok(await bench.app.act(officer, (tx) => bench.app.retention.planPurge(tx, 'api_call_metadata', 'Olga'))), [asked] = await runs();
  expect(asked).toMatchObject({ state: 'planned', needs_approval: true });
  expect(await killed({ PURGE_APPROVAL: asked!.approval_id }, 'before 1')).toBe(true);
  expect(await runs()).toMatchObject([{ state: 'planned', needs_approval: true }]);
  expect(await killed({ PURGE_APPROVAL: asked!.approval_id }, 'after 1')).toBe(true);
  expect(await runs()).toMatchObject([{ state: 'approved', needs_approval: false }]);
  await expect(approve(bench.app, asked!.approval_id)).rejects.toThrow();
  await bench.app.retention.runPurge(byHand);
  expect(await place(byHand)).toBe('certified: done');
});

test('killed in every step, a run goes on from each, loses nothing that is held, and is never taken for a loss', async () => {
  const { runId, days } = await threeDays(bench), places: string[] = [];
  // A process takes the run up, brings it one step forward, and dies in the next with everything done and nothing committed.
  // Where it does not get further, because steps before the commit point are made again, it may make one more.
  for (let died = true, step = 2; died; step = places.at(-1) === places.at(-2) ? step + 1 : 3) {
    died = await killed({ PURGE_RUN: runId }, `before ${step}`);
    const at = await place(runId), report = await verifyAll(bench.app);
    places.push(at);
    expect([at, report.intact, report.counts.missing, report.problems]).toEqual([at, true, 0, []]);
    // What is held is in the table, or in the partition that is out of it and not destroyed.
    expect(await bench.count(`(SELECT 1 FROM calls WHERE account_id = 'acme' AND at >= '${days[0]!}') held`)).toBe(7);
    if (places.length > 40) throw new Error(`it does not get on: ${places.join(' | ')}`);
  }
  await expectFinished(bench, runId, days);
  expect(places.filter((at, index) => at !== places[index - 1])).toEqual(['running: - - -', 'running: out - -', 'running: done - -', 'running: done out -', 'running: done done -', 'running: done done done', 'verifying: done done done', 'certified: done done done']);
}, 240_000);

test('a list of leaves that no ledger record of its run states explains nothing away', async () => {
  const { runId, days } = await threeDays(bench);
  await killed({ PURGE_RUN: runId }, 'before 2');
  const [row] = await bench.read<{ request_id: string; leaf: string }>(`SELECT c.request_id, b.first_leaf + c.batch_position AS leaf FROM calls c JOIN ledger_batches b USING (batch_id) WHERE c.at >= $1 ORDER BY 1 LIMIT 1`, [days[0]]);
  const list = new LeafList();
  list.add(Number(row!.leaf));
  await bench.app.database.pool.query('DELETE FROM calls WHERE request_id = $1', [row!.request_id]);
  await bench.app.database.pool.query("UPDATE purge_run_items SET state = 'done', purged_leaves = $2 WHERE run_id = $1 AND position = 1", [runId, list.pack()]);
  await bench.app.database.pool.query('INSERT INTO purge_item_leaves (run_id, position, part, leaves) VALUES ($1, 2, 1, $2)', [runId, list.pack()]);
  expect(await verifyAll(bench.app)).toMatchObject({ intact: false, explained: false, uncertified: [], problems: [{ verdict: 'missing', leafIndex: BigInt(row!.leaf) }] });
});
