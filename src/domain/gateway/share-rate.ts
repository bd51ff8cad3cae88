// Requests and tokens a minute over all gateway processes. The counters are in Redis; a busy process takes its share in small pieces, so
// that most calls wait for nobody. Without Redis each process counts for itself, as it does all the time, so that it knows what it let through.
import type { Counters } from '../../platform/counters/counters.js';
import type { Limits, RateLimiter, RateVerdict } from './limit-rate.js';
import type { SharedCounters } from './shared-counters.js';

export interface SharedRate {
  /** Counts one request of an account or key unless a limit is reached; a promise only when Redis has to be asked. Undefined: no limit. */
  take(id: string, limits: Limits, at: Date): RateVerdict | undefined | Promise<RateVerdict>;
  /** Adds what a call used, when it is known. Does not wait. */
  use(id: string, tokens: number, at: Date): void;
}

/** What a process may take ahead of its calls: this part of the limit, and only as much as it used in the time a piece is good for. */
const PART = 2_000, GOOD_MS = 250;
/** While more than this part of the tokens is left, what was read of them is believed for as long. */
const PLENTY = 0.1;
/** Used tokens are told to the others so often, in one step for all calls that ended meanwhile. */
const TELL_MS = 20;

interface Share { /** Requests that may go without asking. */ left: number; until: number; taken: number; takenSince: number; requestsUsed: number; tokensUsed: number; /** Used here, and not told yet. */ untold: number; asking: Promise<void> | undefined }

/** `shared` undefined: there is no Redis. `now` in milliseconds, for what is taken ahead. */
export function createSharedRate(own: RateLimiter, shared: (() => SharedCounters) | undefined, now: () => number = () => performance.now()): SharedRate {
  if (!shared) return own;
  const shares = new Map<string, Share>();
  const shareOf = (id: string): Share => {
    let share = shares.get(id);
    if (!share) {
      if (shares.size >= 10_000) for (const [name, one] of shares) if (one.until < now() - 60_000 && !one.asking) shares.delete(name);
      shares.set(id, share = { left: 0, until: 0, taken: 0, takenSince: 0, requestsUsed: 0, tokensUsed: 0, untold: 0, asking: undefined });
    }
    return share;
  };
  const verdictOf = (share: Share, { requestsPerMinute: limit, tokensPerMinute }: Limits): RateVerdict => {
    const tokens = tokensPerMinute === null ? undefined : { limit: Number(tokensPerMinute), remaining: Math.max(0, Number(tokensPerMinute) - share.tokensUsed) };
    if (limit === null) return { allowed: true, of: 'tokens', ...tokens!, retryAfter: 0 };
    return { allowed: true, of: 'requests', limit, remaining: Math.max(0, limit - share.requestsUsed + share.left), retryAfter: 0, ...(tokens ? { tokens } : {}) };
  };
  const fromShare = (share: Share, limits: Limits): RateVerdict | undefined => {
    if (share.left < 1 || now() >= share.until || (limits.requestsPerMinute !== null && !Number.isFinite(share.left))) return undefined;
    if (limits.tokensPerMinute !== null && Number(limits.tokensPerMinute) - share.tokensUsed <= Number(limits.tokensPerMinute) * PLENTY) return undefined;
    share.left -= 1;
    share.taken += 1;
    return verdictOf(share, limits);
  };
  const ask = async (counters: Counters, id: string, share: Share, { requestsPerMinute, tokensPerMinute }: Limits): Promise<RateVerdict | undefined> => {
    // Taken ahead and not used in time: given back, so that others may have it.
    if (share.left > 0 && Number.isFinite(share.left)) counters.addMinute(`rate:${id}:requests`, -share.left).catch(() => undefined);
    const busy = now() - share.takenSince < 2 * GOOD_MS ? share.taken : 0, tokenLimit = Number(tokensPerMinute);
    share.left = 0; share.taken = 0; share.takenSince = now();
    const most = requestsPerMinute === null ? 0 : Math.max(1, Math.min(busy, Math.floor(requestsPerMinute / PART)));
    const answer = await counters.takeMinute(requestsPerMinute === null ? undefined : { counter: `rate:${id}:requests`, limit: requestsPerMinute, most }, tokensPerMinute === null ? [] : [{ counter: `rate:${id}:tokens`, limit: tokenLimit }]);
    const [tokens] = answer.others;
    share.tokensUsed = (tokens?.used ?? 0) + share.untold;
    share.requestsUsed = answer.level?.used ?? 0;
    if (tokens && share.tokensUsed >= tokenLimit) {
      if (answer.taken > 0) counters.addMinute(`rate:${id}:requests`, -answer.taken).catch(() => undefined);
      return { allowed: false, of: 'tokens', limit: tokenLimit, remaining: 0, retryAfter: Math.max(1, tokens.wait) };
    }
    if (requestsPerMinute !== null && answer.taken === 0) return { allowed: false, of: 'requests', limit: requestsPerMinute, remaining: 0, retryAfter: Math.max(1, answer.level!.wait) };
    // Without a limit on requests only time bounds how many go by one reading.
    share.left = requestsPerMinute === null ? Infinity : answer.taken;
    share.until = now() + GOOD_MS;
    share.left -= 1;
    share.taken += 1;
    return verdictOf(share, { requestsPerMinute, tokensPerMinute });
  };
  const askShared = async (id: string, limits: Limits, alone: RateVerdict): Promise<RateVerdict> => {
    const counters = await shared().current(), share = shareOf(id);
    if (!counters) return alone;
    try {
      // Calls that come while a piece is being taken wait for it rather than take one each.
      while (share.asking) { await share.asking; const verdict = fromShare(share, limits); if (verdict) return verdict; }
      const asked = ask(counters, id, share, limits);
      if ((limits.requestsPerMinute ?? Infinity) >= PART) share.asking = asked.then(() => undefined, () => undefined).finally(() => { share.asking = undefined; });
      return await asked ?? alone;
    } catch (error) {
      // Nothing but Redis was asked.
      if (!shared().failed(error)) shared().missed();
      return alone;
    }
  };
  const tell = (id: string, share: Share): void => {
    const tokens = share.untold;
    share.untold = 0;
    void shared().current().then((counters) => counters?.addMinute(`rate:${id}:tokens`, tokens)).catch(() => { shared().missed(); });
  };
  return {
    take: (id, limits, at) => {
      // Counted here too: when Redis goes away nobody begins at nothing.
      const alone = own.take(id, limits, at);
      if (!alone) return undefined;
      return fromShare(shareOf(id), limits) ?? askShared(id, limits, alone);
    },
    use: (id, tokens, at) => {
      if (tokens <= 0) return;
      own.use(id, tokens, at);
      const share = shareOf(id);
      share.tokensUsed += tokens;
      share.untold += tokens;
      if (share.untold === tokens) setTimeout(() => { tell(id, share); }, TELL_MS).unref();
    },
  };
}
