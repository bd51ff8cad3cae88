// Which rows of small tables a run has removed, until its certificate takes them into the journal of removals.
import { managerOf, type Tx } from '../../platform/db/index.js';

/** Notes the rows of one batch, in the transaction that removes them. */
export async function insertRowPart(tx: Tx, runId: string, position: number, ids: readonly string[]): Promise<void> {
  await managerOf(tx).query(`INSERT INTO purge_item_rows (run_id, position, part, ids)
    SELECT $1, $2, coalesce(max(part), 0) + 1, $3 FROM purge_item_rows WHERE run_id = $1 AND position = $2`, [runId, position, ids]);
}

/** Takes the rows of all items of a run, by position, and leaves none behind. */
export async function takeRows(tx: Tx, runId: string): Promise<Map<number, string[]>> {
  const [rows] = await managerOf(tx).query('DELETE FROM purge_item_rows WHERE run_id = $1 RETURNING position, ids', [runId]) as [{ position: number; ids: string[] }[], number];
  const taken = new Map<number, string[]>();
  for (const { position, ids } of rows) taken.set(position, [...taken.get(position) ?? [], ...ids]);
  return taken;
}
