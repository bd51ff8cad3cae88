// Redis killed and started again: the worker comes back by itself, what was asked for before is done once it is back, and nothing waits for ever.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedRedis } from '../../src/platform/embedded/redis.js';
import type { EmbeddedServer } from '../../src/platform/embedded/server-process.js';
import { createLogger } from '../../src/platform/log/log.js';
import { createBullQueue } from '../../src/platform/queue/bull-queue.js';
import type { Queue } from '../../src/platform/queue/queue.js';

const silent = createLogger('test', 'error', () => undefined);
let home: string, redis: EmbeddedServer, asking: Queue, working: Queue;
const start = (): Promise<EmbeddedServer> => startEmbeddedRedis({ home, path: process.env['PATH'] ?? '' });
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'holdfast-redis-'));
  chmodSync(home, 0o711);
  redis = await start();
}, 180_000);
afterAll(async () => {
  await Promise.all([asking.close(), working.close()]);
  await redis.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}, 180_000);

test('jobs go on after kill -9 of Redis, the one that was running and the ones that come later', async () => {
  const ran: string[] = [], started: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => { release = resolve; });
  working = createBullQueue({ redisUrl: redis.url, log: silent });
  working.work({ name: 'job', run: async (id) => { started.push(id); if (id === 'under-way') await held; ran.push(id); } });
  asking = createBullQueue({ redisUrl: redis.url, log: silent });
  await asking.enqueue('job', 'under-way');
  for (let i = 0; i < 2_000 && started.length === 0; i++) await sleep(10);
  const { url } = redis;
  process.kill(redis.pid, 'SIGKILL');
  await redis.ended;
  expect(await asking.healthy()).toBe(false);
  await expect(asking.enqueue('job', 'lost')).rejects.toThrow('is Redis running');
  redis = await start();
  expect(redis.url).toBe(url);
  release();
  for (let i = 0; i < 3_000 && !ran.includes('under-way'); i++) await sleep(10);
  for (let i = 0; i < 3_000 && !ran.includes('later'); i++) { await asking.enqueue('job', 'later').catch(() => undefined); await sleep(50); }
  expect(ran).toEqual(expect.arrayContaining(['under-way', 'later']));
  expect(await asking.healthy()).toBe(true);
}, 180_000);
