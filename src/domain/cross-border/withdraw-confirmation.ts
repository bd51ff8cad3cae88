import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { recordOf } from './confirm-transfers.js';
import { findConfirmationById, markWithdrawn } from './confirmation.store.js';

/** Ends a confirmation from now on; calls it covered before keep naming it. Refusals: forbidden, invalid_request (reason), not_found. */
export type WithdrawConfirmation = (tx: Tx, confirmationId: string, reason: string) => Promise<{ changed: boolean } | Refusal>;

export function createWithdrawConfirmation(deps: { clock: Clock; append: AppendRecord }): WithdrawConfirmation {
  return async (tx, confirmationId, reason) => {
    const refusal = forbid(tx.actor, 'confirmations.write') ?? checkReason(reason);
    if (refusal) return refusal;
    const found = await findConfirmationById(tx, confirmationId);
    if (!found) return refuse('not_found', `there is no confirmation ${confirmationId}`);
    if (found.withdrawn_at) return { changed: false };
    const at = deps.clock.now();
    if (!await markWithdrawn(tx, found.confirmation_id, at)) return refuse('conflict', 'somebody withdrew this confirmation just now');
    await deps.append(tx, { action: 'confirmation.withdraw', subjectKind: 'confirmation', subjectId: confirmationId, reason, before: recordOf(found), after: { ...recordOf(found), withdrawn_at: at.toISOString() } });
    return { changed: true };
  };
}
