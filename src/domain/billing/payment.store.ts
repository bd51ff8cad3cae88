import { managerOf, type Tx } from '../../platform/db/index.js';

export interface PaymentRow {
  readonly payment_id: string; readonly account_id: string; /** bigint as text. */ readonly amount_micros: string; readonly currency: string;
  readonly paid_at: Date; readonly fiscal_year_end: string; readonly reference: string;
}

export async function findPayment(tx: Tx, accountId: string, reference: string): Promise<PaymentRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM payments WHERE account_id = $1 AND reference = $2', [accountId, reference]) as PaymentRow[];
  return row;
}

/** Inserts a payment; false when the account has one of that reference. */
export async function insertPayment(tx: Tx, row: PaymentRow): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO payments (payment_id, account_id, amount_micros, currency, paid_at, fiscal_year_end, reference) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING 1`, [row.payment_id, row.account_id, row.amount_micros, row.currency, row.paid_at, row.fiscal_year_end, row.reference]) as unknown[];
  return rows.length > 0;
}
