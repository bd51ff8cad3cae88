import type pg from 'pg';

/** Ids of batches that have no leaves yet, oldest first; all of them without a limit. */
export async function readUnsealedIds(reader: pg.Pool, limit?: number): Promise<string[]> {
  const { rows } = await reader.query<{ batch_id: string }>('SELECT batch_id FROM ledger_batches WHERE first_leaf IS NULL ORDER BY at LIMIT $1', [limit ?? null]);
  return rows.map((row) => row.batch_id);
}

/** How many of these batches still have no leaves. */
export async function readStillUnsealed(reader: pg.Pool, batchIds: readonly string[]): Promise<number> {
  const { rows: [row] } = await reader.query<{ left: number }>('SELECT count(*)::int AS left FROM ledger_batches WHERE batch_id = ANY($1::uuid[]) AND first_leaf IS NULL', [batchIds]);
  return row?.left ?? 0;
}
