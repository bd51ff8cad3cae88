// Budgets and quotas of accounts and keys, and what is used of them now.
import { z } from 'zod';
import { LIMIT_PERIODS, type LimitSubject, type SubjectLimits, type UsageLimits } from '../../../domain/billing/index.js';
import { jsonMicros } from '../../../kernel/money.js';
import { refuse, type Refusal } from '../../../kernel/result.js';
import { change, defineRoute, type Caller } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, count, currency, instant, micros, microsIn, slug, uuid } from './fields.schemas.js';
import { answerOf } from './json-answer.js';

const period = z.enum(LIMIT_PERIODS).describe("Calendar day or month in the operator's time zone");
const limit = z.int().min(1).nullable().default(null).describe('Null: no limit');
const input = {
  budget: z.strictObject({ amount_micros: microsIn, period, currency }).nullable().default(null).describe('What calls may cost in a period'),
  quota: z.strictObject({ tokens: z.int().min(1), period }).nullable().default(null).describe('Tokens of input, cached too, and output in a period'), concurrent_calls: limit,
};
const accountBody = z.strictObject(input), keyBody = z.strictObject({ ...input, requests_per_minute: limit, tokens_per_minute: limit });
const bounds = { from: instant, to: instant.describe('When the next period begins') };
const limits = z.object({
  budget: z.object({ amount_micros: micros, period, currency, used_micros: micros, ...bounds }).nullable(), quota: z.object({ tokens: count, period, used_tokens: count, ...bounds }).nullable(),
  concurrent_calls: count.nullable(), requests_per_minute: count.nullable().describe('Of keys; an account has its own among its facts'), tokens_per_minute: count.nullable(),
}).meta({ id: 'Limits' });
const accountParams = z.strictObject({ account_id: slug }), keyParams = z.strictObject({ account_id: slug, key_id: uuid });
const example = { budget: { amount_micros: 50_000_000, period: 'month' as const, currency: 'USD' }, quota: null, concurrent_calls: 20 };
const exampleAnswer = { ...example, budget: { ...example.budget, used_micros: 12_340_000, from: EXAMPLE.at, to: EXAMPLE.later }, requests_per_minute: null, tokens_per_minute: null };
const meaning = 'Sets all of them: one left out is lifted. In force on every gateway within a second. docs/billing.md says how they are counted and what a caller is told.';

function say({ limits: own, budgetUse, quotaUse }: SubjectLimits): z.input<typeof limits> {
  const within = ({ from, to }: { from: Date; to: Date }) => ({ from: from.toISOString(), to: to.toISOString() });
  return {
    budget: own.budget && budgetUse && { amount_micros: jsonMicros(own.budget.micros), period: own.budget.period, currency: own.budget.currency, used_micros: jsonMicros(budgetUse.used), ...within(budgetUse) },
    quota: own.quota && quotaUse && { tokens: Number(own.quota.tokens), period: own.quota.period, used_tokens: Number(quotaUse.used), ...within(quotaUse) },
    concurrent_calls: own.concurrentCalls, requests_per_minute: own.requestsPerMinute, tokens_per_minute: own.tokensPerMinute === null ? null : Number(own.tokensPerMinute),
  };
}

/** The limits of the account, or of the key if it is the account's. */
async function find({ app }: Caller, kind: LimitSubject, accountId: string, id: string): Promise<SubjectLimits | Refusal> {
  const found = await app.billing.limitsOf(kind, id);
  if (found?.accountId === accountId) return found;
  return kind === 'account' ? refuse('not_found', 'there is no such account', 'params.account_id') : refuse('not_found', 'the account has no such key', 'params.key_id');
}

async function read(caller: Caller, kind: LimitSubject, accountId: string, id: string): Promise<z.input<typeof limits> | Refusal> {
  const found = await find(caller, kind, accountId, id);
  return 'refused' in found ? found : say(found);
}

async function set(caller: Caller, kind: LimitSubject, accountId: string, id: string, body: z.output<typeof accountBody> & Partial<z.output<typeof keyBody>>): Promise<{ changed: boolean } | Refusal> {
  const found = await find(caller, kind, accountId, id);
  if ('refused' in found) return found;
  const wanted: UsageLimits = {
    budget: body.budget && { micros: BigInt(body.budget.amount_micros), period: body.budget.period, currency: body.budget.currency }, quota: body.quota && { tokens: BigInt(body.quota.tokens), period: body.quota.period },
    concurrentCalls: body.concurrent_calls, requestsPerMinute: body.requests_per_minute ?? null, tokensPerMinute: body.tokens_per_minute === null || body.tokens_per_minute === undefined ? null : BigInt(body.tokens_per_minute),
  };
  return answerOf(await change(caller, (tx) => caller.app.billing.setLimits(tx, kind, id, wanted)));
}

export const limitsRoutes = [
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/limits', id: 'readAccountLimits', tag: 'accounts', summary: 'Budget, quota and calls at a time of an account, with what is used now', permission: 'accounts.read', params: accountParams,
    reading: { action: 'limits.view', subjectKind: 'account', subjectId: ({ params }) => String(params['account_id']) }, answer: limits, example: { answer: exampleAnswer },
    run: (caller) => read(caller, 'account', caller.params.account_id, caller.params.account_id),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/limits', id: 'setAccountLimits', tag: 'accounts', summary: 'Set the budget, quota and calls at a time of an account', description: meaning, permission: 'accounts.write', params: accountParams,
    body: accountBody, answer: changed, example: { body: example, answer: { changed: true } }, run: (caller) => set(caller, 'account', caller.params.account_id, caller.params.account_id, caller.body),
  }),
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/keys/{key_id}/limits', id: 'readKeyLimits', tag: 'keys', summary: 'Limits of a key, with what is used now', permission: 'accounts.read', params: keyParams,
    reading: { action: 'limits.view', subjectKind: 'key', subjectId: ({ params }) => String(params['key_id']) }, answer: limits, example: { answer: exampleAnswer },
    run: (caller) => read(caller, 'key', caller.params.account_id, caller.params.key_id),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/keys/{key_id}/limits', id: 'setKeyLimits', tag: 'keys', summary: 'Set the limits of a key', description: `${meaning} A call must find room in the key's limits and in the account's.`, permission: 'accounts.write',
    params: keyParams, body: keyBody, answer: changed, example: { body: { ...example, requests_per_minute: 60 }, answer: { changed: true } },
    run: (caller) => set(caller, 'key', caller.params.account_id, caller.params.key_id, caller.body),
  }),
];
