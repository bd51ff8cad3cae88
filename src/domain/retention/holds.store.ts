import type { DataType } from '../../kernel/data-types.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Hold } from './hold.js';

/** Inserts a hold; waits while a purge holds the table against it. */
export async function insertHold(tx: Tx, hold: Hold): Promise<void> {
  await managerOf(tx).query(`INSERT INTO holds (hold_id, account_id, data_types, matter, requester, basis, review_on, placed_by, placed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [hold.holdId, hold.accountId, hold.dataTypes, hold.matter, hold.requester, hold.basis, hold.reviewOn, hold.placedBy, hold.placedAt]);
}

/** The hold in force of the same matter on the same account and data types. */
export async function findSameHold(tx: Tx, hold: Pick<Hold, 'accountId' | 'dataTypes' | 'matter'>): Promise<string | undefined> {
  const [row] = await managerOf(tx).query(`SELECT hold_id FROM holds WHERE account_id = $1 AND matter = $2 AND data_types IS NOT DISTINCT FROM $3 AND released_at IS NULL`,
    [hold.accountId, hold.matter, hold.dataTypes]) as { hold_id: string }[];
  return row?.hold_id;
}

/** Runs that removed rows of the data types and are not over, or removed some since the instant. What is only detached can still be put back. */
export async function readRemovedSince(tx: Tx, dataTypes: readonly DataType[] | null, since: Date): Promise<{ runId: string; dataType: DataType; rows: bigint }[]> {
  const rows = await managerOf(tx).query(`SELECT r.run_id, r.data_type, sum(i.rows_deleted) FILTER (WHERE i.state <> 'detached') AS rows FROM purge_runs r JOIN purge_run_items i USING (run_id)
    WHERE ($1::text[] IS NULL OR r.data_type = ANY($1)) AND (r.state IN ('running', 'verifying') OR i.done_at >= $2)
    GROUP BY 1, 2 HAVING sum(i.rows_deleted) FILTER (WHERE i.state <> 'detached') > 0`, [dataTypes, since]) as { run_id: string; data_type: DataType; rows: string }[];
  return rows.map((row) => ({ runId: row.run_id, dataType: row.data_type, rows: BigInt(row.rows) }));
}

/** Marks a hold as released; false when it was already. */
export async function markReleased(tx: Tx, holdId: string, by: string, at: Date, protectsUntil: Date): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE holds SET released_by = $2, released_at = $3, protects_until = $4 WHERE hold_id = $1 AND released_at IS NULL', [holdId, by, at, protectsUntil]) as [unknown, number];
  return count > 0;
}
