// Jobs that belong to no slice: they keep the machinery itself going.
import type { App } from '../../app.js';
import { systemActor } from '../../kernel/actor.js';
import { describeReport } from '../views/ledger-report.js';
import { ensurePartitions, freezeDay, PARTITIONS_AHEAD_DAYS } from '../../platform/db/index.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import { followPurgeSchedule } from './schedule.js';

const DAY_MS = 86_400_000;

export function ownJobs(app: App): JobDefinition[] {
  return [
    { name: 'ensure-partitions', run: () => keepPartitionsAhead(app) },
    // Two days, so that a worker that was away for one night leaves none out.
    { name: 'freeze-finished-days', run: async () => { for (const days of [1, 2]) await freezeDay(app.database.pool, new Date(app.clock.now().getTime() - days * DAY_MS)); } },
    { name: 'follow-purge-schedule', run: () => followPurgeSchedule(app) },
    { name: 'resume-purge-runs', run: async () => { for (const run of await app.retention.runsToGoOn()) await app.queue().enqueue('run-purge', run.runId); } },
    { name: 'expire-approvals', run: async () => { await app.act(systemActor('schedule'), (tx) => app.security.expireApprovals(tx)); } },
    { name: 'write-removals', run: async () => { await app.ledger.removals.writeFiles(); } },
    { name: 'thin-checkpoints', run: async () => { await app.ledger.thinCheckpoints(); } },
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
  const report = await app.ledger.verify(app.retention.removals());
  await app.act(systemActor('self-check'), (tx) => app.ledger.append(tx, { action: 'ledger.verify', subjectKind: 'ledger', subjectId: 'log', purpose: 'security_audit',
    after: describeReport(report) }));
  if (!report.explained) app.log.error('the ledger is not intact', { counts: report.counts, problems: report.problems.slice(0, 5) });
}
