import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Checkpoint } from './checkpoint.view.js';
import { handovers } from './keys.store.js';
import type { Tile } from './log/tree-builder.js';

/** A committed batch without leaves: its commitments are 32 bytes each, concatenated. */
export interface UnsealedBatch { readonly batchId: string; readonly commitments: Buffer }
/** A batch and the index of its first leaf. */
export interface LeafRange { readonly batchId: string; readonly firstLeaf: number }

/** What sealing does to the database, step by step; the fault tests fail every one of these in turn. */
export interface SealStore {
  /** Takes or renews the lease for `leaseMs`, by the database's clock, and locks its row until the end of the transaction. False: another holds it. */
  claimLease(tx: Tx, holder: string, leaseMs: number): Promise<boolean>;
  /** Gives the lease up, if it is ours, so that the next one need not wait for its end. */
  releaseLease(tx: Tx, holder: string): Promise<void>;
  /** The hand-overs of the log's key, oldest first. */
  handovers(tx: Tx): Promise<string[]>;
  lastCheckpoint(tx: Tx): Promise<Checkpoint | undefined>;
  /** Committed batches without leaves, oldest first; stops at the batch that reaches `maxLeaves`. */
  takeBatches(tx: Tx, maxLeaves: number): Promise<UnsealedBatch[]>;
  /** The hashes of these tiles, by "level/index"; missing ones are left out. */
  readTiles(tx: Tx, tiles: readonly { level: number; index: bigint }[]): Promise<Map<string, Buffer>>;
  /** Sets the first leaf of each batch. Throws when one was sealed or removed meanwhile. */
  assignLeaves(tx: Tx, ranges: readonly LeafRange[], at: Date): Promise<void>;
  /** Stores new tiles and widens partial ones. */
  saveTiles(tx: Tx, tiles: readonly Tile[]): Promise<void>;
  insertCheckpoint(tx: Tx, checkpoint: Checkpoint): Promise<void>;
}

async function rows<T>(tx: Tx, sql: string, values: unknown[] = []): Promise<T[]> {
  const found: unknown = await managerOf(tx).query(sql, values);
  return found as T[];
}

/** The steps on PostgreSQL. */
export const sealStore: SealStore = {
  // The conflicting row is locked even when its condition fails, so two sealers never read the tree side by side.
  claimLease: async (tx, holder, leaseMs) => (await rows(tx, `
    INSERT INTO sealer_lease AS l (lease, holder, expires_at) VALUES ('sealer', $1, clock_timestamp() + $2 * interval '1 millisecond')
    ON CONFLICT (lease) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE l.holder = excluded.holder OR l.expires_at <= clock_timestamp() RETURNING holder`, [holder, leaseMs])).length === 1,

  releaseLease: async (tx, holder) => { await rows(tx, `UPDATE sealer_lease SET expires_at = '-infinity' WHERE lease = 'sealer' AND holder = $1`, [holder]); },

  handovers,

  lastCheckpoint: async (tx) => {
    const [row] = await rows<{ tree_size: string; root: Buffer; signed_note: string; at: Date }>(tx, 'SELECT tree_size, root, signed_note, at FROM ledger_checkpoints ORDER BY tree_size DESC LIMIT 1');
    return row && { treeSize: BigInt(row.tree_size), root: row.root, note: row.signed_note, at: row.at };
  },

  takeBatches: async (tx, maxLeaves) => (await rows<{ batch_id: string; commitments: Buffer }>(tx, `
    SELECT batch_id, commitments FROM (
      SELECT batch_id, commitments, at, sum(record_count) OVER (ORDER BY at, batch_id) - record_count AS before
      FROM (SELECT * FROM ledger_batches WHERE first_leaf IS NULL ORDER BY at, batch_id LIMIT $1) unsealed) counted
    WHERE before < $1 ORDER BY at, batch_id`, [maxLeaves])).map((row) => ({ batchId: row.batch_id, commitments: row.commitments })),

  readTiles: async (tx, tiles) => new Map((await rows<{ level: number; tile_index: string; hashes: Buffer }>(tx,
    'SELECT t.level, t.tile_index, t.hashes FROM unnest($1::smallint[], $2::bigint[]) AS w (level, tile_index) JOIN ledger_tiles t USING (level, tile_index)',
    [tiles.map((tile) => tile.level), tiles.map((tile) => String(tile.index))])).map((row) => [`${row.level}/${row.tile_index}`, row.hashes])),

  assignLeaves: async (tx, ranges, at) => {
    const [row] = await rows<{ assigned: number }>(tx, `
      WITH assigned AS (UPDATE ledger_batches b SET first_leaf = r.first_leaf, sealed_at = $3
        FROM unnest($1::uuid[], $2::bigint[]) AS r (batch_id, first_leaf) WHERE b.batch_id = r.batch_id AND b.first_leaf IS NULL RETURNING 1)
      SELECT count(*)::int AS assigned FROM assigned`, [ranges.map((one) => one.batchId), ranges.map((one) => one.firstLeaf), at]);
    if (row?.assigned !== ranges.length) throw new Error(`${ranges.length} batches were to be sealed, ${row?.assigned ?? 0} could be`);
  },

  saveTiles: async (tx, tiles) => {
    const [row] = await rows<{ saved: number }>(tx, `
      WITH saved AS (INSERT INTO ledger_tiles AS t (level, tile_index, width, hashes)
        SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])
        ON CONFLICT (level, tile_index) DO UPDATE SET width = excluded.width, hashes = excluded.hashes WHERE t.width < excluded.width RETURNING 1)
      SELECT count(*)::int AS saved FROM saved`,
      [tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.width), tiles.map((tile) => tile.hashes)]);
    if (row?.saved !== tiles.length) throw new Error('a stored tile is already as wide as the one to be written');
  },

  insertCheckpoint: async (tx, checkpoint) => {
    await rows(tx, 'INSERT INTO ledger_checkpoints (tree_size, root, signed_note, at) VALUES ($1, $2, $3, $4)', [String(checkpoint.treeSize), checkpoint.root, checkpoint.note, checkpoint.at]);
  },
};
