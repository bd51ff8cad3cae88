// The only file that may import bull.
import Bull from 'bull';
import { coerceError } from '../../kernel/errors.js';
import type { Logger } from '../log/log.js';
import type { JobDefinition, Queue } from './queue.js';

/** A Queue on Bull and Redis. `prefix` separates instances that share a Redis. */
export function createBullQueue(options: { redisUrl: string; log: Logger; prefix?: string }): Queue {
  const queue = new Bull('holdfast', options.redisUrl, {
    prefix: options.prefix ?? 'holdfast',
    // Stalled jobs are found within seconds: measured 61.7 s to recover after kill -9 with Bull's defaults.
    settings: { lockDuration: 10_000, stalledInterval: 3_000, maxStalledCount: 5 },
    redis: { maxRetriesPerRequest: null, enableReadyCheck: false, retryStrategy: (attempt: number) => Math.min(attempt * 200, 2_000) },
    defaultJobOptions: { attempts: 5, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true, removeOnFail: 100 },
  });
  queue.on('error', (error) => options.log.warn('queue error', { error: coerceError(error).message }));
  queue.on('failed', (job, error) => options.log.error('job failed', { job: job.name, id: job.data?.id, attempt: job.attemptsMade, error }));
  return {
    work: (job: JobDefinition) => {
      void queue.process(job.name, 1, async (bullJob: Bull.Job<{ id?: string }>) => { await job.run(bullJob.data.id ?? ''); });
    },
    enqueue: async (name, id) => { await queue.add(name, { id }, { jobId: `${name}:${id}` }); },
    schedule: async (name, cron, timeZone) => {
      for (const old of await queue.getRepeatableJobs()) if (old.name === name) await queue.removeRepeatableByKey(old.key);
      if (cron !== null) await queue.add(name, {}, { repeat: { cron, tz: timeZone } });
    },
    upcoming: async () => (await queue.getRepeatableJobs())
      .map((job) => ({ name: job.name, cron: job.cron, timeZone: job.tz ?? 'UTC', next: new Date(job.next) })),
    healthy: async () => {
      try { return (await Promise.race([queue.client.ping(), new Promise<string>((done) => { setTimeout(done, 1_000, 'late').unref(); })])) === 'PONG'; } catch { return false; }
    },
    close: () => queue.close(),
  };
}
