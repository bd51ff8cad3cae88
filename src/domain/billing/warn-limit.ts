// A budget or quota reached a threshold: on record as a security event, once a period.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { Act } from '../../platform/db/index.js';
import type { RecordSecurityEvent } from '../security/index.js';
import type { LimitSubject } from './limit-rules.js';
import { noteThreshold } from './limit.store.js';

export interface LimitWarning {
  readonly kind: LimitSubject; readonly id: string; readonly accountId: string; readonly of: 'budget' | 'quota';
  /** Name of the period: 2026-11-24 or 2026-11. */
  readonly period: string; readonly threshold: 80 | 100;
  /** With their unit, for people. */
  readonly limit: string; readonly used: string;
}
/** Rejects when it could not be recorded; then it may be told again. */
export type WarnLimit = (warning: LimitWarning) => Promise<void>;

const actor = systemActor('gateway');

export function createWarnLimit(deps: { clock: Clock; bookkeeping: Act; recordEvent: RecordSecurityEvent }): WarnLimit {
  return async ({ kind, id, accountId, of, period, threshold, limit, used }) => {
    // The event within the transaction of the note: should it fail, the note is rolled back and the next call tells again.
    await deps.bookkeeping(actor, async (tx) => {
      if (!await noteThreshold(tx, { kind, id, of, period, threshold, at: deps.clock.now() })) return;
      await deps.recordEvent({ kind: threshold === 100 ? `${of}.used_up` : `${of}.nearly_used_up`, severity: 'warning', accountId, ...(kind === 'key' ? { keyId: id } : {}),
        detail: { limit_of: kind, period, threshold_percent: threshold, limit, used } });
    });
  };
}
