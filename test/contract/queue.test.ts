// What the product relies on in a queue, on Bull and a real Redis. Another implementation of the port has to pass the same.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createLogger } from '../../src/platform/log/log.js';
import { createBullQueue } from '../../src/platform/queue/bull-queue.js';
import { isCron, nextRuns } from '../../src/platform/queue/cron.js';
import type { Queue } from '../../src/platform/queue/queue.js';

const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
const silent = createLogger('test', 'error', () => undefined);
let prefix: string;
const open: Queue[] = [];
const aQueue = (url = redisUrl): Queue => {
  const queue = createBullQueue({ redisUrl: url, log: silent, prefix });
  open.push(queue);
  return queue;
};
beforeEach(() => { prefix = `t_${randomBytes(6).toString('hex')}`; });
afterEach(async () => { await Promise.all(open.splice(0).map((queue) => queue.close())); });

const sleep = (ms: number): Promise<void> => new Promise((done) => { setTimeout(done, ms); });
async function until(condition: () => boolean, ms = 5_000): Promise<void> {
  for (const end = performance.now() + ms; !condition();) { if (performance.now() > end) throw new Error('never'); await sleep(10); }
}

test('a job runs in the worker with the id it was asked for, and only the id travels', async () => {
  const ran: string[] = [];
  aQueue().work({ name: 'run-purge', run: async (id) => { ran.push(id); } });
  await aQueue().enqueue('run-purge', 'run-1');
  await until(() => ran.length === 1);
  expect(ran).toEqual(['run-1']);
});

test('the same name and id while one waits or runs is one job; another id is another; once it is done it can be asked for again', async () => {
  const ran: string[] = [], queue = aQueue();
  let release = (): void => undefined;
  const gate = new Promise<void>((done) => { release = done; });
  for (let n = 0; n < 5; n += 1) await queue.enqueue('job', 'a');
  await queue.enqueue('job', 'b');
  queue.work({ name: 'job', run: async (id) => { ran.push(id); await gate; } });
  await until(() => ran.length === 1);
  await queue.enqueue('job', 'a');
  release();
  await until(() => ran.length === 2);
  await sleep(200);
  expect(ran.sort()).toEqual(['a', 'b']);
  await queue.enqueue('job', 'a');
  await until(() => ran.length === 3);
});

test('a job that throws is tried again, and one that gave up does not swallow the next request', async () => {
  let tries = 0;
  const queue = aQueue();
  queue.work({ name: 'flaky', run: async () => { tries += 1; if (tries < 3) throw new Error('not yet'); } });
  await queue.enqueue('flaky', 'x');
  await until(() => tries === 3);
  await sleep(100);
  // As if all five attempts were used up: Bull keeps the failed job under its id.
  const { default: Bull } = await import('bull');
  const raw = new Bull('holdfast', redisUrl, { prefix });
  await raw.add('flaky', { id: 'y' }, { jobId: 'flaky:y', attempts: 1, removeOnFail: false });
  tries = -10;
  await until(() => tries === -9);
  await sleep(100);
  expect(await (await raw.getJob('flaky:y'))!.isFailed()).toBe(true);
  tries = 5;
  await queue.enqueue('flaky', 'y');
  await until(() => tries === 6);
  await raw.close();
});

test('a recurring job comes due by its cron in its zone; a new schedule replaces the old, null ends it', async () => {
  const queue = aQueue();
  await queue.schedule('purge-expired', '30 3 * * *', 'Asia/Shanghai');
  await queue.schedule('purge-expired', '30 3 * * *', 'Asia/Shanghai');
  await queue.schedule('other', '* * * * *', 'UTC');
  const [job, ...rest] = (await queue.upcoming()).filter((one) => one.name === 'purge-expired');
  expect(rest).toEqual([]);
  expect(job).toMatchObject({ cron: '30 3 * * *', timeZone: 'Asia/Shanghai' });
  expect(job!.next).toEqual(nextRuns('30 3 * * *', 'Asia/Shanghai', new Date(), 1)[0]);
  await queue.schedule('purge-expired', '0 5 * * *', 'UTC');
  expect((await queue.upcoming()).map((one) => `${one.name} ${one.cron} ${one.timeZone}`).sort()).toEqual(['other * * * * * UTC', 'purge-expired 0 5 * * * UTC']);
  await queue.schedule('purge-expired', null, 'UTC');
  expect((await queue.upcoming()).map((one) => one.name)).toEqual(['other']);
});

test('a recurring job that is due runs, with no id', async () => {
  const ran: string[] = [], queue = aQueue();
  queue.work({ name: 'tick', run: async (id) => { ran.push(id); } });
  await queue.schedule('tick', '* * * * * *', 'UTC');
  await until(() => ran.length >= 2);
  expect(new Set(ran)).toEqual(new Set(['']));
});

test('closing waits for the job that runs', async () => {
  let started = false, ended = false;
  const queue = createBullQueue({ redisUrl, log: silent, prefix });
  queue.work({ name: 'slow', run: async () => { started = true; await sleep(400); ended = true; } });
  await queue.enqueue('slow', 'x');
  await until(() => started);
  await queue.close();
  expect(ended).toBe(true);
});

test('it says whether Redis answers, and an enqueue without Redis fails instead of hanging', async () => {
  expect(await aQueue().healthy()).toBe(true);
  const dead = createBullQueue({ redisUrl: 'redis://127.0.0.1:1', log: silent });
  expect(await dead.healthy()).toBe(false);
  await expect(dead.enqueue('job', 'x')).rejects.toThrow('is Redis running');
  void dead.close().catch(() => undefined);
}, 20_000);

test('a job whose worker is killed is taken up by another', async () => {
  const child = fork('test/support/queue-process.mjs', [redisUrl, prefix], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], execArgv: [] });
  const started = once(child.stdout!, 'data');
  await aQueue().enqueue('stall', 'x');
  await started;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const ran: string[] = [];
  aQueue().work({ name: 'stall', run: async (id) => { ran.push(id); } });
  await until(() => ran.length === 1, 45_000);
  expect(ran).toEqual(['x']);
}, 60_000);

test.each([['30 3 * * *', true], ['*/5 0-6 1,15 * 1-5', true], ['* * * * * *', false], ['60 3 * * *', false], ['0 0 30 2 *', false], ['nightly', false], ['', false]])('%s is a cron expression of five fields that comes due: %s', (text, expected) => {
  expect(isCron(text)).toBe(expected);
});

test('runs follow the clock of their zone over a clock change', () => {
  expect(nextRuns('30 3 * * *', 'Europe/Berlin', new Date('2026-10-24T00:00:00Z'), 3).map((at) => at.toISOString())).toEqual(['2026-10-24T01:30:00.000Z', '2026-10-25T02:30:00.000Z', '2026-10-26T02:30:00.000Z']);
});
