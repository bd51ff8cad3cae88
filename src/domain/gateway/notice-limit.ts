// Tells operators when a budget or quota reaches 80 and 100 percent: a security event for each, once a period over all processes.
import { coerceError } from '../../kernel/errors.js';
import { formatMicros } from '../../kernel/money.js';
import type { Logger } from '../../platform/log/log.js';
import type { LimitWarning } from '../billing/index.js';
import type { Claim } from './limit-claims.js';

export type NoticeLimit = (claim: Claim, used: number) => void;

export const THRESHOLDS = [80, 100] as const;

/** `warn` keeps the once; this only spares the database the question. */
export function createNoticeLimit({ warn, log }: { warn: (warning: LimitWarning) => Promise<void>; log: Logger }): NoticeLimit {
  const told = new Set<string>();
  return (claim, used) => {
    if (claim.of === 'concurrency') return;
    for (const threshold of THRESHOLDS) {
      const name = `${claim.counter} ${claim.limit} ${threshold}`;
      if (used * 100 < claim.limit * threshold || told.has(name)) continue;
      if (told.size > 10_000) told.clear();
      told.add(name);
      const shown = (amount: number): string => (claim.of === 'budget' ? `${formatMicros(BigInt(amount))} ${claim.currency}` : `${amount} tokens`);
      warn({ kind: claim.kind, id: claim.id, accountId: claim.accountId, of: claim.of, period: claim.period!.name, threshold, limit: shown(claim.limit), used: shown(used) })
        .catch((error: unknown) => { told.delete(name); log.warn('a limit reached a threshold, which could not be recorded', { counter: claim.counter, threshold, error: coerceError(error).message }); });
    }
  };
}
