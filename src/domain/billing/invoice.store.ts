import { canonicalJson } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/digest.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { InvoiceDocument } from './invoice-document.js';
import type { Invoice } from './invoice.view.js';

export type InvoiceRow = Omit<Invoice, 'number' | 'documentSha256'> & { readonly approvalId: string | null };
export interface InvoiceNumber { readonly number: string; readonly series: string; readonly year: number; readonly sequence: number }

/** The next number of a series and year. Without gaps: the counter is part of the transaction, and who comes next waits for it. */
export async function takeNumber(tx: Tx, series: string, year: number): Promise<InvoiceNumber> {
  const [row] = await managerOf(tx).query(`INSERT INTO invoice_numbers (series, year, last) VALUES ($1, $2, 1) ON CONFLICT (series, year) DO UPDATE SET last = invoice_numbers.last + 1 RETURNING last`, [series, year]) as { last: number }[];
  return { series, year, sequence: row!.last, number: `${series}-${year}-${String(row!.last).padStart(6, '0')}` };
}

/** Invoices of an account and currency are issued one after the other; held to the end of the transaction. */
export async function lockAccountInvoices(tx: Tx, accountId: string): Promise<void> {
  await managerOf(tx).query("SELECT pg_advisory_xact_lock(hashtextextended('invoices ' || $1, 0))", [accountId]);
}

/** The id of the newest invoice of an account and currency, as it stands under the lock. */
export async function findLastInvoice(tx: Tx, accountId: string, currency: string): Promise<string | undefined> {
  const [row] = await managerOf(tx).query("SELECT invoice_id FROM invoices WHERE account_id = $1 AND currency = $2 AND kind = 'invoice' ORDER BY period DESC LIMIT 1", [accountId, currency]) as { invoice_id: string }[];
  return row?.invoice_id;
}

/** What was credited of an invoice so far, in micro-units; under the lock of the account. */
export async function readCredited(tx: Tx, invoiceId: string): Promise<bigint> {
  const [row] = await managerOf(tx).query('SELECT coalesce(sum(payable_micros), 0)::text AS credited FROM invoices WHERE refers_to = $1', [invoiceId]) as { credited: string }[];
  return BigInt(row!.credited);
}

/** Inserts a document; answers the digest of what it says. */
export async function insertInvoice(tx: Tx, row: InvoiceRow, { number, series, year, sequence }: InvoiceNumber, document: InvoiceDocument): Promise<string> {
  const text = canonicalJson(document), digest = sha256Hex(text);
  await managerOf(tx).query(`INSERT INTO invoices (invoice_id, kind, number, series, year, sequence, account_id, currency, period, total_micros, payable_micros, calls, covers_from, covers_to, tree_size, refers_to, refers_number, approval_id, reason,
      fiscal_year_end, issued_at, issued_by, document, document_sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
  [row.invoiceId, row.kind, number, series, year, sequence, row.accountId, row.currency, row.period, row.totalMicros, row.payableMicros, row.calls, row.coversFrom, row.coversTo, row.treeSize, row.refersTo, row.refersNumber, row.approvalId, row.reason,
    row.fiscalYearEnd, row.issuedAt, row.issuedBy, text, digest]);
  return digest;
}
