// The worker role: runs the jobs of all slices and our own, and keeps the recurring ones recurring.
import type { App } from '../../app.js';
import { coerceError } from '../../kernel/errors.js';
import { systemActor } from '../../kernel/actor.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import { watchStanding, type Gate } from '../start/watch-standing.js';
import { keepPartitionsAhead, ownJobs } from './own-jobs.js';
import { applySchedules } from './schedule.js';

/** Every job this program knows, by the slice it belongs to. */
export function allJobs(app: App): readonly JobDefinition[] {
  return [...app.retention.jobs, ...app.gateway.jobs, ...app.cases.jobs, ...app.evidence.jobs, ...ownJobs(app)];
}

/**
 * Starts working. What the day needs is done before the first job: partitions, default policies, schedules. `close` waits for running
 * jobs; one that is killed instead goes on where its row says, in this or another worker.
 */
export async function startWorker(app: App): Promise<{ close(): Promise<void> }> {
  const gate = await watchStanding(app);
  if (gate.closed === undefined) return beginWork(app, gate);
  let stopped = false;
  const later = gate.opened().then(() => (stopped ? undefined : beginWork(app, gate)));
  later.catch((error: unknown) => { app.log.error('the worker could not start after the replay', { error: coerceError(error) }); process.exitCode = 1; process.kill(process.pid, 'SIGTERM'); });
  return { close: async () => { stopped = true; gate.stop(); await (await later.catch(() => undefined))?.close(); } };
}

async function beginWork(app: App, gate: Gate): Promise<{ close(): Promise<void> }> {
  await app.ledger.removals.writeFiles();
  await keepPartitionsAhead(app);
  await app.act(systemActor('worker'), (tx) => app.retention.ensureDefaultPolicies(tx));
  const queue = app.queue(), jobs = allJobs(app);
  for (const job of jobs) queue.work(job);
  await applySchedules(app);
  app.log.info('the worker is at work', { jobs: jobs.map((job) => job.name) });
  return { close: () => { gate.stop(); return queue.close(); } };
}
