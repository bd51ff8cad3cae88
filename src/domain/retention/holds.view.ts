// Holds as they stand, and what they cover.
import { question, type Question } from '../../platform/db/index.js';
import type { DataType } from '../../kernel/data-types.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import type { HeldRows, Hold } from './hold.js';
import { heldScope, heldSql, type HoldScope } from './hold-scope.js';
import { Params } from './params.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { answerOf, type Query } from './query.store.js';

interface HoldRow {
  hold_id: string; account_id: string | null; key_ids: string[] | null; request_ids: string[] | null; from_at: Date | null; until_at: Date | null; data_types: DataType[] | null;
  matter: string; requester: string; basis: string; review_on: string; placed_by: string; placed_at: Date; released_by: string | null; released_at: Date | null; protects_until: Date | null;
}

/** All holds, newest first. */
export async function readHolds(query: Query): Promise<Hold[]> {
  return (await query<HoldRow>('SELECT * FROM holds ORDER BY placed_at DESC, hold_id DESC')).map(toHold);
}

/** Holds that protect items of the data type (of any, when unset) at the instant or later, oldest first. */
export function readProtecting(query: Query, dataType: DataType | null, at: Date): Promise<Hold[]> { return answerOf(query, protectingQuestion(dataType, at)); }

export function protectingQuestion(dataType: DataType | null, at: Date): Question<Hold[]> {
  return question<HoldRow, Hold[]>(`SELECT * FROM holds WHERE ($1::text IS NULL OR data_types IS NULL OR $1::text = ANY(data_types)) AND (protects_until IS NULL OR protects_until > $2)
    ORDER BY placed_at, hold_id`, [dataType, at], (rows) => rows.map(toHold));
}

export async function readHold(query: Query, holdId: string): Promise<Hold | undefined> {
  const [row] = await query<HoldRow>('SELECT * FROM holds WHERE hold_id = $1', [holdId]);
  return row && toHold(row);
}

/** Exactly how many rows on record the hold covers now, in each table of its data types. */
export async function countHeldRows(query: Query, hold: HoldScope & Pick<Hold, 'dataTypes'>): Promise<HeldRows[]> {
  const counts: HeldRows[] = [];
  for (const dataType of hold.dataTypes ?? DATA_TYPES) for (const target of PURGE_TARGETS[dataType]) {
    const params = new Params(), held = heldSql(heldScope([hold]), target, params);
    const [row] = held === 'false' ? [{ rows: '0' }] : await query<{ rows: string }>(`SELECT count(*) AS rows FROM ${target.table} t WHERE ${held}`, params.values);
    counts.push({ table: target.table, dataType, rows: BigInt(row!.rows) });
  }
  return counts;
}

function toHold(row: HoldRow): Hold {
  return { holdId: row.hold_id, accountId: row.account_id, keyIds: row.key_ids, requestIds: row.request_ids, fromAt: row.from_at, untilAt: row.until_at, dataTypes: row.data_types,
    matter: row.matter, requester: row.requester, basis: row.basis, reviewOn: row.review_on, placedBy: row.placed_by, placedAt: row.placed_at, releasedBy: row.released_by,
    releasedAt: row.released_at, protectsUntil: row.protects_until };
}
