import type { Clock } from '../../kernel/clock.js';
import { checkCurrency, checkDay, checkLine } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { findAccountRow } from './account.store.js';
import { findPayment, insertPayment, type PaymentRow } from './payment.store.js';

export interface PaymentInput {
  readonly accountId: string;
  /** Micro-units of the currency, above zero. */
  readonly amountMicros: bigint;
  /** ISO 4217. */
  readonly currency: string;
  readonly paidAt: Date;
  /** The payment provider's own name of it; one payment for each reference of an account. */
  readonly reference: string;
  /** Last day of the fiscal year it belongs to, which starts its retention; unset: 31 December of its year in the operator's zone. */
  readonly fiscalYearEnd?: string;
}

/** Refusals: forbidden, invalid_request, not_found, conflict when the reference is on file with other facts. Safe to send again. */
export type RecordPayment = (tx: Tx, input: PaymentInput) => Promise<{ paymentId: string; changed: boolean } | Refusal>;

export function createRecordPayment(deps: { clock: Clock; append: AppendRecord; timeZone: string }): RecordPayment {
  return async (tx, input) => {
    const fiscalYearEnd = input.fiscalYearEnd ?? `${dayOf(input.paidAt, deps.timeZone).slice(0, 4)}-12-31`;
    const refusal = forbid(tx.actor, 'payments.write') ?? check(input, fiscalYearEnd);
    if (refusal) return refusal;
    if (!await findAccountRow(tx, input.accountId)) return refuse('not_found', `there is no account ${input.accountId}`, 'accountId');
    const row: PaymentRow = { payment_id: mintId(deps.clock.now()), account_id: input.accountId, amount_micros: input.amountMicros.toString(), currency: input.currency,
      paid_at: input.paidAt, fiscal_year_end: fiscalYearEnd, reference: input.reference };
    const found = await findPayment(tx, input.accountId, input.reference);
    if (found && same(found, row)) return { paymentId: found.payment_id, changed: false };
    if (found || !await insertPayment(tx, row)) return refuse('conflict', `payment ${input.reference} of ${input.accountId} is on file with other facts; give another reference`, 'reference');
    await deps.append(tx, { action: 'payment.record', subjectKind: 'payment', subjectId: row.payment_id, after: { account_id: row.account_id, amount_micros: row.amount_micros,
      currency: row.currency, paid_at: row.paid_at.toISOString(), fiscal_year_end: fiscalYearEnd, reference: row.reference } });
    return { paymentId: row.payment_id, changed: true };
  };
}

function check(input: PaymentInput, fiscalYearEnd: string): Refusal | undefined {
  if (input.amountMicros <= 0n || input.amountMicros > 10n ** 18n) return refuse('invalid_request', 'must be above zero, in micro-units of the currency', 'amountMicros');
  if (Number.isNaN(input.paidAt.getTime())) return refuse('invalid_request', 'is not an instant', 'paidAt');
  return checkCurrency(input.currency, 'currency') ?? checkLine(input.reference, 'reference') ?? checkDay(fiscalYearEnd, 'fiscalYearEnd');
}

function same(a: PaymentRow, b: PaymentRow): boolean {
  return a.amount_micros === b.amount_micros && a.currency === b.currency && a.fiscal_year_end === b.fiscal_year_end && a.paid_at.getTime() === b.paid_at.getTime();
}
