// Removes again, in a restored database, exactly what a certificate says went. Nobody reads or writes beside it, so batches may be large.
import { partitionDay, managerOf, type Tx } from '../../platform/db/index.js';
import type { Json } from '../../kernel/canonical-json.js';
import { dayPartition, readPlace, reattach } from './partitions.store.js';
import type { PurgeCertificate, PurgeMethod } from './purge.js';
import { unpackLeaves } from './purged-leaves.js';
import type { PurgeTarget } from './purge-targets.js';
import { forgetCounts } from './partition-counts.store.js';
import { inTx } from './query.store.js';

/** Leaves handed over by one statement. */
const PAGE = 20_000;

/**
 * Puts the places of the leaves (batch, first and last position) into the temporary table `places`, in runs of neighbours. Leaves of
 * batches the database does not have are left out: their records are not there either.
 */
export async function placeLeaves(tx: Tx, packed: Buffer): Promise<void> {
  const manager = managerOf(tx), lows: number[] = [], highs: number[] = [];
  await manager.query('CREATE TEMPORARY TABLE IF NOT EXISTS places (batch_id uuid NOT NULL, low integer NOT NULL, high integer NOT NULL) ON COMMIT DROP');
  await manager.query('TRUNCATE places');
  for (const leaf of unpackLeaves(packed)) if (highs.at(-1) === leaf - 1) highs[highs.length - 1] = leaf; else { lows.push(leaf); highs.push(leaf); }
  for (let from = 0; from < lows.length; from += PAGE) {
    await manager.query(`INSERT INTO places SELECT b.batch_id, greatest(r.low - b.first_leaf, 0)::integer, least(r.high - b.first_leaf, b.record_count - 1)::integer
      FROM unnest($1::bigint[], $2::bigint[]) AS r (low, high) JOIN LATERAL (
        SELECT * FROM ledger_batches b WHERE b.first_leaf >= coalesce((SELECT max(first_leaf) FROM ledger_batches WHERE first_leaf <= r.low), 0) AND b.first_leaf <= r.high) b
      ON r.low < b.first_leaf + b.record_count`, [lows.slice(from, from + PAGE), highs.slice(from, from + PAGE)]);
  }
  await manager.query('ANALYZE places');
}

const IN_PLACES = 'EXISTS (SELECT 1 FROM places p WHERE p.batch_id = t.batch_id AND t.batch_position BETWEEN p.low AND p.high)';

/** How many records of the places are in the item's partition, or in the table where it names none; a partition that is out of its table is put back first. */
export async function countPlaced(tx: Tx, target: PurgeTarget, partition: string | null): Promise<number> {
  const relation = await relationOf(tx, target, partition);
  if (!relation) return 0;
  const [row] = await managerOf(tx).query(`SELECT count(*)::int AS n FROM ${relation} t WHERE ${IN_PLACES}`) as { n: number }[];
  return row!.n;
}

/** Removes them; a partition of which nothing stays is emptied at once, and its disk given back. Answers how many went. */
export async function removePlaced(tx: Tx, target: PurgeTarget, partition: string | null): Promise<number> {
  const manager = managerOf(tx), relation = await relationOf(tx, target, partition);
  if (!relation) return 0;
  if (partition !== null) {
    const [row] = await manager.query(`SELECT count(*)::int AS n, count(*) FILTER (WHERE ${IN_PLACES})::int AS placed FROM ${relation} t`) as { n: number; placed: number }[];
    if (row!.n > 0 && row!.n === row!.placed) { await manager.query(`TRUNCATE ${relation}`); return row!.n; }
  }
  const [, removed] = await manager.query(`DELETE FROM ${relation} t WHERE ${IN_PLACES}`) as [unknown, number];
  return removed;
}

/** The backup may be of a moment in which a run had the partition out of its table. */
async function relationOf(tx: Tx, target: PurgeTarget, partition: string | null): Promise<string | undefined> {
  const day = partition === null ? undefined : partitionDay(partition), query = inTx(tx), manager = managerOf(tx);
  if (partition === null || !day) return target.table;
  const part = dayPartition(target, partition, day), gone = await readPlace(query, part.table, part.gone);
  if (gone === 'detached') {
    // What stands in both has been copied; the old one is whole, so it takes the place of the new one again.
    if (await readPlace(query, part.table, part.name) === 'attached') await manager.query(`INSERT INTO ${part.name} SELECT g.* FROM ${part.gone} g WHERE NOT EXISTS (SELECT 1 FROM ${part.name} l WHERE l.${part.key} = g.${part.key})`);
    else { await manager.query(`ALTER TABLE ${part.gone} RENAME TO ${part.name}`); await reattach(tx, part); return part.name; }
    await forgetCounts(tx, part.gone);
    await manager.query(`DROP TABLE ${part.gone}`);
  } else if (await readPlace(query, part.table, part.name) === 'detached') await reattach(tx, part);
  return await readPlace(query, part.table, part.name) === 'absent' ? undefined : part.name;
}

/** Rows of a small table by their keys: how many there are, or with `remove` how many went (or had their fields erased). */
export async function countRows(tx: Tx, target: PurgeTarget, ids: readonly string[]): Promise<number> {
  const [row] = await managerOf(tx).query(`SELECT count(*)::int AS n FROM ${target.table} t WHERE t.${target.key}::text = ANY($1)${target.erase ? ' AND t.erased_at IS NULL' : ''}`, [ids]) as { n: number }[];
  return row!.n;
}

export async function removeRowsByKey(tx: Tx, target: PurgeTarget, ids: readonly string[], at: Date): Promise<number> {
  const [, removed] = (target.erase
    ? await managerOf(tx).query(`UPDATE ${target.table} t SET ${target.erase}, erased_at = $2, status = 'closed', closed_at = coalesce(closed_at, $2) WHERE t.${target.key}::text = ANY($1) AND t.erased_at IS NULL RETURNING 1`, [ids, at])
    : await managerOf(tx).query(`DELETE FROM ${target.table} t WHERE t.${target.key}::text = ANY($1)`, [ids])) as [unknown, number];
  return removed;
}

type Body = { readonly [key: string]: Json };
export interface CertifiedItem { readonly position: number; readonly table: string; readonly partition: string | null; readonly method: PurgeMethod; readonly leaves: Buffer | null; readonly named: Body }

/** The run, its items and its certificate as they were; one the backup has in an earlier state becomes the certified one. */
export async function insertCertifiedRun(tx: Tx, certificate: PurgeCertificate, items: readonly CertifiedItem[]): Promise<void> {
  const manager = managerOf(tx), { body, runId } = certificate, verification = body['verification'] as Body, held = body['held'] as Body, before = body['checkpoint_before'] as Body | null;
  for (const table of ['purge_item_rows', 'purge_item_leaves', 'purge_run_items']) await manager.query(`DELETE FROM ${table} WHERE run_id = $1`, [runId]);
  const plan = { time_zone: body['time_zone'], policies: body['policies'], minimums: body['minimums'], cut_offs: body['cut_offs'], predicate: body['predicate'], ...(body['erasure'] ? { erasure: body['erasure'] } : {}) };
  await manager.query(`INSERT INTO purge_runs (run_id, data_type, state, trigger, policies, cut_off, checkpoint_before, rows_deleted, rows_held, survivors, planned_at, started_at, finished_at)
    VALUES ($1, $2, 'certified', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (run_id) DO UPDATE SET state = 'certified', failure = NULL, retry_at = NULL, needs_approval = false, checkpoint_before = excluded.checkpoint_before, rows_deleted = excluded.rows_deleted, rows_held = excluded.rows_held,
      survivors = excluded.survivors, started_at = excluded.started_at, finished_at = excluded.finished_at`,
    [runId, body['data_type'], body['trigger'], JSON.stringify(plan), body['cut_off'], before?.['tree_size'] ?? null, body['rows_deleted'], held['rows'], verification['survivors'], body['planned_at'], body['started_at'], certificate.issuedAt]);
  for (const { position, table, partition, method, leaves, named } of items) {
    await manager.query(`INSERT INTO purge_run_items (run_id, position, table_name, partition_name, method, state, rows_total, rows_due, rows_deleted, rows_held, min_at, max_at, bytes_freed, holds_checked_at, purged_leaves, done_at)
      VALUES ($1, $2, $3, $4, $5, 'done', $6::bigint + $7::bigint, $6, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [runId, position, table, partition, method, named['rows_deleted'], named['rows_held'], named['min_at'], named['max_at'], named['bytes_freed'], named['holds_checked_at'], leaves, named['done_at']]);
  }
  await manager.query('INSERT INTO purge_certificates (certificate_id, run_id, body, body_digest, signature, public_key, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (certificate_id) DO NOTHING',
    [certificate.certificateId, runId, JSON.stringify(body), certificate.bodyDigest, certificate.signature, certificate.publicKey, certificate.issuedAt]);
}
