// Payments received: one by one and in files, and what became of them.
import { z } from 'zod';
import { MOST_PAYMENTS, PAYMENT_FILE_COLUMNS, PAYMENT_LINE_STATES, PAYMENT_METHODS, PAYMENT_STATES, type PaymentInput } from '../../../domain/billing/index.js';
import { startOfDay } from '../../../kernel/period.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { withoutExpired } from '../../views/hide-expired.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, currency, day, hex, instant, instantIn, micros, microsIn, ordered, page, reason, slug, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const COLUMNS = ['payment_id', 'account_id', 'amount_micros', 'currency', 'paid_at', 'fiscal_year_end', 'reference', 'processor', 'processor_payment_id', 'method', 'card_brand', 'card_last4', 'descriptor', 'status', 'refunded_micros', 'disputed_at', 'status_at'];
const PAYMENTS: Listing = { from: 'payments', key: 'payment_id', keyKind: 'uuid', integers: ['amount_micros', 'refunded_micros'], columns: COLUMNS.join(', ') };
const state = z.enum(PAYMENT_STATES), nullable = z.string().nullable();
const payment = z.object({
  payment_id: uuid, account_id: slug, amount_micros: micros, currency, paid_at: instant, fiscal_year_end: day, reference: z.string(), processor: nullable, processor_payment_id: nullable, method: z.enum(PAYMENT_METHODS).nullable(), card_brand: nullable, card_last4: nullable,
  descriptor: nullable, status: state, refunded_micros: micros, disputed_at: instant.nullable().describe('When it was first disputed; stays whatever became of it'), status_at: instant.nullable(),
}).meta({ id: 'Payment' });
const balance = z.object({ currency, invoiced_micros: micros, credited_micros: micros, received_micros: micros, disputed_micros: micros.describe('Of payments under dispute: neither received nor lost'), refunded_micros: micros, due_micros: micros.describe('Invoiced, less credited, less received') });
const facts = { account_id: EXAMPLE.account, amount_micros: 250_000_000, currency: 'EUR', paid_at: EXAMPLE.at, fiscal_year_end: '2026-12-31', reference: 'INV-17' };
const example = { payment_id: EXAMPLE.id, ...facts, processor: 'stripe', processor_payment_id: 'pi_3N', method: 'card' as const, card_brand: 'visa', card_last4: '4242', descriptor: 'HOLDFAST API', status: 'paid' as const, refunded_micros: 0, disputed_at: null, status_at: null };
const file = { name: text(200), csv: z.string().min(1).max(900_000), processor: slug.optional().describe('For every row that names none') };
const params = z.strictObject({ payment_id: uuid });

export const paymentsRoutes = [
  defineRoute({
    method: 'get', path: '/payments', id: 'listPayments', tag: 'payments', summary: 'Payments, in the order they were recorded', permission: 'accounts.read',
    reading: { action: 'payments.list', subjectKind: 'payments', subjectId: () => 'list' }, query: z.strictObject({ account: slug.optional(), status: state.optional(), ...ordered }), answer: page(payment),
    example: { answer: { data: [example], next_cursor: null } },
    run: async ({ app, query }) => {
      const found = await readPage<z.input<typeof payment>>(app.database.reader, PAYMENTS, [{ sql: 'account_id = ?', value: query.account }, { sql: 'status = ?', value: query.status }], query);
      if (isRefusal(found)) return found;
      const data = await withoutExpired(app, 'payment_records', found.data, (one) => ({ accountId: one.account_id, clockStart: startOfDay(one.fiscal_year_end, app.config.timeZone) }));
      return { ...found, data };
    },
  }),
  defineRoute({
    method: 'post', path: '/payments', id: 'recordPayment', tag: 'payments', summary: 'Record a payment', permission: 'payments.write', status: 201, refusals: ['not_found', 'conflict'],
    description: 'Safe to send again: the same processor and id, or the same reference, with the same facts is one payment; another status is what became of it. Card numbers are refused. Fingerprint, device and shipping address are kept as SHA-256.',
    body: z.strictObject({
      account_id: slug, amount_micros: microsIn, currency, paid_at: instantIn, reference: text(200).optional(), processor: slug.optional(), processor_payment_id: text(200).optional(), method: z.enum(PAYMENT_METHODS).optional(), card_brand: text(40).optional(),
      card_last4: z.string().regex(/^\d{4}$/).optional(), card_fingerprint: text(200).optional().describe("The processor's own name of the card, never its number"), descriptor: text(80).optional(), login_id: text(200).optional(), ip_address: text(45).optional(),
      device_id: text(300).optional(), shipping_address: text(500).optional(), status: state.optional(), refunded_micros: microsIn.optional(), disputed_at: instantIn.optional(),
      fiscal_year_end: day.optional().describe("Starts the clock of its retention; unset: 31 December of its year in the operator's zone"),
    }),
    answer: z.object({ payment_id: uuid, changed: z.boolean() }), example: { body: { ...facts, processor: 'stripe', processor_payment_id: 'pi_3N', method: 'card', card_last4: '4242' }, answer: { payment_id: EXAMPLE.id, changed: true } },
    run: async (input) => {
      const b = input.body;
      const one: PaymentInput = { accountId: b.account_id, amountMicros: BigInt(b.amount_micros), currency: b.currency, paidAt: new Date(b.paid_at), reference: b.reference, processor: b.processor, processorPaymentId: b.processor_payment_id, fiscalYearEnd: b.fiscal_year_end, method: b.method, cardBrand: b.card_brand,
        cardLast4: b.card_last4, cardFingerprint: b.card_fingerprint, descriptor: b.descriptor, loginId: b.login_id, ipAddress: b.ip_address, deviceId: b.device_id, shippingAddress: b.shipping_address, status: b.status,
        refundedMicros: b.refunded_micros === undefined ? undefined : BigInt(b.refunded_micros), disputedAt: b.disputed_at === undefined ? undefined : new Date(b.disputed_at) };
      return answerOf(await change(input, (tx) => input.app.billing.recordPayment(tx, one)));
    },
  }),
  defineRoute({
    method: 'post', path: '/payments/{payment_id}/status', id: 'setPaymentStatus', tag: 'payments', summary: 'Say what became of a payment', permission: 'payments.write', refusals: ['not_found', 'conflict'], params,
    body: z.strictObject({ status: state, reason, refunded_micros: microsIn.optional().describe('Unset: all of it'), disputed_at: instantIn.optional().describe('Unset: now') }), answer: z.object({ changed: z.boolean() }),
    example: { body: { status: 'disputed', reason: 'notice of the acquirer' }, answer: { changed: true } },
    run: async (input) => {
      const { status, reason: why, refunded_micros: refunded, disputed_at: disputedAt } = input.body;
      return answerOf(await change(input, (tx) => input.app.billing.setPaymentStatus(tx, input.params.payment_id, { status, reason: why, refundedMicros: refunded === undefined ? undefined : BigInt(refunded), disputedAt: disputedAt === undefined ? undefined : new Date(disputedAt) })));
    },
  }),
  defineRoute({
    method: 'post', path: '/payments/import-plan', id: 'planPaymentImport', tag: 'payments', summary: 'What a file of payments would do', permission: 'payments.write',
    description: `CSV with ${PAYMENT_FILE_COLUMNS.join(', ')}; the first five are needed. At most ${MOST_PAYMENTS} rows. Changes nothing; every wrong line is named.`, body: z.strictObject(file),
    answer: z.object({ lines: z.array(z.object({ line: count, state: z.enum(PAYMENT_LINE_STATES), payment_id: z.string(), account_id: z.string(), amount_micros: micros, currency: z.string() })), problems: z.array(z.object({ line: count, message: z.string() })), digest: hex }),
    example: { body: { name: 'november.csv', csv: 'payment_id,account,amount,currency,paid_at\npi_3N,acme,12.50,EUR,2026-11-02T10:00:00Z\n', processor: 'stripe' }, answer: { lines: [{ line: 2, state: 'added', payment_id: 'pi_3N', account_id: EXAMPLE.account, amount_micros: 12_500_000, currency: 'EUR' }], problems: [], digest: EXAMPLE.hash } },
    run: async ({ app, actor, body }) => answerOf(await app.billing.planPaymentImport(actor, body)),
  }),
  defineRoute({
    method: 'post', path: '/payments/import', id: 'importPayments', tag: 'payments', summary: 'Take in a file of payments, as it was planned', permission: 'payments.write', status: 201, refusals: ['confirmation_required', 'conflict'],
    body: z.strictObject({ ...file, digest: hex.optional().describe('Of the plan') }), answer: z.object({ added: count, changed: count, unchanged: count }),
    example: { body: { name: 'november.csv', csv: 'payment_id,account,amount,currency,paid_at\npi_3N,acme,12.50,EUR,2026-11-02T10:00:00Z\n', processor: 'stripe', digest: EXAMPLE.hash }, answer: { added: 1, changed: 0, unchanged: 0 } },
    run: async (input) => { const { digest, ...one } = input.body; return answerOf(await change(input, (tx) => input.app.billing.importPayments(tx, one, digest))); },
  }),
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/balance', id: 'readBalance', tag: 'payments', summary: 'What an account was invoiced, paid and owes, by currency', permission: 'accounts.read', params: z.strictObject({ account_id: slug }), answer: z.object({ data: z.array(balance) }),
    reading: { action: 'account.balance', subjectKind: 'account', subjectId: ({ params: { account_id: id } }) => String(id) },
    example: { answer: { data: [{ currency: 'EUR', invoiced_micros: 50_000_000, credited_micros: 0, received_micros: 50_000_000, disputed_micros: 0, refunded_micros: 0, due_micros: 0 }] } },
    run: async ({ app, params: { account_id: id } }) => (await app.billing.findAccount(id) ? { data: jsonAnswer(await app.billing.balances(id)) } : refuse('not_found', 'there is no such account', 'params.account_id')),
  }),
];
