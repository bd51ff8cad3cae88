// Payments as people see them, and what stands between an account and us.
import type pg from 'pg';
import type { PaymentMethod, PaymentState } from './payment-rules.js';

export interface Payment {
  readonly paymentId: string; readonly accountId: string; readonly amountMicros: bigint; readonly currency: string; readonly paidAt: Date; readonly fiscalYearEnd: string; readonly reference: string;
  readonly processor: string | null; readonly processorPaymentId: string | null; readonly method: PaymentMethod | null; readonly cardBrand: string | null; readonly cardLast4: string | null;
  /** SHA-256, hex, of the processor's name of the card; equal for the same card alone. */
  readonly cardFingerprintSha256: string | null;
  readonly descriptor: string | null; readonly loginId: string | null; readonly ipAddress: string | null; readonly deviceSha256: string | null; readonly shippingSha256: string | null;
  readonly status: PaymentState; readonly refundedMicros: bigint; readonly disputedAt: Date | null; readonly statusAt: Date | null;
}

const PAYMENT = `SELECT payment_id AS "paymentId", account_id AS "accountId", amount_micros AS "amountMicros", currency, paid_at AS "paidAt", fiscal_year_end AS "fiscalYearEnd", reference, processor,
  processor_payment_id AS "processorPaymentId", method, card_brand AS "cardBrand", card_last4 AS "cardLast4", card_fingerprint_sha256 AS "cardFingerprintSha256", descriptor, login_id AS "loginId", ip_address AS "ipAddress",
  device_sha256 AS "deviceSha256", shipping_sha256 AS "shippingSha256", status, refunded_micros AS "refundedMicros", disputed_at AS "disputedAt", status_at AS "statusAt" FROM payments`;
type Raw = Omit<Payment, 'amountMicros' | 'refundedMicros'> & Readonly<Record<'amountMicros' | 'refundedMicros', string>>;
const paymentOf = (row: Raw): Payment => ({ ...row, amountMicros: BigInt(row.amountMicros), refundedMicros: BigInt(row.refundedMicros) });

/** Payments, newest first; of one account when given. */
export async function readPayments(reader: pg.Pool, accountId?: string): Promise<Payment[]> {
  return (await reader.query<Raw>(`${PAYMENT} WHERE $1::text IS NULL OR account_id = $1 ORDER BY paid_at DESC, payment_id DESC`, [accountId ?? null])).rows.map(paymentOf);
}

/** A payment by our id or the processor's. */
export async function readPayment(reader: pg.Pool, id: string): Promise<Payment | undefined> {
  return (await reader.query<Raw>(`${PAYMENT} WHERE payment_id::text = $1 OR processor_payment_id = $1 ORDER BY payment_id::text = $1 DESC LIMIT 1`, [id])).rows.map(paymentOf)[0];
}

/** In micro-units of the currency. What is due is what was invoiced, less credited, less received. */
export interface Balance { readonly currency: string; readonly invoicedMicros: bigint; readonly creditedMicros: bigint; /** Paid and not given back or lost. */ readonly receivedMicros: bigint; /** Of payments under dispute: neither received nor lost. */ readonly disputedMicros: bigint; readonly refundedMicros: bigint; readonly dueMicros: bigint }

/** By currency. It speaks of what is on record: with a purged fiscal year go its invoices and its payments alike. */
export async function readBalances(reader: pg.Pool, accountId: string): Promise<Balance[]> {
  const { rows } = await reader.query<Record<'currency' | 'invoiced' | 'credited' | 'received' | 'disputed' | 'refunded', string>>(`
    SELECT currency, sum(invoiced)::text AS invoiced, sum(credited)::text AS credited, sum(received)::text AS received, sum(disputed)::text AS disputed, sum(refunded)::text AS refunded FROM (
      SELECT currency, CASE WHEN kind = 'invoice' THEN payable_micros ELSE 0 END AS invoiced, CASE WHEN kind = 'credit_note' THEN payable_micros ELSE 0 END AS credited, 0::bigint AS received, 0::bigint AS disputed, 0::bigint AS refunded FROM invoices WHERE account_id = $1
      UNION ALL SELECT currency, 0, 0, CASE WHEN status IN ('paid', 'won', 'refunded') THEN amount_micros - refunded_micros ELSE 0 END, CASE WHEN status = 'disputed' THEN amount_micros - refunded_micros ELSE 0 END, refunded_micros FROM payments WHERE account_id = $1
    ) parts GROUP BY currency ORDER BY currency`, [accountId]);
  return rows.map((row) => {
    const [invoicedMicros, creditedMicros, receivedMicros, disputedMicros, refundedMicros] = [row.invoiced, row.credited, row.received, row.disputed, row.refunded].map((text) => BigInt(text)) as [bigint, bigint, bigint, bigint, bigint];
    return { currency: row.currency, invoicedMicros, creditedMicros, receivedMicros, disputedMicros, refundedMicros, dueMicros: invoicedMicros - creditedMicros - receivedMicros };
  });
}
