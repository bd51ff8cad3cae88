import type { Column } from './read-model.js';

/** Limits of an account or key as columns of its record. `id` is the SQL of its id as text. */
export function limitColumns(kind: 'account' | 'key', id: string): Column[] {
  const of = (column: string): string => `(SELECT ${column} FROM usage_limits l WHERE l.subject_kind = '${kind}' AND l.subject_id = ${id})`;
  return [
    { name: 'budget_amount', kind: 'text', sql: of('trim_scale(l.budget_micros / 1000000.0)::text') }, { name: 'budget_currency', kind: 'code', sql: of('l.budget_currency') },
    { name: 'budget_period', kind: 'code', sql: of('l.budget_period'), values: ['day', 'month'] }, { name: 'quota_tokens', kind: 'number', sql: of('l.quota_tokens') },
    { name: 'quota_period', kind: 'code', sql: of('l.quota_period'), values: ['day', 'month'] }, { name: 'concurrent_calls', kind: 'number', sql: of('l.concurrent_calls') },
    ...(kind === 'key' ? [{ name: 'requests_per_minute', kind: 'number' as const, sql: of('l.requests_per_minute') }, { name: 'tokens_per_minute', kind: 'number' as const, sql: of('l.tokens_per_minute') }] : []),
  ];
}
