// Jobs that belong to no slice: they keep the machinery itself going.
import type { App } from '../../app.js';
import { systemActor } from '../../kernel/actor.js';
import { ensurePartitions, freezeDay, PARTITIONS_AHEAD_DAYS } from '../../platform/db/index.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import { followPurgeSchedule } from './schedule.js';

const DAY_MS = 86_400_000;
const WAIT_FOR_PURGE_MS = 15 * 60_000;

export function ownJobs(app: App): JobDefinition[] {
  return [
    { name: 'ensure-partitions', run: () => keepPartitionsAhead(app) },
    // Two days, so that a worker that was away for one night leaves none out.
    { name: 'freeze-finished-days', run: async () => { for (const days of [1, 2]) await freezeDay(app.database.pool, new Date(app.clock.now().getTime() - days * DAY_MS)); } },
    { name: 'follow-purge-schedule', run: () => followPurgeSchedule(app) },
    { name: 'resume-purge-runs', run: async () => { for (const run of await app.retention.runsToGoOn()) await app.queue().enqueue('run-purge', run.runId); } },
    { name: 'expire-approvals', run: async () => { await app.act(systemActor('schedule'), (tx) => app.security.expireApprovals(tx)); } },
    { name: 'verify-ledger', run: () => verifyLedger(app) },
  ];
}

/** Makes the partitions from today on for as many days as are promised. */
export async function keepPartitionsAhead(app: App): Promise<void> {
  const now = app.clock.now();
  const made = await ensurePartitions(app.database.pool, now, new Date(now.getTime() + PARTITIONS_AHEAD_DAYS * DAY_MS));
  if (made.length > 0) app.log.info('partitions made', { count: made.length });
}

/** The self-check; its result is a ledger record, which metrics and the console read. An unsound ledger is an error in the log. */
async function verifyLedger(app: App): Promise<void> {
  // What an open run has removed is not certified yet and would be reported as missing.
  const until = performance.now() + WAIT_FOR_PURGE_MS;
  while ((await app.retention.openRuns()).some((run) => run.state === 'running' || run.state === 'verifying') && performance.now() < until) await new Promise((done) => { setTimeout(done, 5_000); });
  const report = await app.ledger.verify({ certifiedPurges: () => app.retention.certifiedPurges(), heldRecords: () => app.retention.heldRecords() });
  await app.act(systemActor('self-check'), (tx) => app.ledger.append(tx, { action: 'ledger.verify', subjectKind: 'ledger', subjectId: 'log', purpose: 'security_audit',
    after: { intact: report.intact, tree_size: report.treeSize.toString(), counts: { ...report.counts }, problems: report.problems.slice(0, 20).map((problem) => problem.message), took_ms: report.tookMs } }));
  if (!report.intact) app.log.error('the ledger is not intact', { counts: report.counts, problems: report.problems.slice(0, 5) });
}
