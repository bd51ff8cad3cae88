// Expired rows are hidden from reads at once, before a run removes them: views ask here where to stop.
import type { Clock } from '../../kernel/clock.js';
import type { DataType } from '../../kernel/data-types.js';
import { cutOffFor, cutOffsAt, type CutOffs } from './cut-off-rules.js';
import { readFacts } from './facts.view.js';
import type { Query } from './query.store.js';

const FRESH_MS = 5_000;

/**
 * Answers cut-offs by data type; for an account its own, else the one of all. Facts are read again after five seconds, so a policy
 * that was just published hides (or shows) rows within that time.
 */
export function createReadCutOff(query: Query, clock: Clock, timeZone: string): (dataType: DataType, accountId?: string) => Promise<Date | null> {
  const kept = new Map<DataType, { readonly at: number; readonly cutOffs: Promise<CutOffs> }>();
  return async (dataType, accountId) => {
    const now = clock.now();
    let entry = kept.get(dataType);
    if (!entry || Math.abs(now.getTime() - entry.at) > FRESH_MS) {
      const cutOffs = readFacts(query, dataType, timeZone).then((facts) => cutOffsAt(dataType, facts, facts.accounts, now));
      cutOffs.catch(() => kept.delete(dataType));
      kept.set(dataType, entry = { at: now.getTime(), cutOffs });
    }
    return cutOffFor(await entry.cutOffs, accountId ?? null);
  };
}
