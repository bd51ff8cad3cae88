// One suite for both implementations: what a gateway counts by must not depend on where it counts.
import { randomUUID } from 'node:crypto';
import { createMemoryCounters } from '../../src/platform/counters/memory-counters.js';
import { createRedisCounters } from '../../src/platform/counters/redis-counters.js';
import type { Counters, Want } from '../../src/platform/counters/counters.js';

const HOUR = 3_600_000;
const want = (counter: string, amount: number, limit: number): Want => ({ counter, amount, limit, gauge: false });
const gauge = (counter: string, limit: number): Want => ({ counter, amount: 1, limit, gauge: true });
async function redisCounters(): Promise<Counters> {
  const counters = createRedisCounters({ url: process.env['TEST_REDIS_URL']!, prefix: `test:${randomUUID()}:`, timeoutMs: 20_000, onState: (reachable) => { if (reachable) connected(); } });
  let connected!: () => void;
  await new Promise<void>((resolve) => { connected = resolve; });
  return counters;
}

describe.each([['memory', () => Promise.resolve(createMemoryCounters())], ['Redis', redisCounters]] as const)('counters in %s', (_, create) => {
  let counters: Counters, c: string;
  beforeAll(async () => { counters = await create(); });
  beforeEach(() => { c = randomUUID(); });
  afterAll(async () => { await counters.close(); });
  const known = async (total: number, counter = c): Promise<void> => { await counters.begin(counter); await counters.finish(counter, total, [], HOUR); };

  test('a total that is not known is asked for, and nothing is taken meanwhile', async () => {
    expect(await counters.reserve('a', [gauge(`${c}g`, 1), want(c, 5, 10)], HOUR)).toEqual({ state: 'unknown', counters: [c] });
    await known(0);
    expect(await counters.reserve('b', [gauge(`${c}g`, 1), want(c, 5, 10)], HOUR)).toEqual({ state: 'held', levels: [{ used: 0, held: 0 }, { used: 0, held: 0 }] });
  });

  test('reservations are given while total and holds are below the limit, and to all counters or to none', async () => {
    await known(4);
    await known(0, `${c}2`);
    expect(await counters.reserve('a', [want(c, 5, 10), want(`${c}2`, 1, 1)], HOUR)).toMatchObject({ state: 'held' });
    expect(await counters.reserve('b', [want(c, 5, 10), want(`${c}2`, 1, 1)], HOUR)).toEqual({ state: 'full', at: 1, level: { used: 0, held: 1 } });
    expect(await counters.level(c)).toEqual({ used: 4, held: 5 });
    expect(await counters.reserve('d', [want(c, 5, 10)], HOUR)).toMatchObject({ state: 'held' });
    expect(await counters.reserve('e', [want(c, 5, 10)], HOUR)).toEqual({ state: 'full', at: 0, level: { used: 4, held: 10 } });
  });

  test('of many at once no more are given than there is room for', async () => {
    await known(0);
    const answers = await Promise.all(Array.from({ length: 200 }, (_unused, index) => counters.reserve(`r${index}`, [want(c, 10, 500)], HOUR)));
    expect(answers.filter((answer) => answer.state === 'held')).toHaveLength(50);
  });

  test('settling ends the hold and adds what was really used', async () => {
    await known(1);
    await counters.reserve('a', [want(c, 5, 10), gauge(`${c}g`, 1)], HOUR);
    expect(await counters.settle('a', [{ counter: c, amount: 2 }, { counter: `${c}g`, amount: 0 }])).toEqual([3, undefined]);
    expect(await counters.level(c)).toEqual({ used: 3, held: 0 });
    expect(await counters.reserve('b', [gauge(`${c}g`, 1)], HOUR)).toMatchObject({ state: 'held' });
    expect(await counters.reserve('d', [gauge(`${c}g`, 1)], HOUR)).toMatchObject({ state: 'full' });
  });

  test('a hold nobody renews ends by itself; renewing says when, and one that has ended does not come back', async () => {
    await counters.reserve('short', [gauge(c, 3)], 1);
    await counters.reserve('shortened', [gauge(c, 3)], HOUR);
    await counters.reserve('kept', [gauge(c, 3)], HOUR);
    await counters.renew('shortened', [c], 1);
    await counters.renew('kept', [c], HOUR);
    await new Promise((done) => { setTimeout(done, 30); });
    expect(await counters.reserve('x', [gauge(c, 2)], HOUR)).toEqual({ state: 'held', levels: [{ used: 0, held: 1 }] });
    await counters.renew('short', [c], HOUR);
    expect(await counters.reserve('y', [gauge(c, 2)], HOUR)).toMatchObject({ state: 'full', level: { held: 2 } });
  });

  test('after a hold that ended by itself the total is not believed: who held it may have died between record and settlement', async () => {
    await known(5);
    await counters.reserve('dead', [want(c, 3, 10)], 1);
    await new Promise((done) => { setTimeout(done, 30); });
    expect(await counters.reserve('next', [want(c, 3, 10)], HOUR)).toEqual({ state: 'unknown', counters: [c] });
    await known(8);
    expect(await counters.reserve('next', [want(c, 3, 10)], HOUR)).toEqual({ state: 'held', levels: [{ used: 8, held: 0 }] });
  });

  test('what is settled during a rebuild is added once: not again when the records read have it already', async () => {
    expect(await counters.settle('early', [{ counter: c, amount: 100 }])).toEqual([undefined]); // nobody rebuilds: the records will tell
    expect(await counters.begin(c)).toBe(true);
    expect(await counters.begin(c)).toBe(false);
    await counters.settle('in-the-records', [{ counter: c, amount: 10 }]);
    await counters.settle('after-the-reading', [{ counter: c, amount: 7 }]);
    await counters.finish(c, 30, ['in-the-records', 'late'], HOUR);
    expect(await counters.level(c)).toEqual({ used: 37, held: 0 });
    expect(await counters.settle('late', [{ counter: c, amount: 5 }])).toEqual([37]);
    expect(await counters.settle('new', [{ counter: c, amount: 5 }])).toEqual([42]);
    expect(await counters.begin(c)).toBe(false);
  });

  test('a total that is forgotten or too old is not known; holds stay', async () => {
    await known(5);
    await counters.reserve('a', [want(c, 3, 10)], HOUR);
    await counters.forget([c]);
    expect(await counters.level(c)).toBeUndefined();
    expect(await counters.begin(c)).toBe(true);
    await counters.finish(c, 6, [], 1);
    await new Promise((done) => { setTimeout(done, 30); });
    expect(await counters.reserve('b', [want(c, 3, 10)], HOUR)).toEqual({ state: 'unknown', counters: [c] });
    await known(6);
    expect(await counters.level(c)).toEqual({ used: 6, held: 3 });
  });

  test('a minute gives what it has room for, and nothing while another one is full', async () => {
    const requests = { counter: c, limit: 10, most: 4 }, tokens = { counter: `${c}t`, limit: 100 };
    expect(await counters.takeMinute(requests, [tokens])).toEqual({ taken: 4, level: { used: 4, wait: 0 }, others: [{ used: 0, wait: 0 }] });
    await counters.addMinute(c, -1);
    expect(await counters.takeMinute({ ...requests, most: 100 }, [])).toEqual({ taken: 7, level: { used: 10, wait: 0 }, others: [] });
    const full = await counters.takeMinute(requests, []);
    expect([full.taken, full.level!.used, full.level!.wait > 0 && full.level!.wait <= 60]).toEqual([0, 10, true]);
    await counters.addMinute(`${c}t`, 150);
    await counters.addMinute(c, -10);
    const others = await counters.takeMinute(requests, [tokens]);
    expect([others.taken, others.level, others.others[0]!.used, others.others[0]!.wait > 0]).toEqual([0, { used: 0, wait: 0 }, 150, true]);
    expect(await counters.takeMinute(undefined, [tokens])).toMatchObject({ taken: 0, level: undefined, others: [{ used: 150 }] });
  });

  test('of many at once a minute gives no more than it has', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => counters.takeMinute({ counter: c, limit: 55, most: 2 }, [])));
    expect(answers.reduce((sum, { taken }) => sum + taken, 0)).toBe(55);
  });

  test('amounts up to 2^53 are counted exactly', async () => {
    await known(9_007_199_254_740_000);
    await counters.reserve('a', [want(c, 900, 9_007_199_254_740_991)], HOUR);
    expect(await counters.settle('a', [{ counter: c, amount: 990 }])).toEqual([9_007_199_254_740_990]);
  });
});
