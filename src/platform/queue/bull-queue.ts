// The only file that may import bull.
import Bull from 'bull';
import { coerceError } from '../../kernel/errors.js';
import type { Logger } from '../log/log.js';
import type { JobDefinition, Queue } from './queue.js';

/** How long an enqueue waits for Redis before it fails; the caller's row stays, and a sweep or a person asks again. */
const ENQUEUE_MS = 3_000;

/**
 * A Queue on Bull and Redis. `prefix` separates instances that share a Redis. Bull gives every processor any job, so as many jobs run
 * at once as names are registered, possibly several of one name: a job is idempotent by its row.
 */
export function createBullQueue(options: { redisUrl: string; log: Logger; prefix?: string }): Queue {
  const queue = new Bull<{ id?: string }>('holdfast', options.redisUrl, {
    prefix: options.prefix ?? 'holdfast',
    // Stalled jobs are found within seconds: measured 61.7 s to recover after kill -9 with Bull's defaults.
    settings: { lockDuration: 8_000, stalledInterval: 2_000, maxStalledCount: 5 },
    redis: { maxRetriesPerRequest: null, enableReadyCheck: false, retryStrategy: (attempt: number) => Math.min(attempt * 200, 2_000) },
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true, removeOnFail: 100 },
  });
  // Each job that is registered listens for the connection; more than ten of them are no leak.
  queue.client.setMaxListeners(0);
  queue.on('error', (error) => options.log.warn('queue error', { error: coerceError(error).message }));
  queue.on('failed', (job, error) => options.log.error('job failed', { job: job.name, id: job.data?.id, attempt: job.attemptsMade, error }));
  const repeating = async (name: string): Promise<Bull.JobInformation[]> => (await queue.getRepeatableJobs()).filter((job) => job.name === name);
  return {
    work: (job: JobDefinition) => {
      void queue.process(job.name, 1, async (bullJob: Bull.Job<{ id?: string }>) => { await job.run(bullJob.data.id ?? ''); });
    },
    enqueue: (name, id) => inTime(async () => {
      const jobId = `${name}:${id}`;
      // A job that failed for good is kept to be looked at; it must not swallow the next request of the same name and id.
      const old = await queue.getJob(jobId);
      if (old && await old.isFailed()) await old.remove();
      await queue.add(name, { id }, { jobId });
    }),
    schedule: async (name, cron, timeZone) => {
      const old = await repeating(name);
      for (const one of old) if (one.cron !== cron || one.tz !== timeZone) await queue.removeRepeatableByKey(one.key);
      if (cron !== null && !old.some((one) => one.cron === cron && one.tz === timeZone)) await queue.add(name, {}, { repeat: { cron, tz: timeZone } });
    },
    upcoming: async () => (await queue.getRepeatableJobs())
      .map((job) => ({ name: job.name, cron: job.cron, timeZone: job.tz ?? 'UTC', next: new Date(job.next) })),
    healthy: async () => {
      try { return (await Promise.race([queue.client.ping(), new Promise<string>((done) => { setTimeout(done, 1_000, 'late').unref(); })])) === 'PONG'; } catch { return false; }
    },
    close: () => queue.close(),
  };
}

async function inTime(work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ENQUEUE_MS / 1_000} s; is Redis running?`)), ENQUEUE_MS); });
  try { await Promise.race([work(), late]); } finally { clearTimeout(timer); }
}
