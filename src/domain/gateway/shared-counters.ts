// The counters in Redis as a gateway uses them: while they are away it is said once, and when they are back nothing they missed is believed.
import { coerceError } from '../../kernel/errors.js';
import type { Counters } from '../../platform/counters/counters.js';
import { createRedisCounters } from '../../platform/counters/redis-counters.js';
import type { Logger } from '../../platform/log/log.js';

export interface SharedCounters {
  /** The counters while they can be used. Waits a moment for the first connection; undefined while they are away. */
  current(): Promise<Counters | undefined>;
  /** Notes which totals this process settles into. */
  using(counters: readonly string[]): void;
  /** A step failed: true when that means Redis is away, false for a failure of something else. */
  failed(error: unknown): boolean;
  /** A settlement did not arrive: the totals are wrong from now on. */
  missed(): void;
  readonly degraded: boolean;
  close(): Promise<void>;
}

/** Long enough that a busy machine is not taken for a Redis that hangs; one that is down says so at once. After the first failure nobody waits. */
const FIRST_CONNECTION_MS = 3_000, STEP_MS = 5_000, AGAIN_MS = 500;
/** Names of past periods must not gather for ever. */
const MOST_NOTED = 20_000;

/** Opens the connection when it is called, at the first call with a limit. `installation` tells apart what several keep in one Redis. */
export function openShared(url: string, installation: string, log: Logger): () => SharedCounters {
  return () => createSharedCounters({ url, prefix: `holdfast:${installation}:`, log });
}

function createSharedCounters({ url, prefix, log }: { url: string; prefix: string; log: Logger }): SharedCounters {
  let used = new Set<string>(), older = new Set<string>();
  let state: 'starting' | 'here' | 'away' = 'starting', doubtful = false, closed = false, said = false, reconciling = false;
  let first: (() => void) | undefined;
  const started = new Promise<void>((resolve) => { first = resolve; setTimeout(resolve, FIRST_CONNECTION_MS).unref(); });
  const away = (error?: unknown): void => {
    if (closed) return;
    state = 'away';
    doubtful = true;
    if (said) return;
    said = true;
    log.warn('Redis is away: limits are counted by each gateway process for itself, against what all have used by the records', error === undefined ? {} : { error: coerceError(error).message });
  };
  // What other processes settled while we were away is in the totals; what we settled is not. The records have both.
  const back = async (): Promise<void> => {
    if (reconciling) return;
    reconciling = true;
    try {
      if (doubtful) await counters.forget([...used, ...older]);
      used.clear();
      older.clear();
      doubtful = false;
      state = 'here';
      first?.();
      if (said) log.warn('Redis is back: limits are shared again, their totals read anew from the records');
      said = false;
    } catch (error) {
      away(error);
      setTimeout(() => { if (!closed && state === 'away') void back(); }, AGAIN_MS).unref();
    } finally { reconciling = false; }
  };
  const counters = createRedisCounters({ url, prefix, timeoutMs: STEP_MS, onState: (reachable) => { if (reachable) void back(); else away(); } });
  return {
    current: async () => {
      if (state === 'starting') await started;
      if (state === 'starting') away();
      return state === 'here' ? counters : undefined;
    },
    using: (names) => {
      for (const name of names) used.add(name);
      if (used.size > MOST_NOTED) { older = used; used = new Set(); }
    },
    failed: (error) => {
      // The database's failures carry an SQLSTATE, which has a digit (EPIPE has none); what has none came from Redis or its connection.
      if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code)) return false;
      away(error);
      setTimeout(() => { if (!closed && state === 'away') void back(); }, AGAIN_MS).unref();
      return true;
    },
    missed: () => {
      away();
      setTimeout(() => { if (!closed && state === 'away') void back(); }, AGAIN_MS).unref();
    },
    get degraded() { return state === 'away'; },
    close: async () => { closed = true; await counters.close(); },
  };
}
