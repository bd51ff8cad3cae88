// What an erasure can take and what it must leave, by data type, with the reason. Pure.
import type { DataType } from '../../kernel/data-types.js';
import type { Explanation } from '../retention/index.js';

/** `held`: a hold forbids it. `floor`: a law keeps it, restricted, until `until`. `by_policy`: the first purge run after `until` takes it. `waits`: its clock has not started, or no policy takes it. */
export interface ErasureOutcome { readonly outcome: 'held' | 'floor' | 'by_policy' | 'waits'; readonly reason: string; readonly until: string | null }

/** The outcome for rows made now: what is older goes sooner. */
export function erasureOutcome(dataType: DataType, found: Pick<Explanation, 'holds' | 'minimums' | 'retainUntil' | 'deleteAt' | 'waitingFor' | 'policy'>, now: Date): ErasureOutcome {
  const [hold] = found.holds;
  if (hold) return { outcome: 'held', reason: `hold ${hold.holdId}, matter ${hold.matter}`, until: null };
  if (found.retainUntil && found.retainUntil > now) return { outcome: 'floor', reason: found.minimums.map((minimum) => minimum.source).join('; '), until: found.retainUntil.toISOString() };
  if (found.deleteAt) return { outcome: 'by_policy', reason: found.policy ? `policy version ${found.policy.version}, kept for ${found.policy.keep}` : 'policy', until: found.deleteAt.toISOString() };
  return { outcome: 'waits', reason: found.waitingFor ? `its clock starts with the event ${found.waitingFor}` : `no policy takes ${dataType}`, until: null };
}
