import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { EraseCount, Erasure, ErasureState, Restriction } from './erase.js';

export type NewErasure = Pick<Erasure, 'erasureId' | 'accountId' | 'sessions' | 'byItems' | 'ground' | 'reason' | 'dataTypes' | 'caseNumber' | 'plan' | 'preview' | 'before' | 'askedById' | 'askedBy' | 'askedAt'>;

/** Inserts it as planned; false when the case has one that is not cancelled. */
export async function insertErasure(tx: Tx, one: NewErasure): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO erasures (erasure_id, account_id, sessions, by_items, ground, reason, data_types, case_number, state, plan, preview, before, asked_by_id, asked_by, asked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING RETURNING 1`,
    [one.erasureId, one.accountId, one.sessions, one.byItems, one.ground, one.reason, one.dataTypes, one.caseNumber, JSON.stringify(one.plan), JSON.stringify(one.preview), one.before, one.askedById, one.askedBy, one.askedAt]) as unknown[];
  return rows.length > 0;
}

/** The state under a lock. */
export async function lockErasure(tx: Tx, erasureId: string): Promise<{ state: ErasureState; askedById: string; caseNumber: string | null } | undefined> {
  const [row] = await managerOf(tx).query('SELECT state, asked_by_id AS "askedById", case_number AS "caseNumber" FROM erasures WHERE erasure_id = $1 FOR UPDATE', [erasureId]) as { state: ErasureState; askedById: string; caseNumber: string | null }[];
  return row;
}

export interface ErasureChange {
  readonly state?: ErasureState; readonly approvalId?: string; readonly approvedBy?: string; readonly approvedAt?: Date; readonly startedAt?: Date; readonly finishedAt?: Date;
  readonly failure?: string | null; readonly outcome?: Json; readonly sessions?: null;
}
const COLUMNS: Record<keyof ErasureChange, string> = { state: 'state', approvalId: 'approval_id', approvedBy: 'approved_by', approvedAt: 'approved_at', startedAt: 'started_at', finishedAt: 'finished_at', failure: 'failure',
  outcome: 'outcome', sessions: 'sessions' };

/** Sets what is given, null included. */
export async function markErasure(tx: Tx, erasureId: string, change: ErasureChange): Promise<void> {
  const fields = (Object.keys(COLUMNS) as (keyof ErasureChange)[]).filter((field) => change[field] !== undefined);
  await managerOf(tx).query(`UPDATE erasures SET ${fields.map((field, index) => `${COLUMNS[field]} = $${index + 2}`).join(', ')} WHERE erasure_id = $1`,
    [erasureId, ...fields.map((field) => (field === 'outcome' ? JSON.stringify(change.outcome) : change[field]))]);
}

type Of = Pick<Erasure, 'erasureId' | 'accountId' | 'byItems' | 'before'>;

/** Restricts what is left of the types, with the reason; a second time it sets numbers and reasons anew. */
export async function restrict(tx: Tx, one: Of, counts: readonly Pick<EraseCount, 'dataType' | 'rows' | 'why' | 'goesAt'>[], why: (count: Pick<EraseCount, 'why'>) => readonly Restriction[], at: Date): Promise<void> {
  for (const count of counts) {
    await managerOf(tx).query(`INSERT INTO restrictions (erasure_id, data_type, account_id, by_items, before, rows, why, since, goes_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (erasure_id, data_type) DO UPDATE SET rows = excluded.rows, why = excluded.why, goes_at = excluded.goes_at`,
      [one.erasureId, count.dataType, one.accountId, one.byItems, one.before, count.rows.toString(), JSON.stringify(why(count)), at, count.goesAt]);
  }
}

/** Lists the rows an erasure of sessions is about; `goesAt` by type. */
export async function insertItems(tx: Tx, one: Of, dataType: DataType, items: readonly string[], goesAt: readonly Date[] | null): Promise<void> {
  await managerOf(tx).query('INSERT INTO restricted_items (data_type, item_id, erasure_id, account_id, goes_at) SELECT $1, u.id, $3, $4, u.at FROM unnest($2::uuid[], $5::timestamptz[]) AS u(id, at) ON CONFLICT DO NOTHING',
    [dataType, items, one.erasureId, one.accountId, goesAt ?? items.map(() => null)]);
}

/** Ends the restriction of the types (all when unset): nothing is left to restrict, or nothing was to be erased after all. */
export async function lift(tx: Tx, erasureId: string, at: Date, dataTypes: readonly DataType[] | null = null): Promise<number> {
  const [, lifted] = await managerOf(tx).query('UPDATE restrictions SET lifted_at = $2, rows = 0 WHERE erasure_id = $1 AND lifted_at IS NULL AND ($3::text[] IS NULL OR data_type = ANY($3))', [erasureId, at, dataTypes]) as [unknown, number];
  await managerOf(tx).query('DELETE FROM restricted_items WHERE erasure_id = $1 AND ($2::text[] IS NULL OR data_type = ANY($2))', [erasureId, dataTypes]);
  return lifted;
}
