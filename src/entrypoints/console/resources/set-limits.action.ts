import { z } from 'zod';
import type { LimitSubject } from '../../../domain/billing/index.js';
import { toMicros } from '../../../kernel/money.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { consoleAction, type ConsoleAction, type Field } from '../console-action.js';
import { optional, positive } from './form-fields.js';

const period = z.enum(['day', 'month']).optional();
const amount = optional(z.string().trim().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'an amount such as 250 or 99.50'));
const currency = optional(z.string().trim().toUpperCase().regex(/^[A-Z]{3}$/, 'three letters, such as USD'));
const tokens = optional(z.coerce.number('a whole number').int('a whole number').min(1, 'at least 1').max(9_000_000_000_000_000, 'at most 9,000,000,000,000,000'));
const shared = { budget_amount: amount, budget_currency: currency, budget_period: optional(period), quota_tokens: tokens, quota_period: optional(period), concurrent_calls: optional(positive) };
const schema = z.strictObject({ ...shared, requests_per_minute: optional(positive), tokens_per_minute: optional(positive) });

const field = (name: string, type: Field['type'], rest: Partial<Field> = {}): Field => ({ name, type, from: name, ...rest });
const FIELDS: readonly Field[] = [field('budget_amount', 'text'), field('budget_currency', 'text', { initial: 'USD' }), field('budget_period', 'choice', { values: ['day', 'month'], initial: 'month' }),
  field('quota_tokens', 'number'), field('quota_period', 'choice', { values: ['day', 'month'], initial: 'month' }), field('concurrent_calls', 'number')];

/** Sets all limits of the account or key whose record is open; what it has stands in the form. */
export function setLimitsAction(kind: LimitSubject): ConsoleAction {
  return consoleAction({
    name: 'setLimits', on: 'record', permission: 'accounts.write', when: (record) => record['status'] === 'active',
    fields: kind === 'key' ? [...FIELDS, field('requests_per_minute', 'number'), field('tokens_per_minute', 'number')] : FIELDS, schema,
    run: async ({ app, actor, recordId, payload: p }) => {
      if (p.budget_amount !== undefined && p.budget_currency === undefined) return refuse('invalid_request', 'three letters, such as USD', 'budget_currency');
      const answer = await app.act(actor, (tx) => app.billing.setLimits(tx, kind, recordId, {
        budget: p.budget_amount === undefined ? null : { micros: toMicros(p.budget_amount), currency: p.budget_currency!, period: p.budget_period ?? 'month' },
        quota: p.quota_tokens === undefined ? null : { tokens: BigInt(p.quota_tokens), period: p.quota_period ?? 'month' }, concurrentCalls: p.concurrent_calls ?? null,
        requestsPerMinute: kind === 'key' ? p.requests_per_minute ?? null : null, tokensPerMinute: kind === 'key' && p.tokens_per_minute !== undefined ? BigInt(p.tokens_per_minute) : null,
      }));
      // Use cases name a budget as one thing, the form its parts.
      if (isRefusal(answer)) return answer.field?.startsWith('budget') ? { ...answer, field: 'budget_amount' } : answer.field?.startsWith('quota') ? { ...answer, field: 'quota_tokens' } : answer;
      return {};
    },
  });
}
