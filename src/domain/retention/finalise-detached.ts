// A DETACH CONCURRENTLY that was cut off leaves its partition pending, and stands in the way of every later one. The worker ends it.
import { partitionDay, PARTITIONED, type Act, type Database } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { dayPartition, detachConcurrently, readPending, reattach } from './partitions.store.js';
import { isLockFailure, PURGER } from './purge-context.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { limit, WHOLE_PARTITION_MS, type Query } from './query.store.js';

/**
 * Binds it; answers the names of the partitions it ended. One that an open run was taking out stays out, and the run goes on with it; any
 * other is put back, since nothing decided that its rows should go.
 */
export function createFinaliseDetached(deps: { database: Database; act: Act; query: Query; append: AppendRecord }): () => Promise<string[]> {
  return async () => {
    const done: string[] = [];
    for (const target of Object.values(PURGE_TARGETS).flat()) {
      if (!(target.table in PARTITIONED)) continue;
      for (const name of await readPending(deps.query, target.table)) {
        const day = partitionDay(name);
        if (!day) continue;
        try { await detachConcurrently(deps.database, { table: target.table, name }, 'pending'); } catch (error) {
          // Whoever still reads it is not thrown out: the next sweep looks again.
          if (isLockFailure(error)) continue;
          throw error;
        }
        const claimed = await deps.query(`SELECT 1 FROM purge_run_items i JOIN purge_runs r USING (run_id) WHERE i.partition_name = $1 AND i.state = 'planned' AND r.state IN ('running', 'verifying', 'failed', 'paused') LIMIT 1`, [name]);
        await deps.act(PURGER, async (tx) => {
          await limit(tx, { lockMs: 2_000, statementMs: WHOLE_PARTITION_MS });
          if (claimed.length === 0) await reattach(tx, dayPartition(target, name, day));
          await deps.append(tx, { action: 'purge.finalise', subjectKind: 'partition', subjectId: name, purpose: 'compliance_retention', after: { outcome: claimed.length === 0 ? 'attached again' : 'left to its run' } });
        });
        done.push(name);
      }
    }
    return done;
  };
}
