// Budgets, quotas and calls at a time, over all gateway processes: reserved before a call leaves, settled to what it really cost. Only
// calls with such a limit come here. Counters are no facts: what they say is rebuilt from the calls on record whenever in doubt.
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import { refuse } from '../../kernel/result.js';
import type { Counters } from '../../platform/counters/counters.js';
import { createMemoryCounters } from '../../platform/counters/memory-counters.js';
import type { Logger } from '../../platform/log/log.js';
import type { Spent, SpentQuestion, Usage } from '../billing/index.js';
import type { AllowedRoute, CallRefusal } from './admit-call.js';
import { claimsOf, foreignBudget, refusalOf, type Claim, type Claimant } from './limit-claims.js';
import type { NoticeLimit } from './notice-limit.js';
import type { SharedCounters } from './shared-counters.js';

export interface Reservation {
  /** What the call came to, as it stands on its record. */
  charged(costMicros: bigint, usage: Usage): void;
  /** Settles what was charged, or gives everything back. Once; does not wait and does not throw. */
  end(): void;
}

export interface LimitKeeper {
  /** Whether a call of this caller must reserve anything. */
  concerns(claimant: Claimant): boolean;
  /** Takes room in all limits that concern the call, or says which has none. Rejects when the database cannot tell what was used. */
  reserve(claimant: Claimant, estimatedInput: bigint, routes: readonly AllowedRoute[]): Promise<Reservation | CallRefusal>;
  /** Whether this process counts for itself, Redis being away. */
  readonly degraded: boolean;
  close(): Promise<void>;
}

export interface KeeperDeps {
  /** What was used by the records, with the ids of calls that ended at or after an instant. */
  readonly readSpent: (question: SpentQuestion, since: Date) => Promise<Spent>;
  readonly clock: Clock; readonly log: Logger; readonly timeZone: string; readonly notice: NoticeLimit;
  /** Undefined without Redis. Asked for at the first call with a limit; whoever gave it closes it. */
  readonly shared: (() => SharedCounters) | undefined;
}

/** A hold ends this long after its process last renewed it: a crash keeps others waiting no longer. */
export const HOLD_MS = 120_000;
const RENEW_MS = 30_000;
/** Totals in Redis are read again from the records at least so often, whatever went wrong unnoticed. */
const SHARED_KEEP_MS = 3_600_000;
/** While a process counts for itself it reads what all have used so often; less often where the reading takes long. */
const OWN_KEEP_MS = 2_000, OWN_KEEP_READINGS = 20;
/** Calls that ended this long before a reading may settle after it. */
const LATE_MS = 10_000;
const PATIENCE_MS = 10_000, RETRY_MS = 20;

export function createLimitKeeper(deps: KeeperDeps): LimitKeeper {
  const own = createMemoryCounters();
  let shared: SharedCounters | undefined;
  const settling = new Set<Promise<void>>();
  const open = new Map<string, { readonly counters: Counters; readonly claims: readonly Claim[] }>();
  const timer = setInterval(() => {
    for (const [id, { counters, claims }] of open) counters.renew(id, claims.map((claim) => claim.counter), HOLD_MS).catch(() => undefined);
  }, RENEW_MS).unref();

  const rebuild = async (counters: Counters, claim: Claim): Promise<void> => {
    if (!await counters.begin(claim.counter)) { await pause(RETRY_MS); return; } // somebody else is at it
    const started = performance.now(), { period } = claim, since = new Date(deps.clock.now().getTime() - LATE_MS);
    const spent = await deps.readSpent({ kind: claim.kind, accountId: claim.accountId, keyId: claim.id, from: period!.from, to: period!.to }, since);
    const total = claim.of === 'budget' ? spent.micros.get(claim.currency!) ?? 0n : spent.tokens;
    await counters.finish(claim.counter, Number(total), spent.lately, counters === own ? Math.max(OWN_KEEP_MS, (performance.now() - started) * OWN_KEEP_READINGS) : SHARED_KEEP_MS);
  };
  const reserveIn = async (counters: Counters, id: string, claims: readonly Claim[]): Promise<Reservation | CallRefusal> => {
    for (const until = performance.now() + PATIENCE_MS; ;) {
      const answer = await counters.reserve(id, claims, HOLD_MS);
      if (answer.state === 'held') return reservationOf(counters, id, claims);
      if (answer.state === 'full') {
        const claim = claims[answer.at]!;
        if (answer.level.used >= claim.limit) deps.notice(claim, answer.level.used);
        return refusalOf(claim, answer.level, deps.clock.now(), deps.timeZone);
      }
      if (performance.now() > until) throw new Error('what was used could not be read in time');
      for (const counter of answer.counters) await rebuild(counters, claims.find((claim) => claim.counter === counter)!);
    }
  };
  const reservationOf = (counters: Counters, id: string, claims: readonly Claim[]): Reservation => {
    let cost = 0, tokens = 0, over = false;
    open.set(id, { counters, claims });
    return {
      charged: (costMicros, usage) => { cost = Number(costMicros); tokens = Number(usage.input + usage.cacheRead + usage.cacheWrite + usage.output); },
      end: () => {
        if (over) return;
        over = true;
        open.delete(id);
        const settled = counters.settle(id, claims.map(({ counter, of }) => ({ counter, amount: of === 'budget' ? cost : of === 'quota' ? tokens : 0 }))).then((totals) => {
          for (const [index, total] of totals.entries()) if (total !== undefined) deps.notice(claims[index]!, total);
        }, () => { shared?.missed(); }).finally(() => { settling.delete(settled); });
        settling.add(settled);
      },
    };
  };
  return {
    concerns: ({ caller: { account, key } }) => draws(account.limits) || draws(key.limits),
    reserve: async (claimant, estimatedInput, routes) => {
      const foreign = foreignBudget(claimant, routes[0]!);
      if (foreign !== undefined) {
        return refuse('price_missing', `The model is priced in ${routes[0]!.price!.currency}, and a budget of the caller is in ${foreign}, so the charge could not be counted against it. `
          + 'The operator has to set a price or a budget in the same currency.', 'model');
      }
      const claims = claimsOf(claimant, estimatedInput, routes[0]!, deps.timeZone), { requestId } = claimant;
      shared ??= deps.shared?.();
      const counters = await shared?.current();
      if (counters) {
        shared!.using(claims.map((claim) => claim.counter));
        try { return await reserveIn(counters, requestId, claims); } catch (error) {
          if (!shared!.failed(error)) throw error;
        }
      }
      return reserveIn(own, requestId, claims);
    },
    get degraded() { return shared?.degraded ?? false; },
    close: async () => {
      clearInterval(timer);
      await Promise.all(settling); // each ends by itself: a step has a time limit
    },
  };
}

function draws(limits: { readonly budget: unknown; readonly quota: unknown; readonly concurrentCalls: unknown } | null): boolean {
  return limits !== null && (limits.budget !== null || limits.quota !== null || limits.concurrentCalls !== null);
}

/** The reservation of a call, or why there is none; `records_unavailable` when the database cannot tell. */
export async function reserveLimits(keeper: LimitKeeper, log: Logger, claimant: Claimant, estimatedInput: bigint, routes: readonly AllowedRoute[]): Promise<Reservation | CallRefusal> {
  try { return await keeper.reserve(claimant, estimatedInput, routes); } catch (error) {
    log.error('what a caller has used could not be read; the call is refused', { request_id: claimant.requestId, error: coerceError(error).message });
    return { ...refuse('records_unavailable', 'Nothing was sent: what was used of a budget or quota cannot be read at the moment. Try again shortly.'), retryAfter: 2 };
  }
}

async function pause(ms: number): Promise<void> { await new Promise((done) => { setTimeout(done, ms); }); }
