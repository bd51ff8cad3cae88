import { managerOf, type Tx } from '../../../platform/db/index.js';
import type { UnsealedBatch } from '../seal.store.js';

/** All batches without leaves. */
export async function allUnsealed(tx: Tx): Promise<UnsealedBatch[]> {
  const rows = await managerOf(tx).query('SELECT batch_id, commitments FROM ledger_batches WHERE first_leaf IS NULL') as { batch_id: string; commitments: Buffer }[];
  return rows.map((row) => ({ batchId: row.batch_id, commitments: row.commitments }));
}

/** Commitments whose records are lost, at the leaves they have in the published log. */
export async function insertLost(tx: Tx, batch: { batchId: string; commitments: Buffer; firstLeaf: bigint; at: Date }): Promise<void> {
  await managerOf(tx).query("INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments, first_leaf, sealed_at) VALUES ($1, 'resumed', $2, $3, $4, $5, $2)",
    [batch.batchId, batch.at, batch.commitments.length / 32, batch.commitments, String(batch.firstLeaf)]);
}
