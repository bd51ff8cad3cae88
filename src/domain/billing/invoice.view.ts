// Invoices on record, and the calls that are on none yet.
import type pg from 'pg';
import { idLowerBound, instantOfId } from '../../kernel/ids.js';
import type { InvoiceDocument } from './invoice-document.js';
import type { BilledCall } from './invoice-rules.js';
import { unitsFrom } from './units.js';

export interface Invoice {
  readonly invoiceId: string; readonly kind: 'invoice' | 'credit_note'; readonly number: string; readonly accountId: string; readonly currency: string; readonly period: string;
  readonly totalMicros: bigint; readonly payableMicros: bigint; readonly calls: bigint; readonly coversFrom: Date | null; readonly coversTo: Date | null; readonly treeSize: bigint | null;
  readonly refersTo: string | null; readonly refersNumber: string | null; readonly reason: string | null; readonly fiscalYearEnd: string; readonly issuedAt: Date; readonly issuedBy: string; readonly documentSha256: string;
}
export interface WholeInvoice extends Invoice { readonly document: InvoiceDocument; readonly creditedMicros: bigint }

type Raw = Omit<Invoice, 'totalMicros' | 'payableMicros' | 'calls' | 'treeSize'> & Readonly<Record<'totalMicros' | 'payableMicros' | 'calls', string>> & { readonly treeSize: string | null };
export const INVOICE_COLUMNS = `i.invoice_id AS "invoiceId", i.kind, i.number, i.account_id AS "accountId", i.currency, i.period, i.total_micros AS "totalMicros", i.payable_micros AS "payableMicros", i.calls, i.covers_from AS "coversFrom",
  i.covers_to AS "coversTo", i.tree_size AS "treeSize", i.refers_to AS "refersTo", i.refers_number AS "refersNumber", i.reason, i.fiscal_year_end AS "fiscalYearEnd", i.issued_at AS "issuedAt", i.issued_by AS "issuedBy", i.document_sha256 AS "documentSha256"`;
export function invoiceOf<T extends Raw>(row: T): Invoice & Omit<T, keyof Raw> {
  return { ...row, totalMicros: BigInt(row.totalMicros), payableMicros: BigInt(row.payableMicros), calls: BigInt(row.calls), treeSize: row.treeSize === null ? null : BigInt(row.treeSize) };
}

/** Newest first; of one account when given. */
export async function readInvoices(reader: pg.Pool, accountId?: string): Promise<Invoice[]> {
  return (await reader.query<Raw>(`SELECT ${INVOICE_COLUMNS} FROM invoices i WHERE $1::text IS NULL OR i.account_id = $1 ORDER BY i.invoice_id DESC LIMIT 1000`, [accountId ?? null])).rows.map(invoiceOf);
}

/** By id or number. */
export async function readInvoice(reader: pg.Pool, idOrNumber: string): Promise<WholeInvoice | undefined> {
  const { rows: [row] } = await reader.query<Raw & { document: InvoiceDocument; credited: string }>(`SELECT ${INVOICE_COLUMNS}, i.document, (SELECT coalesce(sum(c.payable_micros), 0)::text FROM invoices c WHERE c.refers_to = i.invoice_id) AS credited
    FROM invoices i WHERE i.invoice_id::text = $1 OR i.number = $1`, [idOrNumber]);
  if (!row) return undefined;
  const { credited, ...rest } = row;
  return { ...invoiceOf(rest), document: row.document, creditedMicros: BigInt(credited) };
}

/** What the next invoice of an account and currency goes on from. */
export type Earlier = Pick<Invoice, 'invoiceId' | 'number' | 'period'> & { readonly coversFrom: Date; readonly coversTo: Date; readonly treeSize: bigint };
export async function readEarlier(reader: pg.Pool, accountId: string, currency: string): Promise<Earlier | undefined> {
  const { rows: [row] } = await reader.query<Omit<Earlier, 'treeSize' | 'coversFrom'> & { treeSize: string; chainFrom: Date }>(`SELECT invoice_id AS "invoiceId", number, period, covers_to AS "coversTo", tree_size AS "treeSize",
      (SELECT min(covers_from) FROM invoices f WHERE f.account_id = $1 AND f.currency = $2 AND f.kind = 'invoice') AS "chainFrom"
    FROM invoices WHERE account_id = $1 AND currency = $2 AND kind = 'invoice' ORDER BY period DESC LIMIT 1`, [accountId, currency]);
  return row && { invoiceId: row.invoiceId, number: row.number, period: row.period, coversFrom: row.chainFrom, coversTo: row.coversTo, treeSize: BigInt(row.treeSize) };
}

/** Currencies in which the account has calls on record before `to`, and when the first of each arrived. */
export async function readCurrencies(reader: pg.Pool, accountId: string, to: Date): Promise<{ currency: string; first: Date }[]> {
  const { rows } = await reader.query<{ currency: string; first: string }>('SELECT currency, min(request_id::text) AS first FROM calls WHERE account_id = $1 AND request_id < $2 AND currency IS NOT NULL GROUP BY currency ORDER BY currency', [accountId, idLowerBound(to)]);
  return rows.map((row) => ({ currency: row.currency, first: instantOfId(row.first) }));
}

export interface CallWindow { readonly accountId: string; readonly currency: string; readonly from: Date; /** Excluded. */ readonly to: Date; /** Leaves of the log: from (included) to (excluded). */ readonly leafFrom: bigint; readonly leafTo: bigint }
const PAGE = 5_000;

/** Calls of the window in the order of arrival, page by page: what is sealed below a size of the log stays as it is, so pages need no common snapshot. */
export async function* readBilledCalls(reader: pg.Pool, { accountId, currency, from, to, leafFrom, leafTo }: CallWindow): AsyncGenerator<BilledCall> {
  for (let after = idLowerBound(from), first = true; ; first = false) {
    const { rows } = await reader.query<Record<string, string | null> & { usage_units: unknown }>(`SELECT c.request_id, c.served_model, c.model, c.provider_id, c.price_id, c.usage_input, c.usage_cache_read, c.usage_cache_write, c.usage_cache_write_1h,
        c.usage_output, c.usage_reasoning, c.usage_units, c.cost_micros, (b.first_leaf + c.batch_position BETWEEN $6 AND $7) IS TRUE AS here
      FROM calls c LEFT JOIN ledger_batches b USING (batch_id) WHERE c.account_id = $1 AND c.request_id ${first ? '>=' : '>'} $2 AND c.request_id < $3 AND c.currency = $4 ORDER BY c.request_id LIMIT $5`,
    [accountId, after, idLowerBound(to), currency, PAGE, leafFrom, leafTo - 1n]);
    for (const row of rows) {
      if (row['here'] as unknown !== true) continue;
      yield { requestId: row['request_id']!, at: instantOfId(row['request_id']!), model: row['model'] ?? row['served_model'] ?? '', providerId: row['provider_id'] ?? null, priceId: row['price_id'] ?? null, costMicros: BigInt(row['cost_micros']!),
        usage: { input: BigInt(row['usage_input']!), cacheRead: BigInt(row['usage_cache_read']!), cacheWrite: BigInt(row['usage_cache_write']!), cacheWrite1h: BigInt(row['usage_cache_write_1h']!), output: BigInt(row['usage_output']!), reasoning: BigInt(row['usage_reasoning']!), units: unitsFrom(row.usage_units) } };
    }
    const last = rows.at(-1)?.['request_id'];
    if (rows.length < PAGE || typeof last !== 'string') return;
    after = last;
  }
}
