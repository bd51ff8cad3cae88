// Which counters a call draws on, for the limits of its account and its key, and what a caller is told when one has no room. Pure.
import { costOf, NO_USAGE, periodAt, type LimitPeriod, type LimitSubject, type PeriodBounds, type UsageLimits } from '../billing/index.js';
import { instantOfId } from '../../kernel/ids.js';
import { formatMicros } from '../../kernel/money.js';
import { refuse } from '../../kernel/result.js';
import type { Level, Want } from '../../platform/counters/counters.js';
import type { AllowedRoute, CallRefusal } from './admit-call.js';
import type { Caller } from './open-call.js';

/** One limit of one subject, as a call draws on it. */
export interface Claim extends Want {
  readonly kind: LimitSubject; readonly id: string; readonly accountId: string;
  readonly of: 'budget' | 'quota' | 'concurrency';
  /** Unset for concurrency. */
  readonly period: PeriodBounds | undefined; readonly every: LimitPeriod | undefined;
  readonly currency: string | undefined;
}

/** Output tokens a call is held for before it says how many they are. Too low lets calls under way overrun by the rest; too high keeps others waiting. */
export const ASSUMED_OUTPUT = 1_000n;

export interface Claimant { readonly requestId: string; readonly caller: Caller }

export function claimsOf({ requestId, caller: { account, key } }: Claimant, estimatedInput: bigint, route: AllowedRoute, timeZone: string): Claim[] {
  const at = instantOfId(requestId), claims: Claim[] = [];
  const add = (kind: LimitSubject, id: string, { budget, quota, concurrentCalls }: UsageLimits): void => {
    const own = { kind, id, accountId: account.accountId }, name = `${kind}:${id}`;
    if (concurrentCalls !== null) claims.push({ ...own, of: 'concurrency', counter: `${name}:calls`, amount: 1, limit: concurrentCalls, gauge: true, period: undefined, every: undefined, currency: undefined });
    if (budget) {
      const period = periodAt(at, budget.period, timeZone), cost = route.price ? costOf(route.price, { ...NO_USAGE, input: estimatedInput, output: ASSUMED_OUTPUT }) : 0n;
      claims.push({ ...own, of: 'budget', counter: `${name}:${budget.currency}:${period.name}`, amount: Number(cost), limit: Number(budget.micros), gauge: false, period, every: budget.period, currency: budget.currency });
    }
    if (quota) {
      const period = periodAt(at, quota.period, timeZone);
      claims.push({ ...own, of: 'quota', counter: `${name}:tokens:${period.name}`, amount: Number(estimatedInput + ASSUMED_OUTPUT), limit: Number(quota.tokens), gauge: false, period, every: quota.period, currency: undefined });
    }
  };
  if (key.limits) add('key', key.keyId, key.limits);
  if (account.limits) add('account', account.accountId, account.limits);
  return claims;
}

/** The currency of a budget that a route is not priced in, so that its charges could not be counted; undefined when all is well. */
export function foreignBudget({ caller: { account, key } }: Claimant, { price }: AllowedRoute): string | undefined {
  const wrong = [key.limits?.budget, account.limits?.budget].find((budget) => budget && price && price.currency !== budget.currency);
  return wrong?.currency;
}

export function refusalOf(claim: Claim, { used }: Level, now: Date, timeZone: string): CallRefusal {
  const whose = claim.kind === 'account' ? "The account's" : "The API key's";
  if (claim.of === 'concurrency') {
    return { ...refuse('rate_limited', `${whose} limit of ${claim.limit} calls at a time is reached. Try again when one of them has ended.`), retryAfter: 1 };
  }
  const shown = (amount: number): string => (claim.of === 'budget' ? `${formatMicros(BigInt(amount))} ${claim.currency}` : `${amount} tokens`);
  const limit = `${whose} ${claim.of === 'budget' ? 'budget' : 'token quota'} of ${shown(claim.limit)} a ${claim.every}`;
  if (used < claim.limit) return { ...refuse('rate_limited', `${limit} has ${shown(claim.limit - used)} left, which calls under way may need. Try again in a moment.`), retryAfter: 1 };
  const { to } = claim.period!;
  return { ...refuse('insufficient_quota', `${limit} is used up (${shown(used)}). The next ${claim.every} begins at ${to.toISOString()} (${timeZone}); until then raise the limit or wait.`),
    retryAfter: Math.max(1, Math.ceil((to.getTime() - now.getTime()) / 1_000)) };
}
