// Removes rows of a table or partition in bounded batches. Called with the guard read under its lock.
import { managerOf, type Tx } from '../../platform/db/index.js';
import { rowSql, type DayCut } from './due-rules.js';
import { Params } from './params.js';
import { expiredRows } from './purge-count.view.js';
import type { Guard } from './purge-guard.js';
import type { PurgeTarget } from './purge-targets.js';

/** Rows removed by one statement: below a second with all indexes. */
export const BATCH_ROWS = 5_000;
export interface RemovedRow { readonly key: string; readonly at: Date; readonly leaf: string | null }

/**
 * Deletes up to a batch of due records with keys above `after` from a partition; answers key, time and leaf of each, the leaf null where
 * it is not sealed. Starting behind the last batch keeps batches equally long: most rows of the partition stay and would be read again.
 */
export async function deleteRecords(tx: Tx, partition: string, target: PurgeTarget, cut: DayCut, after: string): Promise<RemovedRow[]> {
  const { key } = target, params = new Params(), { due } = rowSql(cut, target, params);
  return await managerOf(tx).query(`WITH doomed AS (SELECT t.${key} AS key FROM ${partition} t WHERE t.${key} > ${params.add(after, '::uuid')} AND ${due} ORDER BY t.${key} LIMIT ${BATCH_ROWS}),
    removed AS (DELETE FROM ${partition} t USING doomed d WHERE t.${key} = d.key RETURNING t.${key} AS key, t.at, t.batch_id, t.batch_position)
    SELECT r.key, r.at, b.first_leaf + r.batch_position AS leaf FROM removed r LEFT JOIN ledger_batches b USING (batch_id) ORDER BY leaf NULLS FIRST`, params.values) as RemovedRow[];
}

/** Deletes, or erases, up to a batch of expired rows of a small table; answers the time of each. */
export async function removeExpired(tx: Tx, target: PurgeTarget, guard: Guard, timeZone: string, now: Date): Promise<RemovedRow[]> {
  const { text, params } = expiredRows(target, guard, timeZone);
  const doomed = `WITH doomed AS (SELECT key FROM (${text}) expired WHERE NOT held LIMIT ${BATCH_ROWS})`;
  const change = target.erase
    ? `UPDATE ${target.table} t SET ${target.erase}, erased_at = ${params.add(now, '::timestamptz')} FROM doomed d WHERE t.${target.key} = d.key RETURNING t.${target.key}::text AS key, ${target.time} AS at`
    : `DELETE FROM ${target.table} t USING doomed d WHERE t.${target.key} = d.key RETURNING t.${target.key}::text AS key, ${target.time} AS at`;
  return await managerOf(tx).query(`${doomed}, removed AS (${change}) SELECT key, at, NULL AS leaf FROM removed`, params.values) as RemovedRow[];
}
