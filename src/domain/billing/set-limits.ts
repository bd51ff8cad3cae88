// Budgets and quotas of accounts and keys: set as a whole, on record, in force on every gateway within a second.
import type { Refusal } from '../../kernel/result.js';
import { refuse } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { limitsFromRow, rowFromLimits } from './limit-columns.js';
import { checkLimits, limitsRecord, NO_LIMITS, type LimitSubject, type UsageLimits } from './limit-rules.js';
import { deleteLimits, findLimitsRow, subjectExists, writeLimits } from './limit.store.js';

/** Sets all limits of an account or key (by id); one left null is lifted. Refusals: forbidden, invalid_request with the field, not_found. */
export type SetLimits = (tx: Tx, kind: LimitSubject, id: string, limits: UsageLimits) => Promise<{ changed: boolean } | Refusal>;

export function createSetLimits({ append }: { append: AppendRecord }): SetLimits {
  return async (tx, kind, id, limits) => {
    const refusal = forbid(tx.actor, 'accounts.write') ?? checkLimits(kind, limits);
    if (refusal) return refusal;
    if (!await subjectExists(tx, kind, id)) return refuse('not_found', `there is no ${kind} ${id.slice(0, 80)}`, kind === 'account' ? 'accountId' : 'keyId');
    const found = await findLimitsRow(tx, kind, id), before = limitsRecord(found ? limitsFromRow(found) : NO_LIMITS), after = limitsRecord(limits);
    if (JSON.stringify(before) === JSON.stringify(after)) return { changed: false };
    if (JSON.stringify(after) === JSON.stringify(limitsRecord(NO_LIMITS))) await deleteLimits(tx, kind, id); else await writeLimits(tx, rowFromLimits(kind, id, limits));
    await append(tx, { action: 'limits.set', subjectKind: kind, subjectId: id, before, after });
    return { changed: true };
  };
}
