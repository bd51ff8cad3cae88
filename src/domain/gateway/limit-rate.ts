// Requests and tokens a minute for each account and key, as one process counts them. A counter is no fact: it is lost with the process.
import { MinuteWindow, SLOT_MS, SLOTS } from '../../platform/counters/minute-window.js';

export interface RateVerdict { readonly allowed: boolean; readonly limit: number; readonly remaining: number; /** Whole seconds; 0 when allowed. */ readonly retryAfter: number; readonly of: 'requests' | 'tokens';
  /** Of a limit on tokens beside one on requests. */ readonly tokens?: { readonly limit: number; readonly remaining: number } }
export interface Limits { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | bigint | null }

export interface RateLimiter {
  /** Counts one request of the account unless a limit is reached. Undefined: the account has no limit. */
  take(accountId: string, limits: Limits, at: Date): RateVerdict | undefined;
  /** Adds what a call used, when it is known. */
  use(accountId: string, tokens: number, at: Date): void;
}

/** Limits as one process counts them. Idle accounts are forgotten. */
export function createRateLimiter(): RateLimiter {
  const requests = new Map<string, MinuteWindow>(), tokens = new Map<string, MinuteWindow>();
  const windowOf = (windows: Map<string, MinuteWindow>, accountId: string, now: number): MinuteWindow => {
    let found = windows.get(accountId);
    if (!found) {
      if (windows.size >= 10_000) for (const [id, window] of windows) if (window.lastUsed < now - SLOTS * SLOT_MS) windows.delete(id);
      windows.set(accountId, found = new MinuteWindow());
    }
    return found;
  };
  return {
    take: (accountId, limits, at) => {
      const now = at.getTime();
      const tokenLimit = limits.tokensPerMinute === null ? undefined : Number(limits.tokensPerMinute);
      const used = tokenLimit === undefined ? undefined : windowOf(tokens, accountId, now), remaining = used ? tokenLimit! - used.sum(now) : 0;
      if (used && remaining <= 0) return { allowed: false, limit: tokenLimit!, remaining: 0, retryAfter: used.waitBelow(now, tokenLimit!), of: 'tokens' };
      if (limits.requestsPerMinute === null) return used && { allowed: true, limit: tokenLimit!, remaining, retryAfter: 0, of: 'tokens' };
      const window = windowOf(requests, accountId, now), limit = limits.requestsPerMinute;
      if (window.sum(now) >= limit) return { allowed: false, limit, remaining: 0, retryAfter: window.waitBelow(now, limit), of: 'requests' };
      window.add(now, 1);
      return { allowed: true, limit, remaining: limit - window.sum(now), retryAfter: 0, of: 'requests', ...(used ? { tokens: { limit: tokenLimit!, remaining } } : {}) };
    },
    use: (accountId, count, at) => { if (count > 0) windowOf(tokens, accountId, at.getTime()).add(at.getTime(), count); },
  };
}
