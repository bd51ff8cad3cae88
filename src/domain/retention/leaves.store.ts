// Reads which leaves of the ledger rows stand for, before the rows go.
import { HoldfastError } from '../../kernel/errors.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import { onlyGone, type DayPartition } from './partitions.store.js';
import { LeafList, mergeLeaves } from './purged-leaves.js';

const PAGE = 5_000;

interface BatchRow { readonly first_leaf: string | null; readonly low: number; readonly high: number; readonly positions: string | null; readonly min_at: Date; readonly max_at: Date }

/**
 * The leaves of everything that goes with the old partition, and the time of its oldest and newest row. One row a ledger batch comes
 * over the wire, not one a record, which halved the time of a run. Throws `conflict` while one is not sealed.
 */
export async function readGoneLeaves(tx: Tx, part: DayPartition, live: boolean): Promise<{ leaves: LeafList; minAt: Date | null; maxAt: Date | null }> {
  const manager = managerOf(tx), leaves = new LeafList();
  let minAt: Date | null = null, maxAt: Date | null = null;
  await manager.query(`DECLARE gone_leaves NO SCROLL CURSOR FOR
    SELECT b.first_leaf, g.low, g.high, CASE WHEN g.records <> g.high - g.low + 1 THEN g.positions END AS positions, g.min_at, g.max_at
    FROM (SELECT t.batch_id, count(*) AS records, min(t.batch_position) AS low, max(t.batch_position) AS high, string_agg(t.batch_position::text, ',') AS positions,
        min(t.at) AS min_at, max(t.at) AS max_at FROM ${part.gone} t WHERE ${onlyGone(part, live)} GROUP BY t.batch_id) g
    LEFT JOIN ledger_batches b USING (batch_id) ORDER BY b.first_leaf NULLS FIRST`);
  for (;;) {
    const rows = await manager.query(`FETCH ${PAGE} FROM gone_leaves`) as BatchRow[];
    if (rows.length === 0) break;
    for (const row of rows) {
      const first = sealedLeaf(row.first_leaf, part.name);
      const positions = row.positions?.split(',').map(Number).sort((a, b) => a - b) ?? Array.from({ length: row.high - row.low + 1 }, (_, index) => row.low + index);
      for (const position of positions) leaves.add(first + position);
      if (!minAt || row.min_at < minAt) minAt = row.min_at;
      if (!maxAt || row.max_at > maxAt) maxAt = row.max_at;
    }
  }
  await manager.query('CLOSE gone_leaves');
  return { leaves, minAt, maxAt };
}

/** A leaf index from a row. Throws `conflict` for a record that is not sealed: its removal could not be told from a loss. */
export function sealedLeaf(leaf: string | null, where: string): number {
  if (leaf === null) throw notSealed(where);
  return Number(leaf);
}

export function notSealed(where: string): HoldfastError {
  return new HoldfastError('conflict', `${where} has records that are not sealed yet, and only sealed records may go; the run goes on when the sealer has caught up`);
}

/** Keeps the leaves of one batch of an item, in the transaction that removes its rows. */
export async function insertLeafPart(tx: Tx, runId: string, position: number, leaves: LeafList): Promise<void> {
  await managerOf(tx).query(`INSERT INTO purge_item_leaves (run_id, position, part, leaves)
    SELECT $1, $2, coalesce(max(part), 0) + 1, $3 FROM purge_item_leaves WHERE run_id = $1 AND position = $2`, [runId, position, leaves.pack()]);
}

/** Takes the leaves of all batches of an item and leaves none behind. */
export async function takeLeafParts(tx: Tx, runId: string, position: number): Promise<LeafList> {
  const [rows] = await managerOf(tx).query('DELETE FROM purge_item_leaves WHERE run_id = $1 AND position = $2 RETURNING leaves', [runId, position]) as [{ leaves: Buffer }[], number];
  return mergeLeaves(rows.map((row) => row.leaves));
}
