// Old checkpoints are thinned: one a second for ever would be 31 million rows a year, and the tiles prove the tree at every size without them.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Act } from '../../platform/db/index.js';
import type { AppendRecord } from './append-record.js';
import { thinCheckpoints } from './thin-checkpoints.store.js';

const HOUR_MS = 3_600_000;
/** How long every checkpoint is kept; the trigger of the table says the same. */
export const ALL_KEPT_DAYS = 7;
/** Checkpoints a transaction takes away, and transactions a run has: a year's backlog goes in a week of nights. */
const AT_ONCE = 20_000, PASSES = 250;

/**
 * Keeps of each UTC hour that ended more than a week ago the first and the last checkpoint, and all that a time stamp, a hand-over or a
 * purge run names. Each pass is a transaction with its ledger record. Returns how many went.
 */
export async function thinOldCheckpoints({ act, append, clock }: { act: Act; append: AppendRecord; clock: Clock }): Promise<number> {
  // Whole hours, and one more than the trigger asks for: the clock of the database may be behind ours.
  const before = new Date(Math.floor(clock.now().getTime() / HOUR_MS) * HOUR_MS - (ALL_KEPT_DAYS * 24 + 2) * HOUR_MS);
  let total = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const removed = await act(systemActor('thin-checkpoints'), async (tx) => {
      const thinned = await thinCheckpoints(tx, before, AT_ONCE);
      if (thinned) await append(tx, { action: 'ledger.thin', subjectKind: 'ledger', subjectId: 'log', reason: `checkpoints between the first and the last of their hour, older than ${ALL_KEPT_DAYS} days`,
        after: { removed: thinned.removed, from_size: thinned.fromSize.toString(), to_size: thinned.toSize.toString(), before: before.toISOString() } });
      return thinned?.removed ?? 0;
    });
    total += removed;
    if (removed < AT_ONCE) break;
  }
  return total;
}
