// Counters in Redis: the only file that may import ioredis. Whoever uses them must be able to do without.
import { Redis } from 'ioredis';
import { ADD_MINUTE, BEGIN, FINISH, RENEW, RESERVE, SETTLE, TAKE_MINUTE } from './counter-scripts.js';
import { COUNTED_MS, REBUILD_MS, type Counters, type ReserveAnswer } from './counters.js';

export interface RedisCountersOptions {
  readonly url: string;
  /** Tells installations apart that share a Redis. */
  readonly prefix: string;
  /** How long one step may take before it counts as failed. */
  readonly timeoutMs: number;
  /** Runs with true when Redis can be used, also at first, and with false when not. */
  readonly onState: (reachable: boolean) => void;
}

interface Scripted extends Redis {
  hfReserve(...args: (string | number)[]): Promise<string[]>;
  hfSettle(...args: (string | number)[]): Promise<string[]>;
  hfRenew(...args: (string | number)[]): Promise<number>;
  hfBegin(...args: (string | number)[]): Promise<number>;
  hfFinish(...args: (string | number)[]): Promise<number>;
  hfTakeMinute(...args: (string | number)[]): Promise<string[]>;
  hfAddMinute(...args: (string | number)[]): Promise<number>;
}

/** Connects by itself and again whenever the connection breaks. A step without a connection fails at once. */
export function createRedisCounters({ url, prefix, timeoutMs, onState }: RedisCountersOptions): Counters {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: timeoutMs, connectTimeout: 2_000, retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
    scripts: { hfReserve: script(RESERVE), hfSettle: script(SETTLE), hfRenew: script(RENEW), hfBegin: script(BEGIN), hfFinish: script(FINISH), hfTakeMinute: script(TAKE_MINUTE), hfAddMinute: script(ADD_MINUTE) } }) as Scripted;
  redis.on('ready', () => { onState(true); });
  redis.on('close', () => { onState(false); });
  redis.on('error', () => undefined); // told by 'close'; without a listener ioredis prints
  const own = (kind: string, counter: string): string => `${prefix}${kind}:${counter}`;
  return {
    reserve: async (id, wants, ttlMs) => answerOf(await redis.hfReserve(prefix, id, ttlMs, ...wants.flatMap(({ counter, amount, limit, gauge }) => [counter, amount, limit, gauge ? 1 : 0]))),
    settle: async (id, adds) => (await redis.hfSettle(prefix, id, ...adds.flatMap(({ counter, amount }) => [counter, amount]))).map((total) => (total === '' ? undefined : Number(total))),
    renew: async (id, counters, ttlMs) => { await redis.hfRenew(prefix, id, ttlMs, ...counters); },
    begin: async (counter) => await redis.hfBegin(prefix, counter, REBUILD_MS) === 1,
    finish: async (counter, total, counted, keepMs) => { await redis.hfFinish(prefix, counter, total, keepMs, COUNTED_MS, ...counted); },
    forget: async (counters) => { if (counters.length > 0) await redis.del(...counters.map((counter) => own('t', counter))); },
    level: async (counter) => {
      const [used, held] = await redis.mget(own('t', counter), own('s', counter));
      return used === null || used === undefined ? undefined : { used: Number(used), held: Number(held ?? 0) };
    },
    takeMinute: async (of, others) => {
      const [taken, used, wait, ...rest] = await redis.hfTakeMinute(prefix, of?.counter ?? '', of?.limit ?? 0, of?.most ?? 0, ...others.flatMap(({ counter, limit }) => [counter, limit]));
      return { taken: Number(taken), level: of && { used: Number(used), wait: Number(wait) }, others: others.map((_, index) => ({ used: Number(rest[index * 2]), wait: Number(rest[index * 2 + 1]) })) };
    },
    addMinute: async (counter, amount) => { await redis.hfAddMinute(prefix, counter, amount); },
    close: async () => { redis.disconnect(); await Promise.resolve(); },
  };
}

function script(lua: string): { lua: string; numberOfKeys: number } { return { lua, numberOfKeys: 0 }; }

function answerOf([state, ...rest]: string[]): ReserveAnswer {
  if (state === 'unknown') return { state, counters: rest };
  if (state === 'full') return { state, at: Number(rest[0]), level: { used: Number(rest[1]), held: Number(rest[2]) } };
  return { state: 'held', levels: Array.from({ length: rest.length / 2 }, (_, index) => ({ used: Number(rest[index * 2]), held: Number(rest[index * 2 + 1]) })) };
}
