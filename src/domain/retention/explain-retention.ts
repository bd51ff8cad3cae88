// Explains one item: which rules apply, which wins, when it goes, what stops it.
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { isUuid } from '../../kernel/ids.js';
import type { Question } from '../../platform/db/index.js';
import type { AccountFacts } from './cut-off-rules.js';
import { accountQuestion, operatorQuestion, policiesQuestion } from './facts.view.js';
import { erasedQuestion, type ErasedType } from './erase.view.js';
import type { Hold } from './hold.js';
import { coversItem } from './hold-scope.js';
import { protectingQuestion } from './holds.view.js';
import type { ExplainInput, Explanation, Policy } from './policy.js';
import { endOf, LEVELS, OWN_CLOCK, resolveRetention, rulesByLevel, type RetentionItem } from './policy-rules.js';
import { clockInstant, PURGE_TARGETS } from './purge-targets.js';
import { answerOf, type Query } from './query.store.js';

/** What decides about the items of one account at one instant, whatever their data types. */
export interface ExplainFacts { readonly policies: readonly Policy[]; readonly operator: string | null; readonly account: AccountFacts | undefined; readonly protecting: readonly Hold[]; readonly erased: readonly ErasedType[] }
export type ExplainQuestions = { readonly [Name in keyof ExplainFacts]: Question<ExplainFacts[Name]> };

/** Asks for them; together with what else a reading asks, they cost no wait of their own. Never kept: a hold or a policy shows at the next question. */
export function explainQuestions(accountId: string | null, now: Date): ExplainQuestions {
  return { policies: policiesQuestion({ at: now }), operator: operatorQuestion(), account: accountQuestion(accountId), protecting: protectingQuestion(null, now), erased: erasedQuestion(accountId) };
}

/** The explanation of an item as things stand now. `clockStart` is its event, for data types whose clock is one. */
export async function explainRetention(query: Query, clock: Clock, timeZone: string, input: ExplainInput): Promise<Explanation> {
  const asked = explainQuestions(input.accountId ?? null, clock.now());
  const [policies, operator, account, protecting, erased] = await Promise.all([answerOf(query, asked.policies), answerOf(query, asked.operator), answerOf(query, asked.account), answerOf(query, asked.protecting), answerOf(query, asked.erased)]);
  return explainFrom({ policies, operator, account, protecting, erased }, timeZone, input);
}

/** The explanation from facts at hand. Pure. */
export function explainFrom({ policies, operator, account, protecting, erased }: ExplainFacts, timeZone: string, input: ExplainInput): Explanation {
  const accountId = input.accountId ?? null, own = OWN_CLOCK[input.dataType];
  const facts = { rules: policies.filter((policy) => policy.dataType === input.dataType), operator, timeZone };
  const item: RetentionItem = {
    dataType: input.dataType, createdAt: input.createdAt, accountId, jurisdiction: input.jurisdiction ?? account?.jurisdiction ?? null, itemId: input.itemId ?? input.requestId ?? null,
    accountClosedAt: (own === 'account-closed' ? input.clockStart : null) ?? account?.closedAt ?? null, disputeClosedAt: account?.disputeClosedAt ?? null,
    fiscalYearEnd: own === 'fiscal-year-end' ? input.clockStart ?? null : null,
  };
  const { rule, retainUntil, deleteAt, waitingFor, minimums } = resolveRetention(item, facts);
  const levels = rulesByLevel(facts.rules, item.dataType, accountId, item.jurisdiction, item.itemId);
  const considered = levels.flatMap((rules, level) => rules.map((policy) => ({ policy, level: LEVELS[level]!, endsAt: endOf(item, policy.startsAt, policy.keep, timeZone), decides: policy.policyId === rule?.policyId })));
  const held = { accountId, keyId: input.keyId ?? null, requestId: input.requestId ?? null, at: input.createdAt };
  // Of an erased account the law alone decides; the books of payments go on by their policy.
  const erasure = input.dataType === 'payment_records' ? undefined : erased.find((one) => one.dataType === input.dataType && (one.before === null || input.createdAt < one.before));
  return { policy: considered.find((one) => one.decides)?.policy ?? null, considered, retainUntil, deleteAt: erasure ? retainUntil ?? erasure.since : deleteAt, restricted: erasure ? { erasureId: erasure.erasureId, since: erasure.since } : null, ...(waitingFor ? { waitingFor } : {}),
    minimums: minimums.map((limit) => ({ id: limit.id, keep: limit.period, source: limit.source, endsAt: endOf(item, limit.startsAt, limit.period, timeZone) })),
    holds: protecting.filter((hold) => (hold.dataTypes === null || hold.dataTypes.includes(input.dataType)) && coversItem(hold, held)) };
}

/** A record found by its id, with what decides about it. `clockStart`: null while its event has not happened. */
export interface RecordFacts { readonly table: string; readonly id: string; readonly at: Date; readonly accountId: string | null; readonly keyId: string | null; readonly requestId: string | null; readonly itemId: string | null; readonly clockStart: Date | null }

/** The record of the data type that bears the id, its own or that of its call; undefined when there is none on record. */
export async function findRecord(query: Query, dataType: DataType, id: string, timeZone: string): Promise<RecordFacts | undefined> {
  // Transfers before their outcomes: they know the key.
  for (const target of [...PURGE_TARGETS[dataType]].reverse()) {
    const named = target.key === 'account_id';
    if (!named && !isUuid(id)) continue;
    const { byKeys, byRequests } = target.scope, hasKey = byKeys?.('x').startsWith('t.key_id') ?? false, hasRequest = byRequests?.('x').startsWith('t.request_id') ?? false;
    const [row] = await query<{ id: string; at: Date | null; made: Date | null; account_id: string | null; key_id: string | null; request_id: string | null; item: string | null; clock: Date | string | null }>(
      `SELECT t.${target.key}::text AS id, ${target.time} AS at, ${target.partitioned ? 'NULL::timestamptz' : target.clockType === 'text' ? target.time : 't.created_at'} AS made, t.account_id, ${hasKey ? 't.key_id::text' : 'NULL'} AS key_id,
        ${hasRequest ? 't.request_id::text' : 'NULL'} AS request_id, ${target.item ? `${target.item}::text` : 'NULL'} AS item, ${target.clock} AS clock
      FROM ${target.table} t WHERE t.${target.key} = $1 ${hasRequest && target.key !== 'request_id' ? 'OR t.request_id = $1' : ''} LIMIT 1`, [id]);
    if (!row) continue;
    const at = row.at ?? row.made;
    return { table: target.table, id: row.id, at: at ?? new Date(0), accountId: row.account_id, keyId: row.key_id, requestId: row.request_id, itemId: row.item,
      clockStart: row.clock === null ? null : target.clockType === 'uuid' ? at : clockInstant(target, row.clock, timeZone) };
  }
  return undefined;
}
