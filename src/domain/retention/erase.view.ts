// Erasures and restrictions as they stand.
import type { DataType } from '../../kernel/data-types.js';
import type { Json } from '../../kernel/canonical-json.js';
import { question, type Question } from '../../platform/db/index.js';
import { isUuid } from '../../kernel/ids.js';
import type { ErasePlan, Erasure, ErasureGround, ErasureState, RestrictedType, Restriction } from './erase.js';
import type { Query } from './query.store.js';

interface ErasureRow {
  erasure_id: string; account_id: string; sessions: string[] | null; by_items: boolean; ground: ErasureGround; reason: string; data_types: DataType[]; case_number: string | null; state: ErasureState; plan: ErasePlan;
  preview: Json; outcome: Json; before: Date | null; asked_by_id: string; asked_by: string; asked_at: Date; approval_id: string | null; approved_by: string | null; approved_at: Date | null;
  started_at: Date | null; finished_at: Date | null; failure: string | null;
}
interface RestrictionRow { erasure_id: string; data_type: DataType; rows: string; why: Restriction[]; since: Date; goes_at: Date | null; lifted_at: Date | null }

export interface ErasureFilter { readonly erasureId?: string; readonly caseNumber?: string; readonly accountId?: string; readonly states?: readonly ErasureState[]; readonly limit?: number }

/** Newest first, each with its restrictions. */
export async function readErasures(query: Query, filter: ErasureFilter = {}): Promise<Erasure[]> {
  if (filter.erasureId !== undefined && !isUuid(filter.erasureId)) return [];
  const rows = await query<ErasureRow>(`SELECT * FROM erasures WHERE ($1::uuid IS NULL OR erasure_id = $1) AND ($2::text IS NULL OR case_number = $2) AND ($3::text IS NULL OR account_id = $3) AND ($4::text[] IS NULL OR state = ANY($4))
    ORDER BY erasure_id DESC LIMIT $5`, [filter.erasureId ?? null, filter.caseNumber ?? null, filter.accountId ?? null, filter.states ?? null, filter.limit ?? 100]);
  const restrictions = rows.length === 0 ? [] : await query<RestrictionRow>('SELECT erasure_id, data_type, rows, why, since, goes_at, lifted_at FROM restrictions WHERE erasure_id = ANY($1::uuid[]) ORDER BY data_type', [rows.map((row) => row.erasure_id)]);
  return rows.map((row) => toErasure(row, restrictions.filter((one) => one.erasure_id === row.erasure_id).map(toRestricted)));
}

/** Request ids an erasure of sessions lists. */
export async function readItemIds(query: Query, erasureId: string, dataType: DataType): Promise<string[]> {
  return (await query<{ id: string }>('SELECT item_id AS id FROM restricted_items WHERE erasure_id = $1 AND data_type = $2 ORDER BY 1', [erasureId, dataType])).map((row) => row.id);
}

/** A restriction in force, as readings ask about it. */
export interface InForce { readonly dataType: DataType; readonly accountId: string; readonly byItems: boolean; readonly before: Date | null }
export async function readInForce(query: Query): Promise<InForce[]> {
  return await query<{ dataType: DataType; accountId: string; byItems: boolean; before: Date | null }>('SELECT data_type AS "dataType", account_id AS "accountId", by_items AS "byItems", before FROM restrictions WHERE lifted_at IS NULL');
}

/** An approved erasure of the account, of rows of the type made before the instant (null: of all). */
export interface ErasedType { readonly erasureId: string; readonly dataType: DataType; readonly before: Date | null; readonly since: Date }
/** Null asks for none. */
export function erasedQuestion(accountId: string | null): Question<ErasedType[]> {
  return question<ErasedType, ErasedType[]>(`SELECT r.erasure_id AS "erasureId", r.data_type AS "dataType", r.before, r.since FROM restrictions r JOIN erasures e USING (erasure_id)
    WHERE r.account_id = $1::text AND r.lifted_at IS NULL AND NOT r.by_items AND e.state IN ('running', 'erased') ORDER BY r.since`, [accountId], (rows) => [...rows]);
}

/** What the rules of purges need: accounts of which nothing is kept longer than the law asks, since their erasure was approved, and single items likewise. */
export async function readErasedAccounts(query: Query, dataType: DataType): Promise<{ accountId: string; before: Date | null }[]> {
  return query(`SELECT r.account_id AS "accountId", CASE WHEN bool_or(r.before IS NULL) THEN NULL ELSE max(r.before) END AS before FROM restrictions r JOIN erasures e USING (erasure_id)
    WHERE r.data_type = $1 AND r.lifted_at IS NULL AND NOT r.by_items AND e.state IN ('running', 'erased') GROUP BY 1`, [dataType]);
}
export async function readErasedItems(query: Query, dataType: DataType, at: Date): Promise<{ itemId: string; accountId: string }[]> {
  return query(`SELECT DISTINCT i.item_id AS "itemId", i.account_id AS "accountId" FROM restricted_items i JOIN erasures e USING (erasure_id)
    WHERE i.data_type = $1 AND i.goes_at <= $2 AND e.state IN ('running', 'erased') LIMIT 20000`, [dataType, at]);
}

function toErasure(row: ErasureRow, restrictions: RestrictedType[]): Erasure {
  return { erasureId: row.erasure_id, accountId: row.account_id, sessions: row.sessions, byItems: row.by_items, ground: row.ground, reason: row.reason, dataTypes: row.data_types, caseNumber: row.case_number, state: row.state,
    plan: row.plan, preview: row.preview, outcome: row.outcome, before: row.before, askedById: row.asked_by_id, askedBy: row.asked_by, askedAt: row.asked_at, approvalId: row.approval_id, approvedBy: row.approved_by,
    approvedAt: row.approved_at, startedAt: row.started_at, finishedAt: row.finished_at, failure: row.failure, restrictions };
}
function toRestricted(row: RestrictionRow): RestrictedType {
  return { dataType: row.data_type, rows: BigInt(row.rows), why: row.why, since: row.since, goesAt: row.goes_at, liftedAt: row.lifted_at };
}
