import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { Clock } from '../../kernel/clock.js';
import { readLatestStamp } from './anchor/anchors.view.js';

/** How far the sealer is. */
export interface LedgerStatus {
  readonly treeSize: bigint;
  readonly unsealedBatches: number;
  /** Age of the oldest batch not yet in the tree, milliseconds; null when there is none. */
  readonly oldestUnsealedMs: number | null;
  readonly lastCheckpointAt: Date | null;
  /** Outside the database, newest of each kind: when it was made, and how many leaves it covers where that is known without opening it. */
  readonly anchors: readonly { readonly kind: 'copy' | 'timestamp'; readonly at: Date; readonly treeSize: bigint | null }[];
}

/** Reads the state of sealing; two index lookups and a count of the unsealed batches. */
export async function readLedgerStatus(reader: pg.Pool, clock: Clock, anchorDir?: string): Promise<LedgerStatus> {
  const { rows: [row] } = await reader.query<{ tree_size: string | null; at: Date | null; unsealed: number; oldest: Date | null }>(`
    SELECT c.tree_size, c.at, u.unsealed, u.oldest
    FROM (SELECT count(*)::int AS unsealed, min(at) AS oldest FROM ledger_batches WHERE first_leaf IS NULL) u
    LEFT JOIN (SELECT tree_size, at FROM ledger_checkpoints ORDER BY tree_size DESC LIMIT 1) c ON true`);
  const [stamp, copy] = await Promise.all([readLatestStamp(reader), anchorDir === undefined ? undefined : stat(join(anchorDir, 'checkpoint')).catch(() => undefined)]);
  return {
    anchors: [...(copy ? [{ kind: 'copy' as const, at: copy.mtime, treeSize: null }] : []), ...(stamp ? [{ kind: 'timestamp' as const, at: stamp.attestedAt, treeSize: stamp.treeSize }] : [])],
    treeSize: BigInt(row?.tree_size ?? 0), unsealedBatches: row?.unsealed ?? 0, lastCheckpointAt: row?.at ?? null,
    oldestUnsealedMs: row?.oldest ? Math.max(0, clock.now().getTime() - row.oldest.getTime()) : null,
  };
}
