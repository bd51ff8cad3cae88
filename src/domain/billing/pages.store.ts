import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Invoice } from './invoice.view.js';
import type { KeptPages } from './keep-pages.js';

/** Inserts the pages of an invoice that is on record; false when it has some. */
export async function insertPages(tx: Tx, invoice: Pick<Invoice, 'invoiceId'>, { sha256, pages, printedAt, pdf }: KeptPages): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO invoice_pages (invoice_id, account_id, fiscal_year_end, issued_at, sha256, pages, printed_at, pdf)
    SELECT invoice_id, account_id, fiscal_year_end, issued_at, $2, $3, $4, $5 FROM invoices WHERE invoice_id = $1 FOR UPDATE ON CONFLICT DO NOTHING RETURNING 1`, [invoice.invoiceId, sha256, pages, printedAt, pdf]) as unknown[];
  return rows.length > 0;
}
