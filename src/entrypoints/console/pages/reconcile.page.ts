// What providers say they served against our records: files taken in, and one of them by class, day and model.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { CLASSES, csvOf, type Reconciliation } from '../../../domain/cases/index.js';
import { can } from '../../../domain/security/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { formatMicros } from '../../../kernel/money.js';
import { refuse } from '../../../kernel/result.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

export interface UsageImportRow { readonly id: string; readonly provider: string; readonly name: string; readonly rows: number; readonly byRequest: boolean; readonly from: string; readonly to: string; readonly by: string; readonly at: string }
export interface ReconcileList { readonly imports: readonly UsageImportRow[]; readonly providers: readonly string[]; readonly mayImport: boolean }
type Counts = Readonly<Record<(typeof CLASSES)[number], number>>;
interface Tokens { readonly input: string; readonly output: string }
export interface ReconcileAnswer {
  readonly imported: UsageImportRow; readonly classes: readonly string[]; readonly total: Counts; readonly groups: readonly { readonly day: string; readonly model: string; readonly counts: Counts; readonly ours: Tokens; readonly theirs: Tokens }[];
  readonly differences: readonly { readonly class: string; readonly day: string; readonly model: string; readonly upstreamId: string | null; readonly requestId: string | null; readonly ours: Tokens | null; readonly theirs: Tokens | null; readonly amount: string | null }[];
  readonly csv: string;
}

const question = z.strictObject({ import: z.uuid(), tolerance_tokens: z.coerce.number().int().min(0).max(1_000_000_000), tolerance_percent: z.string().trim().regex(/^\d{1,3}(?:\.\d{1,2})?$/, 'a percentage such as 0.5'), purpose: z.enum(PURPOSES) });

/** GET → ReconcileList. POST {import, tolerance_tokens, tolerance_percent, purpose} → ReconcileAnswer; it names calls, so it goes on record. */
export function reconcilePage(app: App): PageHandler {
  return async (request: { method: string; payload?: unknown }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (!can(actor, 'calls.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include reading calls'));
    if (request.method !== 'post') {
      const [imports, providers] = await Promise.all([app.cases.usageImports(), app.providers.providers()]);
      return { imports: imports.map(rowOf), providers: providers.filter((one) => one.category === 'model').map((one) => one.providerId), mayImport: can(actor, 'payments.write') } satisfies ReconcileList;
    }
    const asked = question.safeParse(request.payload);
    if (!asked.success) {
      const [issue] = asked.error.issues, field = String(issue?.path[0] ?? '');
      return refusedAnswer(response, field === 'purpose' ? refuse('purpose_required', `name the purpose: ${PURPOSES.join(', ')}`, 'purpose') : refuse('invalid_request', issue?.message ?? 'the form is not complete', field));
    }
    const { import: importId, tolerance_tokens: tokens, tolerance_percent: percent, purpose } = asked.data, found = await app.cases.reconcileUsage(importId, { tokens: BigInt(tokens), basisPoints: BigInt(Math.round(Number(percent) * 100)) });
    if (!found) return refusedAnswer(response, refuse('not_found', 'there is no such import', 'import'));
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'usage.reconcile', subjectKind: 'usage_import', subjectId: importId, purpose, after: { tolerance_tokens: tokens, tolerance_percent: percent } }));
    const { total, groups, differences } = found.result;
    return {
      imported: rowOf(found.imported), classes: CLASSES, total: { ...total }, csv: reconcileCsv(found.result),
      groups: groups.map((group) => ({ day: group.day, model: group.model, counts: { ...group.counts }, ours: tokensOf(group.ours), theirs: tokensOf(group.theirs) })),
      differences: differences.map((one) => ({ class: one.class, day: one.day, model: one.model, upstreamId: one.upstreamRequestId, requestId: one.requestId, ours: one.ours && tokensOf(one.ours), theirs: one.theirs && tokensOf(one.theirs), amount: one.amountMicros === null ? null : `${formatMicros(one.amountMicros)} ${one.currency ?? ''}`.trim() })),
    } satisfies ReconcileAnswer;
  };
}

function rowOf(one: Awaited<ReturnType<App['cases']['usageImports']>>[number]): UsageImportRow {
  return { id: one.importId, provider: one.providerId, name: one.name, rows: one.rows, byRequest: one.byRequest, from: one.fromDay, to: one.toDay, by: one.importedBy, at: one.importedAt.toISOString() };
}
function tokensOf({ input, output }: { readonly input: bigint; readonly output: bigint }): Tokens { return { input: input.toString(), output: output.toString() }; }

/** Sums of day and model first, then what is not matched. */
function reconcileCsv({ groups, differences }: Reconciliation): string {
  const pair = (one: { readonly input: bigint; readonly output: bigint } | null): string[] => (one ? [one.input.toString(), one.output.toString()] : ['', '']);
  return csvOf(['kind', 'day', 'model', ...CLASSES, 'upstream_request_id', 'request_id', 'ours_input', 'ours_output', 'theirs_input', 'theirs_output', 'amount', 'currency'], [
    ...groups.map((group) => ['sum', group.day, group.model, ...CLASSES.map((one) => group.counts[one]), '', '', ...pair(group.ours), ...pair(group.theirs), '', '']),
    ...differences.map((one) => [one.class, one.day, one.model, ...CLASSES.map(() => ''), one.upstreamRequestId ?? '', one.requestId ?? '', ...pair(one.ours), ...pair(one.theirs), one.amountMicros === null ? '' : formatMicros(one.amountMicros), one.currency ?? '']),
  ]);
}
