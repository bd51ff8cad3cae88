import type { DataType } from '../../kernel/data-types.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Hold } from './hold.js';

/** Inserts a hold; waits while a purge holds the table against it. */
export async function insertHold(tx: Tx, hold: Hold): Promise<void> {
  await managerOf(tx).query(`INSERT INTO holds (hold_id, account_id, key_ids, request_ids, from_at, until_at, data_types, matter, requester, basis, review_on, placed_by, placed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, [hold.holdId, hold.accountId, hold.keyIds, hold.requestIds, hold.fromAt, hold.untilAt, hold.dataTypes, hold.matter, hold.requester,
    hold.basis, hold.reviewOn, hold.placedBy, hold.placedAt]);
}

/** Widens a hold, or sets its review date; waits like a placing. */
export async function updateHold(tx: Tx, hold: Hold): Promise<void> {
  await managerOf(tx).query('UPDATE holds SET key_ids = $2, request_ids = $3, from_at = $4, until_at = $5, data_types = $6, review_on = $7 WHERE hold_id = $1',
    [hold.holdId, hold.keyIds, hold.requestIds, hold.fromAt, hold.untilAt, hold.dataTypes, hold.reviewOn]);
}

/** The hold in force of the same matter on the same scope and data types. */
export async function findSameHold(tx: Tx, hold: Hold): Promise<string | undefined> {
  const [row] = await managerOf(tx).query(`SELECT hold_id FROM holds WHERE matter = $1 AND data_types IS NOT DISTINCT FROM $2 AND account_id IS NOT DISTINCT FROM $3 AND key_ids IS NOT DISTINCT FROM $4
    AND request_ids IS NOT DISTINCT FROM $5 AND from_at IS NOT DISTINCT FROM $6 AND until_at IS NOT DISTINCT FROM $7 AND released_at IS NULL`,
    [hold.matter, hold.dataTypes, hold.accountId, hold.keyIds, hold.requestIds, hold.fromAt, hold.untilAt]) as { hold_id: string }[];
  return row?.hold_id;
}

/** The ids of `keys` that no key has. */
export async function unknownKeys(tx: Tx, keys: readonly string[]): Promise<string[]> {
  const rows = await managerOf(tx).query('SELECT id FROM unnest($1::uuid[]) AS given(id) WHERE NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.key_id = given.id)', [keys]) as { id: string }[];
  return rows.map((row) => row.id);
}

/** Runs that removed rows of the data types and are not over, or removed some since the instant. What is only detached can still be put back. */
export async function readRemovedSince(tx: Tx, dataTypes: readonly DataType[] | null, since: Date): Promise<{ runId: string; dataType: DataType; rows: bigint }[]> {
  const rows = await managerOf(tx).query(`SELECT r.run_id, r.data_type, sum(i.rows_deleted) FILTER (WHERE i.state <> 'detached') AS rows FROM purge_runs r JOIN purge_run_items i USING (run_id)
    WHERE ($1::text[] IS NULL OR r.data_type = ANY($1)) AND (r.state IN ('running', 'verifying', 'failed', 'paused') OR i.done_at >= $2)
    GROUP BY 1, 2 HAVING sum(i.rows_deleted) FILTER (WHERE i.state <> 'detached') > 0`, [dataTypes, since]) as { run_id: string; data_type: DataType; rows: string }[];
  return rows.map((row) => ({ runId: row.run_id, dataType: row.data_type, rows: BigInt(row.rows) }));
}

/** Marks a hold as released; false when it was already. */
export async function markReleased(tx: Tx, holdId: string, by: string, at: Date, protectsUntil: Date): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE holds SET released_by = $2, released_at = $3, protects_until = $4 WHERE hold_id = $1 AND released_at IS NULL', [holdId, by, at, protectsUntil]) as [unknown, number];
  return count > 0;
}
