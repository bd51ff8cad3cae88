// Counts the partitions of days that are over, so that a simulation of millions of rows adds up what is known instead of counting.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { coerceError } from '../../kernel/errors.js';
import { startOfUtcDay, type Act, type Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { countPartition, forgetGone, uncountedPartitions } from './partition-counts.store.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

/** A run ends after this, ms: the next one goes on. */
const LONGEST_MS = 600_000;

export interface CountDeps { readonly query: Query; readonly database: Pick<Database, 'pool'>; readonly clock: Clock; readonly bookkeeping: Act; readonly log: Logger }

/** Returns how many partitions were counted. One that is being written into is left for the next run. */
export async function countPartitions(deps: CountDeps): Promise<number> {
  await deps.bookkeeping(systemActor('count-finished-days'), (tx) => forgetGone(tx));
  const tables = Object.values(PURGE_TARGETS).flat().filter((target) => target.partitioned).map((target) => target.table), until = performance.now() + LONGEST_MS;
  let counted = 0;
  for (const name of await uncountedPartitions(deps.query, tables, startOfUtcDay(deps.clock.now()))) {
    if (performance.now() > until) break;
    try { if (await countPartition(deps.database, name)) counted += 1; } catch (error) { deps.log.info('a partition is not counted this time', { partition: name, reason: coerceError(error).message }); }
  }
  return counted;
}
