// Takes on an erasure: what it reaches is frozen and restricted at once, and a second person is asked. Nothing is erased yet.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { checkReason } from '../../kernel/field-rules.js';
import { instantOfId, mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type RequestApproval } from '../security/index.js';
import { ERASURE_GROUNDS, type EraseCount, type EraseInput, type PlannedErasure } from './erase.js';
import { countSubject, readSessionCalls, type Subject } from './erase-count.view.js';
import { describeCounts, endOfDay, goesAt, keepersOf, planOf, SESSION_TYPES, typesOf, type Keeper } from './erase-rules.js';
import { insertErasure, insertItems, markErasure, restrict } from './erase.store.js';
import { readAccount, readFacts } from './facts.view.js';
import { inTx, type Query } from './query.store.js';

export const ERASE_ACTION = 'erase.subject';
/** Calls an erasure of sessions may list; more are erased by several. */
export const MOST_ITEMS = 20_000;
const MOST_SESSIONS = 100;

export interface EraseDeps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly requestApproval: RequestApproval }
export type PlanErasure = (tx: Tx, input: EraseInput) => Promise<PlannedErasure | Refusal>;
type PreviewInput = Pick<EraseInput, 'accountId' | 'sessions' | 'dataTypes'>;
export type PreviewErasure = (input: PreviewInput) => Promise<EraseCount[] | Refusal>;

interface Surveyed { readonly subject: Subject; readonly types: readonly DataType[]; readonly keepers: ReadonlyMap<DataType, readonly Keeper[]>; readonly counts: readonly EraseCount[] }

/** Binds the reading pool: what would be erased and what restricted, by type. Changes nothing. Refusals: not_found, invalid_request. */
export function createPreviewErasure(deps: { query: Query; clock: Clock; timeZone: string }): PreviewErasure {
  return async (input) => {
    const found = await survey(deps.query, input, deps.clock.now(), deps.timeZone);
    return isRefusal(found) ? found : [...found.counts];
  };
}

/**
 * Binds the use case. Of a subject request the moves of the case are the second person's word, otherwise an approval is asked for.
 * Refusals: forbidden, invalid_request, not_found, conflict (the case has one).
 */
export function createPlanErasure(deps: EraseDeps): PlanErasure {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, input.caseNumber === undefined ? 'purges.run' : 'cases.approve') ?? checkReason(input.reason);
    if (wrong) return wrong;
    if (!ERASURE_GROUNDS.includes(input.ground)) return refuse('invalid_request', `a ground is one of ${ERASURE_GROUNDS.join(', ')}`, 'ground');
    const now = deps.clock.now(), query = inTx(tx), found = await survey(query, input, now, deps.timeZone);
    if (isRefusal(found)) return found;
    const { subject, types, keepers, counts } = found, bySessions = subject.items !== null, erasureId = mintId(now), preview: Json = describeCounts(counts);
    const one = { erasureId, accountId: input.accountId, sessions: bySessions ? [...input.sessions!] : null, byItems: bySessions, ground: input.ground, reason: input.reason.trim(), dataTypes: types, caseNumber: input.caseNumber ?? null,
      plan: planOf(types, keepers, now, deps.timeZone, bySessions), preview, before: subject.before, askedById: tx.actor.id, askedBy: tx.actor.name, askedAt: now };
    if (!await insertErasure(tx, one)) return refuse('conflict', `case ${input.caseNumber ?? ''} has an erasure that is not cancelled`);
    const waits = { kind: 'approval' as const, id: erasureId, says: 'asked for, and not approved by a second person yet' };
    await restrict(tx, one, counts, ({ why }) => [waits, ...why], now);
    if (subject.items) for (const type of types) await insertItems(tx, one, type, subject.items, subject.items.map((id) => goesAt(type, keepers.get(type) ?? [], instantOfId(id), deps.timeZone)));
    // Ids of sessions are the customer's words and may name a person: the record says how many.
    const scope = { account_id: input.accountId, sessions: one.sessions?.length ?? null, data_types: types, before: subject.before?.toISOString() ?? null };
    await deps.append(tx, { action: 'erasure.plan', subjectKind: 'erasure', subjectId: erasureId, purpose: 'compliance_retention', reason: one.reason,
      after: { ground: one.ground, case_number: one.caseNumber, scope, cut_offs: one.plan.cut_offs, counts: preview } });
    if (input.caseNumber !== undefined) return { erasureId, state: 'planned', approvalId: null, counts };
    const approval = await deps.requestApproval(tx, { action: ERASE_ACTION, subjectKind: 'erasure', subjectId: erasureId, reason: one.reason,
      proposal: { erasure_id: erasureId, ground: one.ground, scope, cut_offs: one.plan.cut_offs, minimums: one.plan.minimums, predicate: one.plan.predicate }, preview: preview as { readonly [name: string]: Json } });
    if (isRefusal(approval)) return approval;
    await markErasure(tx, erasureId, { approvalId: approval.approvalId });
    return { erasureId, state: 'planned', approvalId: approval.approvalId, counts };
  };
}

/** Checks what is asked and counts what it reaches. */
async function survey(query: Query, input: PreviewInput, now: Date, timeZone: string): Promise<Surveyed | Refusal> {
  const account = await readAccount(query, input.accountId);
  if (!account) return refuse('not_found', `no account ${input.accountId.slice(0, 80)}`, 'accountId');
  const unknown = input.dataTypes?.find((type) => !DATA_TYPES.includes(type));
  if (unknown !== undefined) return refuse('invalid_request', `no data type ${String(unknown).slice(0, 60)}; there are ${DATA_TYPES.join(', ')}`, 'dataTypes');
  const types = typesOf(input.dataTypes, input.sessions !== undefined);
  if (types.length === 0) return refuse('invalid_request', `calls of a session are of the types ${SESSION_TYPES.join(', ')}; name one of them`, 'dataTypes');
  const items = input.sessions === undefined ? null : await itemsOf(query, input.accountId, input.sessions);
  if (items !== null && isRefusal(items)) return items;
  const subject: Subject = { accountId: input.accountId, items, before: items === null && types.includes('account_information') ? null : endOfDay(now) };
  const keepers = new Map<DataType, readonly Keeper[]>(), counts: EraseCount[] = [];
  for (const type of types) {
    const own = keepersOf(type, await readFacts(query, type, timeZone, now), account);
    keepers.set(type, own);
    const { parts: _, ...count } = await countSubject(query, type, subject, own, now, timeZone);
    counts.push(count);
  }
  return { subject, types, keepers, counts };
}

async function itemsOf(query: Query, accountId: string, sessions: readonly string[]): Promise<string[] | Refusal> {
  if (sessions.length === 0 || sessions.length > MOST_SESSIONS || sessions.some((id) => id.trim() === '' || id.length > 500)) return refuse('invalid_request', `name 1 to ${MOST_SESSIONS} sessions`, 'sessions');
  const items = await readSessionCalls(query, accountId, sessions, MOST_ITEMS);
  if (items.length === 0) return refuse('not_found', `no call of ${accountId} on record bears one of these sessions`, 'sessions');
  return items.length > MOST_ITEMS ? refuse('invalid_request', `these sessions have more than ${MOST_ITEMS} calls; name fewer`, 'sessions') : items;
}
