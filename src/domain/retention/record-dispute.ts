// Disputes as retention knows them: the event of the clock dispute-closed. What they are about stands elsewhere.
import type { Clock } from '../../kernel/clock.js';
import { checkLine } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { closeDispute, insertDispute } from './disputes.store.js';
import { readAccount } from './facts.view.js';
import { inTx } from './query.store.js';

export interface DisputeInput { readonly accountId: string; readonly reference: string; readonly state: 'open' | 'closed' }

/** Binds the use case: opens a dispute of an account, opens it again, or closes it, now. Refusals: forbidden, invalid_request, not_found. */
export function createRecordDispute(deps: { clock: Clock; append: AppendRecord }): (tx: Tx, input: DisputeInput) => Promise<{ changed: boolean } | Refusal> {
  return async (tx, { accountId, reference, state }) => {
    const wrong = forbid(tx.actor, 'disputes.work') ?? checkLine(reference, 'reference');
    if (wrong) return wrong;
    if (!await readAccount(inTx(tx), accountId)) return refuse('not_found', `no account ${accountId}`, 'accountId');
    const now = deps.clock.now(), changed = state === 'open' ? await insertDispute(tx, accountId, reference, now) : await closeDispute(tx, accountId, reference, now);
    if (changed === undefined) return refuse('not_found', `no dispute ${reference} of ${accountId} is on record`, 'reference');
    if (changed) await deps.append(tx, { action: `dispute.${state === 'open' ? 'open' : 'close'}`, subjectKind: 'account', subjectId: accountId, purpose: 'dispute_resolution', after: { reference, at: now.toISOString() } });
    return { changed };
  };
}
