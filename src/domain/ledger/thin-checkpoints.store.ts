import { managerOf, type Tx } from '../../platform/db/index.js';

/** What one pass took away: how many, and the sizes it lies between. */
export interface Thinned { readonly removed: number; readonly fromSize: bigint; readonly toSize: bigint }

/**
 * Removes checkpoints made before `before` that are neither the first nor the last of their hour (UTC) nor named by anything, oldest first,
 * at most `limit`. A trigger of the table refuses any other. Undefined when there is none.
 */
export async function thinCheckpoints(tx: Tx, before: Date, limit: number): Promise<Thinned | undefined> {
  const [row] = await managerOf(tx).query(`
    WITH hours AS (SELECT tree_size, date_trunc('hour', at, 'UTC') AS hour FROM ledger_checkpoints WHERE at < $1),
      inner_ones AS (SELECT tree_size FROM (SELECT tree_size, hour, lag(hour) OVER w AS earlier, lead(hour) OVER w AS later FROM hours WINDOW w AS (ORDER BY tree_size)) h
        WHERE earlier = hour AND later = hour AND tree_size NOT IN (SELECT tree_size FROM named_tree_sizes) ORDER BY tree_size LIMIT $2),
      gone AS (DELETE FROM ledger_checkpoints c USING inner_ones i WHERE c.tree_size = i.tree_size RETURNING c.tree_size)
    SELECT count(*)::int AS removed, min(tree_size) AS from_size, max(tree_size) AS to_size FROM gone`, [before, limit]) as { removed: number; from_size: string | null; to_size: string | null }[];
  return row && row.removed > 0 ? { removed: row.removed, fromSize: BigInt(row.from_size!), toSize: BigInt(row.to_size!) } : undefined;
}
