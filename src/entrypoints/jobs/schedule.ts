// Every recurring job, in one table. Purges stand in the database instead (purge_schedule), where an officer sets them.
import type { App } from '../../app.js';

export interface RecurringJob { readonly name: string; readonly cron: string; /** 'UTC', or the zone the operator configured. */ readonly zone: 'utc' | 'operator'; readonly why: string }

export const RECURRING_JOBS: readonly RecurringJob[] = [
  { name: 'ensure-partitions', cron: '7 * * * *', zone: 'utc', why: 'without a partition for the day nothing can be recorded, and then nothing may leave' },
  { name: 'settle-orphaned-calls', cron: '* * * * *', zone: 'utc', why: 'a call whose gateway died becomes a recorded call with outcome unknown' },
  { name: 'sweep-requested-packs', cron: '* * * * *', zone: 'utc', why: 'a pack whose job was lost is assembled after all' },
  { name: 'remind-cases', cron: '*/5 * * * *', zone: 'utc', why: 'a deadline of a case that comes closer is noted and, where mail is set up, mailed' },
  { name: 'settle-ended-cases', cron: '* * * * *', zone: 'utc', why: 'the release of the hold of an ended case is asked for' },
  { name: 'purge-content', cron: '23 * * * *', zone: 'utc', why: 'content goes within the hour its time is over, whenever the other purges run' },
  { name: 'purge-pack-files', cron: '45 4 * * *', zone: 'operator', why: 'the file of a pack goes when the data in it is due' },
  { name: 'follow-purge-schedule', cron: '* * * * *', zone: 'utc', why: 'a changed purge schedule takes effect within a minute' },
  { name: 'freeze-finished-days', cron: '40 0 * * *', zone: 'utc', why: 'simulations and lists count the days that are over by their indexes' },
  { name: 'count-finished-days', cron: '50 * * * *', zone: 'utc', why: 'a simulation adds up what is known of the days that are over' },
  { name: 'follow-policies', cron: '* * * * *', zone: 'utc', why: 'a scheduled policy whose day has come is said to be in force' },
  { name: 'expire-approvals', cron: '*/5 * * * *', zone: 'utc', why: 'what nobody approved in time is over, and a run that waited for it is cancelled' },
  { name: 'finalise-detached', cron: '*/5 * * * *', zone: 'utc', why: 'a DETACH CONCURRENTLY that was cut off is in the way of every later one' },
  { name: 'alert-purges', cron: '*/15 * * * *', zone: 'utc', why: 'failed purges and overdue data are told to those who can do something about it' },
  { name: 'resume-purge-runs', cron: '*/5 * * * *', zone: 'utc', why: 'a run whose job was lost or that waits out its back-off goes on' },
  { name: 'run-erasures', cron: '* * * * *', zone: 'utc', why: 'an approved erasure begins, and one that waited goes on' },
  { name: 'settle-restrictions', cron: '20 * * * *', zone: 'utc', why: 'a restriction of which nothing is left ends' },
  { name: 'write-removals', cron: '* * * * *', zone: 'utc', why: 'what a crash kept from the journal of removals is written to it' },
  { name: 'thin-checkpoints', cron: '35 1 * * *', zone: 'utc', why: 'a checkpoint a second for ever fills a table that nobody reads' },
  { name: 'verify-ledger', cron: '15 5 * * *', zone: 'operator', why: 'the nightly self-check, after the nightly purge' },
];

export const PURGE_JOB = 'purge-expired';

/** Makes the queue recur by the table and by purge_schedule. Safe to repeat, from several workers too. */
export async function applySchedules(app: App): Promise<void> {
  for (const { name, cron, zone } of RECURRING_JOBS) await app.queue().schedule(name, cron, zone === 'utc' ? 'UTC' : app.config.timeZone);
  await followPurgeSchedule(app);
}

/** Makes purges recur as purge_schedule says now; paused means not at all. */
export async function followPurgeSchedule(app: App): Promise<void> {
  const { cron, timeZone, paused } = await app.retention.schedule();
  await app.queue().schedule(PURGE_JOB, paused ? null : cron, timeZone);
}
