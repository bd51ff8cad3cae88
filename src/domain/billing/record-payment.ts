// Takes in a payment, once, and what became of it since.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { findAccountRow } from './account.store.js';
import { canonicalAddress, checkNext, checkPayment, markDigest, PAYMENT_STATES, type PaymentInput, type PaymentState } from './payment-rules.js';
import { findPayment, findPaymentById, insertPayment, setPaymentState, type PaymentRow } from './payment.store.js';

/** Refusals: forbidden, invalid_request, not_found, conflict when it is on file with other facts. Safe to send again; `changed` is false then. */
export type RecordPayment = (tx: Tx, input: PaymentInput) => Promise<{ paymentId: string; changed: boolean; /** It was not on file. */ added?: true } | Refusal>;
export interface PaymentChange { readonly status: PaymentState; readonly reason: string; readonly refundedMicros?: bigint | undefined; readonly disputedAt?: Date | undefined }
/** Says what became of a payment. Refusals: forbidden, invalid_request, not_found, conflict when it cannot become that. */
export type SetPaymentStatus = (tx: Tx, paymentId: string, change: PaymentChange) => Promise<{ changed: boolean } | Refusal>;

interface Deps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string }

export function createRecordPayment(deps: Deps): RecordPayment {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'payments.write');
    if (refusal) return refusal;
    const row = rowOf(input, deps.clock.now(), deps.timeZone);
    if (isRefusal(row)) return row;
    if (!await findAccountRow(tx, input.accountId)) return refuse('not_found', `there is no account ${input.accountId}`, 'accountId');
    const found = await findPayment(tx, row);
    if (found) {
      const different = differenceOf(found, row);
      if (different) return refuse('conflict', `payment ${nameOf(row)} is on file with another ${different.replaceAll('_', ' ')}; a payment does not change, give another reference`, row.processor === null ? 'reference' : 'processorPaymentId');
      if (input.status === undefined || input.status === found.status) return { paymentId: found.payment_id, changed: false };
      const moved = await moveTo(deps, tx, found, { status: input.status, reason: 'as its processor says', refundedMicros: input.refundedMicros, disputedAt: input.disputedAt });
      return moved ?? { paymentId: found.payment_id, changed: true };
    }
    if (!await insertPayment(tx, row)) return refuse('conflict', `payment ${nameOf(row)} was recorded at the same moment; send it again`, 'reference');
    await deps.append(tx, { action: 'payment.record', subjectKind: 'payment', subjectId: row.payment_id, after: recordOf(row) });
    return { paymentId: row.payment_id, changed: true, added: true };
  };
}

export function createSetPaymentStatus(deps: Deps): SetPaymentStatus {
  return async (tx, paymentId, change) => {
    const refusal = forbid(tx.actor, 'payments.write');
    if (refusal) return refusal;
    if (!PAYMENT_STATES.includes(change.status)) return refuse('invalid_request', `must be one of ${PAYMENT_STATES.join(', ')}`, 'status');
    const found = await findPaymentById(tx, paymentId);
    if (!found) return refuse('not_found', 'there is no such payment', 'paymentId');
    if (found.status === change.status) return { changed: false };
    return await moveTo(deps, tx, found, change) ?? { changed: true };
  };
}

async function moveTo(deps: Deps, tx: Tx, found: PaymentRow, { status, reason, refundedMicros, disputedAt }: PaymentChange): Promise<Refusal | undefined> {
  const no = checkNext(found.status, status), now = deps.clock.now();
  if (no) return no;
  if (refundedMicros !== undefined && (status !== 'refunded' || refundedMicros <= 0n || refundedMicros > BigInt(found.amount_micros))) return refuse('invalid_request', 'belongs to a refund: above zero, at most what was paid', 'refundedMicros');
  if (disputedAt !== undefined && (Number.isNaN(disputedAt.getTime()) || disputedAt < found.paid_at || disputedAt > now)) return refuse('invalid_request', 'is an instant after the payment, and not to come', 'disputedAt');
  const to = { status, refunded_micros: status === 'refunded' ? (refundedMicros ?? BigInt(found.amount_micros)).toString() : found.refunded_micros, disputed_at: status === 'disputed' ? disputedAt ?? now : null, status_at: now };
  if (!await setPaymentState(tx, found.payment_id, found.status, to)) return refuse('conflict', 'the payment was changed at the same moment; look at it again', 'status');
  await deps.append(tx, { action: 'payment.status', subjectKind: 'payment', subjectId: found.payment_id, reason, before: { status: found.status, refunded_micros: found.refunded_micros },
    after: { status, refunded_micros: to.refunded_micros, disputed_at: (found.disputed_at ?? to.disputed_at)?.toISOString() ?? null } });
  return undefined;
}

/** The row an input makes, or the refusal of its first wrong field. */
export function rowOf(input: PaymentInput, now: Date, timeZone: string): PaymentRow | Refusal {
  if (Number.isNaN(input.paidAt.getTime())) return refuse('invalid_request', 'is not an instant', 'paidAt');
  const fiscalYearEnd = input.fiscalYearEnd ?? `${dayOf(input.paidAt, timeZone).slice(0, 4)}-12-31`, wrong = checkPayment(input, fiscalYearEnd);
  if (wrong) return wrong;
  const status = input.status ?? 'paid';
  return { payment_id: mintId(now), account_id: input.accountId, amount_micros: input.amountMicros.toString(), currency: input.currency, paid_at: input.paidAt, fiscal_year_end: fiscalYearEnd,
    reference: input.reference ?? `${input.processor}:${input.processorPaymentId}`, processor: input.processor ?? null, processor_payment_id: input.processorPaymentId ?? null, method: input.method ?? null,
    card_brand: input.cardBrand ?? null, card_last4: input.cardLast4 ?? null, card_fingerprint_sha256: input.cardFingerprint === undefined ? null : markDigest(`card:${input.cardFingerprint}`), descriptor: input.descriptor ?? null,
    login_id: input.loginId ?? null, ip_address: input.ipAddress === undefined ? null : canonicalAddress(input.ipAddress), device_sha256: markDigest(input.deviceId), shipping_sha256: markDigest(input.shippingAddress),
    status, refunded_micros: status === 'refunded' ? (input.refundedMicros ?? input.amountMicros).toString() : '0', disputed_at: status === 'paid' || status === 'refunded' ? null : input.disputedAt ?? now, status_at: status === 'paid' ? null : now };
}

/** The first fact in which a payment on file differs from what is said of it now. Marks may be left out, never changed. */
export function differenceOf(found: PaymentRow, row: PaymentRow): keyof PaymentRow | undefined {
  if (found.paid_at.getTime() !== row.paid_at.getTime()) return 'paid_at';
  return (['account_id', 'amount_micros', 'currency', 'fiscal_year_end', 'reference', 'processor', 'processor_payment_id'] as const).find((column) => found[column] !== row[column])
    ?? (['method', 'card_brand', 'card_last4', 'card_fingerprint_sha256', 'descriptor', 'login_id', 'ip_address', 'device_sha256', 'shipping_sha256'] as const).find((column) => row[column] !== null && found[column] !== row[column]);
}

/** A payment in a record: the record outlives it by years, so it names which marks are kept, not what they are. */
export function recordOf(row: PaymentRow): { readonly [key: string]: Json } {
  const marks = (['card_last4', 'card_fingerprint_sha256', 'descriptor', 'login_id', 'ip_address', 'device_sha256', 'shipping_sha256'] as const).filter((column) => row[column] !== null);
  return { account_id: row.account_id, amount_micros: row.amount_micros, currency: row.currency, paid_at: row.paid_at.toISOString(), fiscal_year_end: row.fiscal_year_end, reference: row.reference,
    ...(row.processor === null ? {} : { processor: row.processor, processor_payment_id: row.processor_payment_id }), ...(row.method === null ? {} : { method: row.method }), status: row.status, ...(marks.length > 0 ? { marks } : {}) };
}

/** What people call it. */
export function nameOf(row: Pick<PaymentRow, 'reference' | 'account_id' | 'processor' | 'processor_payment_id'>): string {
  return row.processor === null ? `${row.reference} of ${row.account_id}` : `${row.processor_payment_id} of ${row.processor}`;
}
