// Limits of an account or a key, and the calendar periods they run over. Pure.
import type { Json } from '../../kernel/canonical-json.js';
import { checkCurrency } from '../../kernel/field-rules.js';
import type { Micros } from '../../kernel/money.js';
import { addPeriod, dayOf, startOfDay } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';

export const LIMIT_PERIODS = ['day', 'month'] as const;
export type LimitPeriod = (typeof LIMIT_PERIODS)[number];
export const LIMIT_SUBJECTS = ['account', 'key'] as const;
export type LimitSubject = (typeof LIMIT_SUBJECTS)[number];

/** Null means no limit. A period is a calendar day or month in the operator's time zone. */
export interface UsageLimits {
  /** What calls may cost in a period, in one currency; calls priced in another are refused. */
  readonly budget: { readonly micros: Micros; readonly period: LimitPeriod; readonly currency: string } | null;
  /** Tokens of input (cached too) and output in a period. */
  readonly quota: { readonly tokens: bigint; readonly period: LimitPeriod } | null;
  readonly concurrentCalls: number | null;
  /** Of keys alone: an account has its limits a minute with its other facts. */
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: bigint | null;
}

export const NO_LIMITS: UsageLimits = Object.freeze({ budget: null, quota: null, concurrentCalls: null, requestsPerMinute: null, tokensPerMinute: null });

/** Counters in Redis are exact up to 2^53. */
const MOST = 9_000_000_000_000_000n;

export function checkLimits(kind: LimitSubject, limits: UsageLimits): Refusal | undefined {
  const { budget, quota } = limits;
  if (kind === 'account' && (limits.requestsPerMinute !== null || limits.tokensPerMinute !== null)) {
    return refuse('invalid_request', "an account's limits a minute are set with the account itself", limits.requestsPerMinute === null ? 'tokensPerMinute' : 'requestsPerMinute');
  }
  return checkWhole(budget?.micros, 'budget.micros', MOST) ?? (budget ? checkCurrency(budget.currency, 'budget.currency') : undefined) ?? checkWhole(quota?.tokens, 'quota.tokens', MOST)
    ?? checkWhole(limits.concurrentCalls, 'concurrentCalls', 1_000_000n) ?? checkWhole(limits.requestsPerMinute, 'requestsPerMinute', 2_000_000_000n)
    ?? checkWhole(limits.tokensPerMinute, 'tokensPerMinute', 1_000_000_000_000_000n);
}

function checkWhole(value: number | bigint | null | undefined, field: string, max: bigint): Refusal | undefined {
  if (value === null || value === undefined) return undefined;
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  return whole && value > 0 && value <= max ? undefined : refuse('invalid_request', `must be a whole number from 1 to ${max}, or left out for no limit`, field);
}

export interface PeriodBounds {
  /** 2026-11-24 or 2026-11: names the period in counters and notices. */
  readonly name: string;
  readonly from: Date; /** First instant no longer in it. */ readonly to: Date;
}

/** The period an instant lies in. */
export function periodAt(at: Date, period: LimitPeriod, timeZone: string): PeriodBounds {
  const day = dayOf(at, timeZone), name = period === 'day' ? day : day.slice(0, 7);
  const from = startOfDay(period === 'day' ? day : `${name}-01`, timeZone);
  return { name, from, to: addPeriod(from, period === 'day' ? 'P1D' : 'P1M', timeZone) };
}

/** Limits as a record keeps them. */
export function limitsRecord({ budget, quota, ...rest }: UsageLimits): Json {
  return {
    budget: budget && { micros: budget.micros.toString(), period: budget.period, currency: budget.currency }, quota: quota && { tokens: quota.tokens.toString(), period: quota.period },
    concurrent_calls: rest.concurrentCalls, requests_per_minute: rest.requestsPerMinute, tokens_per_minute: rest.tokensPerMinute?.toString() ?? null,
  };
}
