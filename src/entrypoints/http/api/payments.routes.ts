// Payments received.
import { z } from 'zod';
import { startOfDay } from '../../../kernel/period.js';
import { isRefusal } from '../../../kernel/result.js';
import { withoutExpired } from '../../views/hide-expired.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { currency, day, instant, instantIn, micros, microsIn, ordered, page, slug, text, uuid } from './fields.schemas.js';
import { answerOf } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const PAYMENTS: Listing = { from: 'payments', key: 'payment_id', keyKind: 'uuid', integers: ['amount_micros'], columns: 'payment_id, account_id, amount_micros, currency, paid_at, fiscal_year_end, reference' };
const payment = z.object({ payment_id: uuid, account_id: slug, amount_micros: micros, currency, paid_at: instant, fiscal_year_end: day, reference: z.string() }).meta({ id: 'Payment' });
const facts = { account_id: EXAMPLE.account, amount_micros: 250_000_000, currency: 'EUR', paid_at: EXAMPLE.at, fiscal_year_end: '2026-12-31', reference: 'INV-17' };

export const paymentsRoutes = [
  defineRoute({
    method: 'get', path: '/payments', id: 'listPayments', tag: 'payments', summary: 'Payments, in the order they were recorded', permission: 'accounts.read',
    reading: { action: 'payments.list', subjectKind: 'payments', subjectId: () => 'list' }, query: z.strictObject({ account: slug.optional(), ...ordered }), answer: page(payment),
    example: { answer: { data: [{ payment_id: EXAMPLE.id, ...facts }], next_cursor: null } },
    run: async ({ app, query }) => {
      const found = await readPage<z.input<typeof payment>>(app.database.reader, PAYMENTS, [{ sql: 'account_id = ?', value: query.account }], query);
      if (isRefusal(found)) return found;
      const data = await withoutExpired(app, 'payment_records', found.data, (one) => ({ accountId: one.account_id, clockStart: startOfDay(one.fiscal_year_end, app.config.timeZone) }));
      return { ...found, data };
    },
  }),
  defineRoute({
    method: 'post', path: '/payments', id: 'recordPayment', tag: 'payments', summary: 'Record a payment', permission: 'payments.write', status: 201, refusals: ['not_found', 'conflict'],
    description: 'Safe to send again: the same reference with the same facts is one payment.',
    body: z.strictObject({
      account_id: slug, amount_micros: microsIn, currency, paid_at: instantIn, reference: text(200),
      fiscal_year_end: day.optional().describe("Starts the clock of its retention; unset: 31 December of its year in the operator's zone"),
    }),
    answer: z.object({ payment_id: uuid, changed: z.boolean() }), example: { body: facts, answer: { payment_id: EXAMPLE.id, changed: true } },
    run: async (input) => {
      const { account_id: accountId, amount_micros: amount, paid_at: paidAt, fiscal_year_end: fiscalYearEnd, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.billing.recordPayment(tx, { accountId, amountMicros: BigInt(amount), paidAt: new Date(paidAt), fiscalYearEnd, ...rest })));
    },
  }),
];
