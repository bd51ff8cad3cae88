// Invoices and credit notes, and the payments disputes are about.
import { z } from 'zod';
import { CORE_ELEMENTS, INVOICE_LANGUAGES, MATRIX_REASONS, PAYMENT_STATES, ROW_REASONS, type InvoicePlan } from '../../../domain/billing/index.js';
import { PAPER_LANGUAGES } from '../../../domain/evidence/index.js';
import { startOfDay } from '../../../kernel/period.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { withoutExpired } from '../../views/hide-expired.js';
import { describeMatrix } from '../../views/match-matrix.js';
import { transparencyWindow } from '../../views/transparency-window.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, currency, day, hex, instant, micros, microsIn, ordered, page, reason, slug, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const INVOICES: Listing = { from: 'invoices', key: 'invoice_id', keyKind: 'uuid', integers: ['total_micros', 'payable_micros', 'calls', 'tree_size'], columns: 'invoice_id, kind, number, account_id, currency, period, total_micros, payable_micros, calls, refers_to, refers_number, reason, issued_at, issued_by, fiscal_year_end, document_sha256' };
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/).describe("YYYY-MM by the calendar of the operator's zone");
const invoice = z.object({ invoice_id: uuid, kind: z.enum(['invoice', 'credit_note']), number: z.string(), account_id: slug, currency, period: month, total_micros: micros.describe('Exactly the sum of the charges on record'), payable_micros: micros, calls: count, refers_to: uuid.nullable(), refers_number: z.string().nullable(),
  reason: z.string().nullable(), issued_at: instant, issued_by: z.string(), fiscal_year_end: day, document_sha256: hex }).meta({ id: 'Invoice' });
const line = z.object({ position: count, month, model: z.string(), provider_id: z.string().nullable(), price_id: z.string().nullable(), price_version: count.nullable(), price_from: z.string().nullable(), bucket: z.string(), rate_micros: micros.nullable(), calls: count, units: count, amount_micros: micros });
const plan = z.object({ account_id: slug, currency, month, covers_from: instant, covers_to: instant, tree_size: count.describe('Calls below this size of the log are on this invoice or an earlier one'), earlier: z.string().nullable(), calls: count, total_micros: micros, payable_micros: micros, lines: z.array(line), digest: hex });
const question = { month, currency: currency.optional().describe('Where the account has calls in several'), begin_with: month.optional().describe('Of the first invoice: the first month it covers; unset: everything on record') };
const example = { invoice_id: EXAMPLE.id, kind: 'invoice' as const, number: 'INV-2026-000017', account_id: EXAMPLE.account, currency: 'USD', period: '2026-10', total_micros: 21_444, payable_micros: 20_000, calls: 4, refers_to: null, refers_number: null, reason: null, issued_at: EXAMPLE.at, issued_by: 'Ada', fiscal_year_end: '2026-12-31', document_sha256: EXAMPLE.hash };
const exampleLine = { position: 1, month: '2026-10', model: 'gpt-5', provider_id: EXAMPLE.provider, price_id: EXAMPLE.id, price_version: 1, price_from: '2026-01-01', bucket: 'input', rate_micros: 2_000_000, calls: 4, units: 4_800, amount_micros: 9_600 };
const params = z.strictObject({ invoice_id: text(60).describe('Id or number') }), noInvoice = refuse('not_found', 'there is no such invoice', 'params.invoice_id');
const side = { payment_id: uuid, processor_payment_id: z.string().nullable(), reference: z.string(), paid_at: instant, amount_micros: micros, currency, card_last4: z.string().nullable(), descriptor: z.string().nullable(), status: z.enum(PAYMENT_STATES) };
const matrix = z.object({ eligible: z.boolean(), reasons: z.array(z.enum(MATRIX_REASONS)), disputed: z.object(side), disputed_on: day.nullable(), chosen: z.array(uuid).describe('The two earlier payments to submit'), common: z.array(z.enum(CORE_ELEMENTS)).describe('In what all three agree'),
  rows: z.array(z.object({ ...side, days: z.int().describe('Before the dispute'), elements: z.record(z.enum(CORE_ELEMENTS), z.enum(['matches', 'differs', 'not_known'])), counts: z.boolean(), reasons: z.array(z.enum(ROW_REASONS)) })) }).meta({ id: 'MatchMatrix' });
const exampleSide = { payment_id: EXAMPLE.id, processor_payment_id: 'pi_3N', reference: 'stripe:pi_3N', paid_at: EXAMPLE.at, amount_micros: 20_000_000, currency: 'USD', card_last4: '4242', descriptor: 'HOLDFAST API', status: 'disputed' as const };
const planAnswer = (planned: InvoicePlan) => ({ ...jsonAnswer({ ...planned, earlier: planned.earlier?.number ?? null }) });
const exampleMatrix = { eligible: false, reasons: ['too_few_payments' as const], disputed: exampleSide, disputed_on: '2026-11-20', chosen: [], common: [], rows: [] };

export const invoicesRoutes = [
  defineRoute({
    method: 'get', path: '/invoices', id: 'listInvoices', tag: 'payments', summary: 'Invoices and credit notes, in the order of issue', permission: 'accounts.read', reading: { action: 'invoices.list', subjectKind: 'invoices', subjectId: () => 'list' },
    query: z.strictObject({ account: slug.optional(), month: month.optional(), ...ordered }), answer: page(invoice), example: { answer: { data: [example], next_cursor: null } },
    run: async ({ app, query }) => {
      const found = await readPage<z.input<typeof invoice>>(app.database.reader, INVOICES, [{ sql: 'account_id = ?', value: query.account }, { sql: 'period = ?', value: query.month }], query);
      return isRefusal(found) ? found : { ...found, data: await withoutExpired(app, 'payment_records', found.data, (one) => ({ accountId: one.account_id, clockStart: startOfDay(one.fiscal_year_end, app.config.timeZone) })) };
    },
  }),
  defineRoute({
    method: 'get', path: '/invoices/{invoice_id}', id: 'readInvoice', tag: 'payments', summary: 'One invoice with its lines', permission: 'accounts.read', params, reading: { action: 'invoice.view', subjectKind: 'invoice', subjectId: ({ params: { invoice_id: id } }) => String(id) },
    answer: invoice.extend({ credited_micros: micros, document: z.record(z.string(), z.unknown()).describe('Everything its pages say; its digest stands on the ledger') }), example: { answer: { ...example, credited_micros: 0, document: { number: 'INV-2026-000017' } } },
    run: async ({ app, params: { invoice_id: id } }) => {
      const found = await app.billing.findInvoice(id);
      if (!found) return noInvoice;
      const { document, ...rest } = found;
      return { ...jsonAnswer(rest), document: { ...document } };
    },
  }),
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/invoice-plan', id: 'planInvoice', tag: 'payments', summary: 'What the invoice of an account and month would say', permission: 'accounts.read', refusals: ['not_found', 'conflict'], params: z.strictObject({ account_id: slug }), query: z.strictObject(question), answer: plan,
    description: 'Every call of the account up to the end of the month that is on no earlier invoice; the month must be over. Writes nothing.', reading: { action: 'invoice.plan', subjectKind: 'account', subjectId: ({ params: { account_id: id } }) => String(id) },
    example: { query: { month: '2026-10' }, answer: { account_id: EXAMPLE.account, currency: 'USD', month: '2026-10', covers_from: EXAMPLE.at, covers_to: EXAMPLE.at, tree_size: 1_204, earlier: null, calls: 4, total_micros: 9_600, payable_micros: 10_000, lines: [exampleLine], digest: EXAMPLE.hash } },
    run: async ({ app, params: { account_id: accountId }, query: { month: of, currency: in_, begin_with: beginWith } }) => { const planned = await app.billing.planInvoice({ accountId, month: of, currency: in_, beginWith }); return isRefusal(planned) ? planned : planAnswer(planned); },
  }),
  defineRoute({
    method: 'post', path: '/invoices', id: 'issueInvoice', tag: 'payments', summary: 'Issue an invoice as it was planned', permission: 'payments.write', status: 201, refusals: ['not_found', 'conflict', 'confirmation_required'],
    description: 'Takes the next number of its series, without a gap. It does not change any more; a correction is a credit note.', body: z.strictObject({ account_id: slug, ...question, digest: hex.optional().describe('Of the plan'), language: z.enum(INVOICE_LANGUAGES).optional(), note: text(300).optional().describe('Printed below the sum') }),
    answer: z.object({ invoice_id: uuid, number: z.string(), document_sha256: hex }), example: { body: { account_id: EXAMPLE.account, month: '2026-10', digest: EXAMPLE.hash }, answer: { invoice_id: EXAMPLE.id, number: 'INV-2026-000017', document_sha256: EXAMPLE.hash } },
    run: async (input) => {
      const b = input.body, planned = await input.app.billing.planInvoice({ accountId: b.account_id, month: b.month, currency: b.currency, beginWith: b.begin_with });
      return isRefusal(planned) ? planned : answerOf(await change(input, (tx) => input.app.billing.issueInvoice(tx, planned, { language: b.language, note: b.note, confirmed: b.digest })));
    },
  }),
  defineRoute({
    method: 'post', path: '/invoices/{invoice_id}/credit', id: 'creditInvoice', tag: 'payments', summary: 'Ask for a credit note', permission: 'payments.write', status: 202, refusals: ['not_found', 'conflict'], params,
    description: 'A second person approves it; then it stands under a number of its own and refers to the invoice, which stays as it was.', body: z.strictObject({ amount_micros: microsIn.optional().describe('Unset: all that is not credited yet'), position: z.int().min(1).optional().describe('The line it corrects'), reason }),
    answer: z.object({ approval_id: uuid }), example: { body: { amount_micros: 20_000, reason: 'charged twice' }, answer: { approval_id: EXAMPLE.id } },
    run: async (input) => { const { amount_micros: amount, position, reason: why } = input.body; return answerOf(await change(input, (tx) => input.app.billing.creditInvoice(tx, { invoiceId: input.params.invoice_id, amountMicros: amount === undefined ? undefined : BigInt(amount), position, reason: why }))); },
  }),
  defineRoute({
    method: 'get', path: '/invoices/{invoice_id}/pdf', id: 'downloadInvoice', tag: 'payments', summary: 'The sealed PDF of an invoice', permission: 'accounts.read', file: 'application/pdf', params, answer: z.never(), example: { answer: undefined as never },
    description: 'PDF/A-3 with its document as JSON and its lines as CSV. Printed at the first need, and the same file ever after.', reading: { action: 'invoice.download', subjectKind: 'invoice', subjectId: ({ params: { invoice_id: id } }) => String(id) },
    run: async ({ app, params: { invoice_id: id } }) => { const found = await app.evidence.invoicePdf(id); return isRefusal(found) ? noInvoice : { bytes: found.pdf, name: found.name }; },
  }),
  defineRoute({
    method: 'get', path: '/payments/{payment_id}/match', id: 'matchPayment', tag: 'cases', summary: 'A disputed payment held against earlier ones (compelling evidence 3.0)', permission: 'disputes.read', params: z.strictObject({ payment_id: text(200).describe("Our id or the processor's") }), answer: matrix, example: { answer: exampleMatrix },
    reading: { action: 'payment.match', subjectKind: 'payment', subjectId: ({ params: { payment_id: id } }) => String(id) },
    run: async ({ app, params: { payment_id: id } }) => { const found = await app.billing.matchPayment(id); return found ? describeMatrix(found) : refuse('not_found', 'there is no such payment', 'params.payment_id'); },
  }),
  defineRoute({
    method: 'post', path: '/cases/{case_id}/payments', id: 'linkCasePayment', tag: 'cases', summary: 'Say which payment a dispute is about', permission: 'disputes.work', refusals: ['not_found', 'conflict'], params: z.strictObject({ case_id: text(60).describe('Id or number') }), body: z.strictObject({ payment: text(200).describe("Our id or the processor's") }),
    answer: z.object({ case_id: uuid, payment_id: uuid, changed: z.boolean() }), example: { body: { payment: 'pi_3N' }, answer: { case_id: EXAMPLE.id, payment_id: EXAMPLE.other, changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.cases.linkPayment(tx, input.params.case_id, input.body.payment))),
  }),
  defineRoute({
    method: 'get', path: '/transparency/pdf', id: 'downloadTransparency', tag: 'cases', summary: 'The transparency report as a sealed PDF', permission: 'lawful.read', file: 'application/pdf', answer: z.never(), example: { query: { from: '2026-01-01', to: '2026-06-30' }, answer: undefined as never },
    query: z.strictObject({ from: day, to: day.describe('Included'), language: z.enum(PAPER_LANGUAGES).default('en') }),
    run: async ({ app, query: { from, to, language } }) => {
      const window = transparencyWindow({ from, to }, app.config.timeZone);
      if (isRefusal(window)) return window;
      const file = await app.evidence.transparencyPdf(await app.cases.transparency(window.from, window.to), { from, to, language });
      return { bytes: file.pdf, name: file.name };
    },
  }),
];
