// Requests and tokens a minute for each account, counted in this process. A counter is no fact: it is lost with the process.

const SLOTS = 60, SLOT_MS = 1_000;

/** A sliding minute in slots of a second. */
class Window {
  readonly #slots = new Float64Array(SLOTS);
  #sum = 0;
  #second = 0;
  lastUsed = 0;

  add(now: number, amount: number): void {
    this.#move(now);
    this.#slots[this.#second % SLOTS]! += amount;
    this.#sum += amount;
  }
  sum(now: number): number { this.#move(now); return this.#sum; }
  /** Whole seconds until the sum is below `limit`, 1 to 60. */
  waitBelow(now: number, limit: number): number {
    this.#move(now);
    let left = this.#sum;
    for (let wait = 1; wait < SLOTS; wait++) {
      left -= this.#slots[(this.#second + wait) % SLOTS]!;
      if (left < limit) return wait;
    }
    return SLOTS;
  }
  #move(now: number): void {
    this.lastUsed = now;
    const second = Math.floor(now / SLOT_MS);
    if (second <= this.#second) return; // a clock that steps back counts into the slot it left
    for (let step = Math.max(this.#second + 1, second - SLOTS + 1); step <= second; step++) {
      this.#sum -= this.#slots[step % SLOTS]!;
      this.#slots[step % SLOTS] = 0;
    }
    this.#second = second;
  }
}

export interface RateVerdict { readonly allowed: boolean; readonly limit: number; readonly remaining: number; /** Whole seconds; 0 when allowed. */ readonly retryAfter: number; readonly of: 'requests' | 'tokens';
  /** Of a limit on tokens beside one on requests. */ readonly tokens?: { readonly limit: number; readonly remaining: number } }
export interface Limits { readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | bigint | null }

export interface RateLimiter {
  /** Counts one request of the account unless a limit is reached. Undefined: the account has no limit. */
  take(accountId: string, limits: Limits, at: Date): RateVerdict | undefined;
  /** Adds what a call used, when it is known. */
  use(accountId: string, tokens: number, at: Date): void;
}

/** Limits hold for one process; with several gateways each counts for itself. Idle accounts are forgotten. */
export function createRateLimiter(): RateLimiter {
  const requests = new Map<string, Window>(), tokens = new Map<string, Window>();
  const windowOf = (windows: Map<string, Window>, accountId: string, now: number): Window => {
    let found = windows.get(accountId);
    if (!found) {
      if (windows.size >= 10_000) for (const [id, window] of windows) if (window.lastUsed < now - SLOTS * SLOT_MS) windows.delete(id);
      windows.set(accountId, found = new Window());
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
