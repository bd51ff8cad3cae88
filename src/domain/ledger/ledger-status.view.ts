import type pg from 'pg';
import type { Clock } from '../../kernel/clock.js';

/** How far the sealer is. */
export interface LedgerStatus {
  readonly treeSize: bigint;
  readonly unsealedBatches: number;
  /** Age of the oldest batch not yet in the tree, milliseconds; null when there is none. */
  readonly oldestUnsealedMs: number | null;
  readonly lastCheckpointAt: Date | null;
}

/** Reads the state of sealing; two index lookups and a count of the unsealed batches. */
export async function readLedgerStatus(reader: pg.Pool, clock: Clock): Promise<LedgerStatus> {
  const { rows: [row] } = await reader.query<{ tree_size: string | null; at: Date | null; unsealed: number; oldest: Date | null }>(`
    SELECT c.tree_size, c.at, u.unsealed, u.oldest
    FROM (SELECT count(*)::int AS unsealed, min(at) AS oldest FROM ledger_batches WHERE first_leaf IS NULL) u
    LEFT JOIN (SELECT tree_size, at FROM ledger_checkpoints ORDER BY tree_size DESC LIMIT 1) c ON true`);
  return {
    treeSize: BigInt(row?.tree_size ?? 0), unsealedBatches: row?.unsealed ?? 0, lastCheckpointAt: row?.at ?? null,
    oldestUnsealedMs: row?.oldest ? Math.max(0, clock.now().getTime() - row.oldest.getTime()) : null,
  };
}
