// Limits as their columns have them: bigint as text.
import type { LimitPeriod, LimitSubject, UsageLimits } from './limit-rules.js';

export interface LimitsRow {
  readonly subject_kind: LimitSubject; readonly subject_id: string;
  readonly budget_micros: string | null; readonly budget_period: LimitPeriod | null; readonly budget_currency: string | null;
  readonly quota_tokens: string | null; readonly quota_period: LimitPeriod | null;
  readonly requests_per_minute: number | null; readonly tokens_per_minute: string | null; readonly concurrent_calls: number | null;
}

export const LIMIT_COLUMNS = 'subject_kind, subject_id, budget_micros, budget_period, budget_currency, quota_tokens, quota_period, requests_per_minute, tokens_per_minute, concurrent_calls';

export function limitsFromRow(row: LimitsRow): UsageLimits {
  return {
    budget: row.budget_micros === null ? null : { micros: BigInt(row.budget_micros), period: row.budget_period!, currency: row.budget_currency! },
    quota: row.quota_tokens === null ? null : { tokens: BigInt(row.quota_tokens), period: row.quota_period! },
    concurrentCalls: row.concurrent_calls, requestsPerMinute: row.requests_per_minute, tokensPerMinute: row.tokens_per_minute === null ? null : BigInt(row.tokens_per_minute),
  };
}

export function rowFromLimits(kind: LimitSubject, id: string, { budget, quota, ...rest }: UsageLimits): LimitsRow {
  return {
    subject_kind: kind, subject_id: id, budget_micros: budget?.micros.toString() ?? null, budget_period: budget?.period ?? null, budget_currency: budget?.currency ?? null,
    quota_tokens: quota?.tokens.toString() ?? null, quota_period: quota?.period ?? null, requests_per_minute: rest.requestsPerMinute,
    tokens_per_minute: rest.tokensPerMinute?.toString() ?? null, concurrent_calls: rest.concurrentCalls,
  };
}
