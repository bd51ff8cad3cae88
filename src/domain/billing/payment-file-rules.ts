// A file of payments: RFC 4180 CSV, one payment a row. Pure; every wrong line is named, not only the first.
import { parseCsv } from '../../kernel/csv.js';
import { toMicros } from '../../kernel/money.js';
import { isRefusal } from '../../kernel/result.js';
import { PAYMENT_METHODS, PAYMENT_STATES, type PaymentInput } from './payment-rules.js';
import { rowOf } from './record-payment.js';

/** Rows of one file; it is taken in whole, in one transaction. */
export const MOST_PAYMENTS = 5_000;
/** Needed first, then what may be left out. `processor` may be said for the whole file instead. */
export const PAYMENT_FILE_COLUMNS = ['payment_id', 'account', 'amount', 'currency', 'paid_at', 'processor', 'reference', 'method', 'card_brand', 'card_last4', 'card_fingerprint', 'descriptor', 'login_id', 'ip_address', 'device_id', 'shipping_address',
  'status', 'refunded_amount', 'disputed_at', 'fiscal_year_end'] as const;
type Column = (typeof PAYMENT_FILE_COLUMNS)[number];
const NEEDED: readonly Column[] = ['payment_id', 'account', 'amount', 'currency', 'paid_at'];

export interface FileProblem { readonly line: number; readonly message: string }
export interface ParsedPayment { readonly line: number; readonly input: PaymentInput }
export interface ParsedPayments { readonly payments: readonly ParsedPayment[]; readonly problems: readonly FileProblem[] }

/** Reads the file. What is wrong with it stands in `problems`, by line; payments that are right are answered too. */
export function parsePayments(csv: string, options: { readonly processor?: string | undefined; readonly now: Date; readonly timeZone: string }): ParsedPayments {
  const { rows: [header, ...body], unclosed } = parseCsv(csv), problems: FileProblem[] = [], payments: ParsedPayment[] = [];
  const names = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase()), wrong = (line: number, message: string): void => { problems.push({ line, message }); };
  if (unclosed !== undefined) wrong(unclosed, 'a quoted cell does not end');
  for (const name of names) if (!(PAYMENT_FILE_COLUMNS as readonly string[]).includes(name)) wrong(1, `there is no column "${name.slice(0, 60)}"; there are ${PAYMENT_FILE_COLUMNS.join(', ')}`);
  for (const name of NEEDED) if (!names.includes(name)) wrong(1, `the column ${name} is missing`);
  if (new Set(names).size < names.length) wrong(1, 'a column is named twice');
  if (body.length === 0) wrong(1, 'there are no rows below the header');
  if (body.length > MOST_PAYMENTS) wrong(1, `there are more than ${MOST_PAYMENTS} rows; split the file`);
  if (problems.length > 0) return { payments, problems };
  const seen = new Map<string, number>();
  for (const { line, cells } of body) {
    const cell = (column: Column): string | undefined => { const at = names.indexOf(column), text = at < 0 ? '' : cells[at]?.trim() ?? ''; return text === '' ? undefined : text; };
    const before = problems.length, need = (column: Column): string => { const text = cell(column); if (text === undefined) wrong(line, `${column} is missing`); return text ?? ''; };
    if (cells.length > names.length) wrong(line, 'there are more cells than columns');
    const money = (column: Column, text: string | undefined): bigint | undefined => { if (text === undefined) return undefined; try { return toMicros(text); } catch { wrong(line, `${column}: "${text.slice(0, 40)}" is not an amount such as 12.50`); return undefined; } };
    const instant = (column: Column, text: string | undefined): Date | undefined => {
      if (text === undefined) return undefined;
      if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text);
      wrong(line, `${column}: "${text.slice(0, 40)}" is not an instant such as 2026-11-24T10:00:00Z`);
      return undefined;
    };
    const choice = <T extends string>(column: Column, values: readonly T[]): T | undefined => { const text = cell(column), found = values.find((value) => value === text); if (text !== undefined && !found) wrong(line, `${column}: must be one of ${values.join(', ')}`); return found; };
    const id = need('payment_id'), accountId = need('account'), amountMicros = money('amount', need('amount') || undefined), currency = need('currency').toUpperCase(), paidAt = instant('paid_at', need('paid_at') || undefined), processor = cell('processor') ?? options.processor;
    if (processor === undefined) wrong(line, 'processor is missing: name it in a column, or for the whole file');
    const method = choice('method', PAYMENT_METHODS), status = choice('status', PAYMENT_STATES), refundedMicros = money('refunded_amount', cell('refunded_amount')), disputedAt = instant('disputed_at', cell('disputed_at'));
    if (problems.length > before || amountMicros === undefined || paidAt === undefined) continue;
    const input: PaymentInput = { accountId, amountMicros, currency, paidAt, processor, processorPaymentId: id, reference: cell('reference'), method, cardBrand: cell('card_brand'), cardLast4: cell('card_last4'), cardFingerprint: cell('card_fingerprint'),
      descriptor: cell('descriptor'), loginId: cell('login_id'), ipAddress: cell('ip_address'), deviceId: cell('device_id'), shippingAddress: cell('shipping_address'), status, refundedMicros, disputedAt, fiscalYearEnd: cell('fiscal_year_end') };
    const row = rowOf(input, options.now, options.timeZone), key = `${processor}\u0000${id}`, earlier = seen.get(key);
    if (isRefusal(row)) wrong(line, `${row.field ?? ''}: ${row.message}`);
    else if (earlier !== undefined) wrong(line, `payment ${id} stands on line ${earlier} already`);
    else payments.push({ line, input });
    seen.set(key, earlier ?? line);
  }
  return { payments, problems };
}
