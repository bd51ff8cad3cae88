import { managerOf, type Tx } from '../../platform/db/index.js';
import type { PaymentMethod, PaymentState } from './payment-rules.js';

export interface PaymentRow {
  readonly payment_id: string; readonly account_id: string; /** bigint as text. */ readonly amount_micros: string; readonly currency: string;
  readonly paid_at: Date; readonly fiscal_year_end: string; readonly reference: string; readonly processor: string | null; readonly processor_payment_id: string | null;
  readonly method: PaymentMethod | null; readonly card_brand: string | null; readonly card_last4: string | null; readonly card_fingerprint_sha256: string | null; readonly descriptor: string | null;
  readonly login_id: string | null; readonly ip_address: string | null; readonly device_sha256: string | null; readonly shipping_sha256: string | null;
  readonly status: PaymentState; readonly refunded_micros: string; readonly disputed_at: Date | null; readonly status_at: Date | null;
}

export const PAYMENT_COLUMNS = ['payment_id', 'account_id', 'amount_micros', 'currency', 'paid_at', 'fiscal_year_end', 'reference', 'processor', 'processor_payment_id', 'method', 'card_brand', 'card_last4',
  'card_fingerprint_sha256', 'descriptor', 'login_id', 'ip_address', 'device_sha256', 'shipping_sha256', 'status', 'refunded_micros', 'disputed_at', 'status_at'] as const satisfies readonly (keyof PaymentRow)[];

/** The payment of the processor's id, else the one of the account's reference. Not locked: a lock counts as a write, and most are only sent again. */
export async function findPayment(tx: Tx, row: Pick<PaymentRow, 'account_id' | 'reference' | 'processor' | 'processor_payment_id'>): Promise<PaymentRow | undefined> {
  const rows = await managerOf(tx).query(`SELECT * FROM payments WHERE (processor = $1 AND processor_payment_id = $2) OR (account_id = $3 AND reference = $4)
    ORDER BY coalesce(processor = $1 AND processor_payment_id = $2, false) DESC LIMIT 1`, [row.processor, row.processor_payment_id, row.account_id, row.reference]) as PaymentRow[];
  return rows[0];
}

export async function findPaymentById(tx: Tx, paymentId: string): Promise<PaymentRow | undefined> {
  return (await managerOf(tx).query('SELECT * FROM payments WHERE payment_id::text = $1', [paymentId]) as PaymentRow[])[0];
}

/** Inserts a payment; false when there is one of its reference or processor's id. */
export async function insertPayment(tx: Tx, row: PaymentRow): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO payments (${PAYMENT_COLUMNS.join(', ')}) VALUES (${PAYMENT_COLUMNS.map((_, index) => `$${index + 1}`).join(', ')})
    ON CONFLICT DO NOTHING RETURNING 1`, PAYMENT_COLUMNS.map((column) => row[column])) as unknown[];
  return rows.length > 0;
}

/** Sets what became of a payment that is still `from`; false when it is not any more. `disputed_at` is set once and stays. */
export async function setPaymentState(tx: Tx, paymentId: string, from: PaymentState, to: Pick<PaymentRow, 'status' | 'refunded_micros' | 'disputed_at' | 'status_at'>): Promise<boolean> {
  const [rows] = await managerOf(tx).query('UPDATE payments SET status = $3, refunded_micros = $4, disputed_at = coalesce(disputed_at, $5), status_at = $6 WHERE payment_id = $1 AND status = $2 RETURNING 1', [paymentId, from, to.status, to.refunded_micros, to.disputed_at, to.status_at]) as [unknown[], number];
  return rows.length > 0;
}
