// What an invoice or a credit note says, whole: the pages are printed from it and from nothing else. Its digest stands on the ledger.
import { z } from 'zod';

export const INVOICE_FORMAT = 'holdfast.invoice.v1';
export const INVOICE_LANGUAGES = ['en', 'zh', 'both'] as const;
export type InvoiceLanguage = (typeof INVOICE_LANGUAGES)[number];

const decimal = z.string().regex(/^-?(?:0|[1-9]\d*)$/), instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const party = z.strictObject({ name: z.string(), jurisdiction: z.string(), contact: z.string() });

export const invoiceDocument = z.strictObject({
  format: z.literal(INVOICE_FORMAT), kind: z.enum(['invoice', 'credit_note']), number: z.string(), language: z.enum(INVOICE_LANGUAGES),
  issued_at: instant, issued_on: z.string(), time_zone: z.string(), operator: party.nullable(), account: party.extend({ account_id: z.string() }), currency: z.string(),
  /** Calls of the account that arrived in [covers_from, covers_to) and stand below `tree_size` in the log, less those on earlier invoices. */
  period: z.strictObject({ month: z.string(), covers_from: instant.nullable(), covers_to: instant.nullable(), tree_size: decimal.nullable(), earlier: z.string().nullable() }),
  lines: z.array(z.strictObject({
    position: z.int().positive(), month: z.string(), model: z.string(), provider_id: z.string().nullable(), price_id: z.string().nullable(), price_version: z.int().nullable(), price_from: z.string().nullable(),
    bucket: z.string(), rate_micros: decimal.nullable(), calls: decimal, units: decimal, amount_micros: decimal,
  })),
  calls: decimal, total_micros: decimal, rounding_micros: decimal, payable_micros: decimal, note: z.string().nullable(),
  /** Of a credit note. */
  credits: z.strictObject({ invoice_id: z.string(), number: z.string(), payable_micros: decimal, credited_before_micros: decimal, position: z.int().positive().nullable(), reason: z.string(), approval_id: z.string(), requested_by: z.string() }).nullable(),
});
export type InvoiceDocument = z.infer<typeof invoiceDocument>;
