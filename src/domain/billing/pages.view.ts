import type pg from 'pg';
import type { KeptPages } from './keep-pages.js';

/** The pages of an invoice as they were printed and sealed. */
export async function readPages(reader: pg.Pool, invoiceId: string): Promise<KeptPages | undefined> {
  return (await reader.query<KeptPages>('SELECT sha256, pages, printed_at AS "printedAt", pdf FROM invoice_pages WHERE invoice_id::text = $1', [invoiceId])).rows[0];
}
