import type { Query } from './case.view.js';

/** Ids of the payments a dispute is about, in the order in which they were linked. `idOrNumber` of the case. */
export async function readCasePayments(query: Query, idOrNumber: string): Promise<string[]> {
  const rows = await query<{ id: string }>('SELECT p.payment_id AS id FROM case_payments p JOIN cases c USING (case_id) WHERE c.case_id::text = $1 OR c.number = $1 ORDER BY p.linked_at, p.payment_id', [idOrNumber]);
  return rows.map((row) => row.id);
}
