import { partitionName } from '../../src/platform/db/index.js';
import { RECURRING_JOBS, followPurgeSchedule } from '../../src/entrypoints/jobs/schedule.js';
import { allJobs, startWorker } from '../../src/entrypoints/jobs/worker.js';
import { ok, person, system } from '../support/registry.js';
import { createRetentionBench, DAY_MS, NOW, plan, writeCalls, writeEvents, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench, worker: { close(): Promise<void> };
beforeAll(async () => {
  const redis = new URL(process.env['TEST_REDIS_URL'] ?? '');
  redis.pathname = '/13';
  bench = await createRetentionBench({ REDIS_URL: redis.toString() });
  await bench.app.database.pool.query('DELETE FROM retention_policies');
  worker = await startWorker(bench.app);
});
afterAll(async () => {
  for (const { name } of await bench.app.queue().upcoming()) await bench.app.queue().schedule(name, null, 'UTC');
  await worker.close();
  await bench.close();
});
const eventually = async (check: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1_800; tries += 1) { if (await check()) return; await new Promise((done) => { setTimeout(done, 25); }); }
  const open = (await bench.app.retention.purgeRuns()).map((run) => `${run.dataType} ${run.state} ${run.failure ?? ''}`);
  throw new Error(`never; the runs: ${open.join(', ')}`);
};
const setSchedule = (schedule: { cron: string; timeZone: string; paused: boolean }, actor = system) => bench.app.act(actor, (tx) => bench.app.retention.setSchedule(tx, schedule));
const purgeSchedule = async (): Promise<[string, string][]> => (await bench.app.queue().upcoming()).filter((job) => job.name === 'purge-expired').map((job) => [job.cron, job.timeZone]);

test('a start makes the partitions of the coming week and the default policies before the first job', async () => {
  for (let day = 0; day <= 7; day += 1) expect(await bench.count(`pg_class WHERE relname = '${partitionName('calls', new Date(NOW.getTime() + day * DAY_MS))}'`)).toBe(1);
  expect(await bench.app.retention.policies({ inForce: true })).toHaveLength(7);
});

test('every recurring job is one the worker runs, and recurs', async () => {
  const known = allJobs(bench.app).map((job) => job.name);
  expect(new Set(known).size).toBe(known.length);
  for (const { name } of RECURRING_JOBS) expect(known).toContain(name);
  expect((await bench.app.queue().upcoming()).map((job) => job.name).sort()).toEqual([...RECURRING_JOBS.map((job) => job.name), 'purge-expired'].sort());
});

test('purges recur as the schedule in the database says, move with it, and stop while it is paused', async () => {
  expect(await purgeSchedule()).toEqual([['30 3 * * *', 'UTC']]);
  expect(ok(await setSchedule({ cron: '0 2 * * 6', timeZone: 'Asia/Shanghai', paused: false }))).toEqual({ changed: true });
  expect(ok(await setSchedule({ cron: '0 2 * * 6', timeZone: 'Asia/Shanghai', paused: false }))).toEqual({ changed: false });
  await followPurgeSchedule(bench.app);
  expect(await purgeSchedule()).toEqual([['0 2 * * 6', 'Asia/Shanghai']]);
  expect((await bench.app.retention.upcomingRuns(2)).map((at) => at.toISOString())).toEqual(['2026-11-27T18:00:00.000Z', '2026-12-04T18:00:00.000Z']);
  ok(await setSchedule({ cron: '0 2 * * 6', timeZone: 'Asia/Shanghai', paused: true }));
  await followPurgeSchedule(bench.app);
  expect(await purgeSchedule()).toEqual([]);
  expect(await bench.app.retention.upcomingRuns()).toEqual([]);
  expect(await bench.count(`audit_records WHERE action = 'schedule.set'`)).toBe(2);
});

test('a schedule that is none, in a zone that is none, or by someone who may not, is refused', async () => {
  expect(await setSchedule({ cron: 'nightly', timeZone: 'UTC', paused: false })).toMatchObject({ code: 'invalid_request', field: 'cron' });
  expect(await setSchedule({ cron: '* * * * *', timeZone: 'Mars/Base', paused: false })).toMatchObject({ code: 'invalid_request', field: 'timeZone' });
  expect(await setSchedule({ cron: '* * * * *', timeZone: 'UTC', paused: false }, person('auditor'))).toMatchObject({ code: 'forbidden' });
});

test('the recurring purge goes through every data type, certifies what was due, and leaves a trace of what was not', async () => {
  await writeCalls(bench.app, '2025-11-20', { acme: 3 });
  await writeEvents(bench.app, '2025-11-20', { acme: 2 });
  await bench.app.queue().enqueue('purge-expired', '');
  await eventually(async () => (await bench.app.retention.purgeRuns()).length === 7);
  await eventually(async () => (await bench.app.retention.openRuns()).length === 0);
  const runs = await bench.app.retention.purgeRuns();
  expect(Object.fromEntries(runs.map((run) => [run.dataType, [run.state, run.rowsDeleted, run.trigger]]))).toMatchObject({
    api_call_metadata: ['certified', 3n, 'schedule'], security_logs: ['certified', 2n, 'schedule'], payment_records: ['nothing_due', 0n, 'schedule'] });
});

test('a run that was planned and whose job was lost is taken up', async () => {
  await writeCalls(bench.app, '2025-11-19', { acme: 3 });
  const runId = await plan(bench.app, 'api_call_metadata');
  await bench.app.queue().enqueue('resume-purge-runs', '');
  await eventually(async () => (await bench.app.retention.purgeRun(runId))?.state === 'certified');
});

test('the nightly self-check verifies the ledger and puts the result on record', async () => {
  await bench.app.ledger.sealOnce();
  await bench.app.queue().enqueue('verify-ledger', '');
  await eventually(async () => await bench.count(`audit_records WHERE action = 'ledger.verify' AND subject_kind = 'ledger' AND subject_id = 'log' AND (after->>'intact')::boolean`) === 1);
});
