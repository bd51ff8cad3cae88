// Usage and charges, and what is used of an account's limits. Reading needs a purpose, and its record is durable before the answer leaves.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { USAGE_GROUPS } from '../../../domain/gateway/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { usageCsv } from '../../views/usage-csv.js';
import { usageWindow } from '../../views/usage-window.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { optional, day, text } from '../resources/form-fields.js';
import { actorOf } from '../security/session.js';

const question = z.strictObject({ account: optional(text(63)), key: optional(text(120)), from: optional(day), to: optional(day), group_by: z.enum(USAGE_GROUPS), purpose: z.enum(PURPOSES) });

export interface UsageAnswer {
  readonly group_by: (typeof USAGE_GROUPS)[number];
  /** Amounts and counts as decimal text, exact at any size. */
  readonly rows: readonly { readonly group: string | null; readonly currency: string | null; readonly calls: number; readonly estimated: number; readonly input: string; readonly cacheRead: string; readonly cacheWrite: string; readonly output: string; readonly cost: string }[];
  readonly limits: readonly UsageLimit[];
  readonly csv: string;
}
export interface UsageLimit {
  readonly kind: 'account' | 'key'; readonly id: string; readonly name: string | null; readonly concurrent: number | null; readonly requestsPerMinute: number | null; readonly tokensPerMinute: string | null;
  readonly bars: readonly { readonly of: 'budget' | 'quota'; readonly period: 'day' | 'month'; readonly used: string; readonly limit: string; readonly currency: string | null; readonly until: string }[];
}

/** POST {account?, key?, from?, to?, group_by, purpose} → UsageAnswer. */
export function usagePage(app: App): PageHandler {
  return async (request: { method: string; payload?: unknown }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (request.method !== 'post') return refusedAnswer(response, refuse('method_not_allowed', 'usage is read by POST, with a purpose'));
    if (!can(actor, 'calls.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include reading calls'));
    const asked = question.safeParse(request.payload);
    if (!asked.success) {
      const [issue] = asked.error.issues, field = String(issue?.path[0] ?? '');
      return refusedAnswer(response, field === 'purpose' ? refuse('purpose_required', `name the purpose: ${PURPOSES.join(', ')}`, 'purpose') : refuse('invalid_request', issue?.message ?? 'the form is not complete', field));
    }
    const { account, key, from, to, group_by: groupBy, purpose } = asked.data, bounds = usageWindow(app, from, to);
    if (isRefusal(bounds)) return refusedAnswer(response, bounds);
    const [rows, limits] = await Promise.all([app.gateway.usage({ account, key, ...bounds, groupBy }), account === undefined ? [] : app.billing.limitsOfAccount(account)]);
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'usage.read', subjectKind: 'calls', subjectId: 'usage', purpose,
      after: { account: account ?? null, key: key ?? null, from: bounds.from.toISOString(), to: bounds.to.toISOString(), group_by: groupBy } }));
    return {
      group_by: groupBy, csv: usageCsv(groupBy, rows),
      rows: rows.map((row) => ({ group: row.group, currency: row.currency, calls: row.calls, estimated: row.estimated, input: String(row.input), cacheRead: String(row.cacheRead), cacheWrite: String(row.cacheWrite), output: String(row.output), cost: String(row.costMicros) })),
      limits: limits.map((one): UsageLimit => ({
        kind: one.kind, id: one.id, name: one.keyName, concurrent: one.limits.concurrentCalls, requestsPerMinute: one.limits.requestsPerMinute, tokensPerMinute: one.limits.tokensPerMinute?.toString() ?? null,
        bars: ([['budget', one.budgetUse, one.limits.budget?.currency ?? null], ['quota', one.quotaUse, null]] as const).flatMap(([of, use, currency]) => (use ? [{ of, period: use.period, used: String(use.used), limit: String(use.limit), currency, until: use.to.toISOString() }] : [])),
      })).filter((one) => one.bars.length > 0 || one.concurrent !== null || one.requestsPerMinute !== null || one.tokensPerMinute !== null),
    } satisfies UsageAnswer;
  };
}
