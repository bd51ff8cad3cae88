// Says which payment a dispute is about, so that it can be held against earlier ones of its account.
import type { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { inTx } from './case.store.js';
import { readCase } from './case.view.js';
import { insertCasePayment } from './case-payments.store.js';

/** By our id of the payment or the processor's. Refusals: forbidden, not_found, conflict (no dispute, an ended one, or the payment of another account). */
export type LinkPayment = (tx: Tx, idOrNumber: string, payment: string) => Promise<{ readonly caseId: string; readonly paymentId: string; readonly changed: boolean } | Refusal>;

export function createLinkPayment(deps: { clock: Clock; append: AppendRecord; billing: Pick<Billing, 'findPayment'> }): LinkPayment {
  return async (tx, idOrNumber, payment) => {
    const no = forbid(tx.actor, 'disputes.work');
    if (no) return no;
    const one = await readCase(inTx(tx), idOrNumber), found = await deps.billing.findPayment(payment);
    if (!one) return refuse('not_found', 'there is no such case', 'caseId');
    if (one.kind !== 'dispute') return refuse('conflict', 'only a dispute is about a payment');
    if (one.endedAt !== null) return refuse('conflict', `${one.number} has ended`);
    if (!found) return refuse('not_found', 'there is no such payment: give our id or the processor’s', 'payment');
    if (one.accountId === null || one.accountId !== found.accountId) return refuse('conflict', 'the payment is of another account than the case', 'payment');
    const changed = await insertCasePayment(tx, { caseId: one.caseId, paymentId: found.paymentId, linkedBy: tx.actor.name, linkedAt: deps.clock.now() });
    if (changed) await deps.append(tx, { action: 'case.link_payment', subjectKind: 'case', subjectId: one.caseId, purpose: 'dispute_resolution', after: { payment_id: found.paymentId } });
    return { caseId: one.caseId, paymentId: found.paymentId, changed };
  };
}
