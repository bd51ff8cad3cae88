// Holds as they stand.
import type { DataType } from '../../kernel/data-types.js';
import type { Hold } from './hold.js';
import type { Query } from './query.store.js';

interface HoldRow {
  hold_id: string; account_id: string; data_types: DataType[] | null; matter: string; requester: string; basis: string; review_on: string;
  placed_by: string; placed_at: Date; released_by: string | null; released_at: Date | null; protects_until: Date | null;
}

/** All holds, newest first. */
export async function readHolds(query: Query): Promise<Hold[]> {
  return (await query<HoldRow>('SELECT * FROM holds ORDER BY placed_at DESC, hold_id DESC')).map(toHold);
}

/** Holds that protect the account's items of the data type (of any, when unset) at the instant. */
export async function readHoldsFor(query: Query, at: Date, accountId: string, dataType?: DataType): Promise<Hold[]> {
  return (await query<HoldRow>(`SELECT * FROM holds WHERE account_id = $1 AND ($2::text IS NULL OR data_types IS NULL OR $2 = ANY(data_types))
    AND (protects_until IS NULL OR protects_until > $3) ORDER BY placed_at, hold_id`, [accountId, dataType ?? null, at])).map(toHold);
}

export async function readHold(query: Query, holdId: string): Promise<Hold | undefined> {
  const [row] = await query<HoldRow>('SELECT * FROM holds WHERE hold_id = $1', [holdId]);
  return row && toHold(row);
}

function toHold(row: HoldRow): Hold {
  return { holdId: row.hold_id, accountId: row.account_id, dataTypes: row.data_types, matter: row.matter, requester: row.requester, basis: row.basis,
    reviewOn: row.review_on, placedBy: row.placed_by, placedAt: row.placed_at, releasedBy: row.released_by, releasedAt: row.released_at, protectsUntil: row.protects_until };
}
