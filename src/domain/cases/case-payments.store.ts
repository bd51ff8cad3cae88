import { managerOf, type Tx } from '../../platform/db/index.js';

/** Inserts the link; false when it is there. */
export async function insertCasePayment(tx: Tx, link: { caseId: string; paymentId: string; linkedBy: string; linkedAt: Date }): Promise<boolean> {
  const rows = await managerOf(tx).query('INSERT INTO case_payments (case_id, payment_id, linked_by, linked_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1', [link.caseId, link.paymentId, link.linkedBy, link.linkedAt]) as unknown[];
  return rows.length > 0;
}
