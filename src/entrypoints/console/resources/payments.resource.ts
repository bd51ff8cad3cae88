import { z } from 'zod';
import { PAYMENT_STATES } from '../../../domain/billing/index.js';
import { toMicros } from '../../../kernel/money.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { payments } from '../views/payments.view.js';
import { optional, reason } from './form-fields.js';
import { matrixLines } from './match-lines.js';

const amount = z.string().trim().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'an amount such as 12.50');

const setStatus = consoleAction({
  name: 'setStatus', on: 'record', permission: 'payments.write',
  fields: [{ name: 'payment_status', type: 'choice', required: true, values: PAYMENT_STATES }, { name: 'refunded_amount', type: 'text' }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ payment_status: z.enum(PAYMENT_STATES), refunded_amount: optional(amount), reason }),
  run: async ({ app, actor, recordId, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.billing.setPaymentStatus(tx, recordId, { status: p.payment_status, reason: p.reason, refundedMicros: p.refunded_amount === undefined ? undefined : toMicros(p.refunded_amount) }));
    return isRefusal(answer) ? { ...answer, ...(answer.field === 'refundedMicros' ? { field: 'refunded_amount' } : answer.field === 'status' ? { field: 'payment_status' } : {}) } : {};
  },
});

/** Reads other payments of the account, which goes on record like any reading. */
const match = consoleAction({
  name: 'match', on: 'record', permission: 'disputes.read', when: (record) => record['disputed_at'] !== null, fields: [], schema: z.strictObject({}),
  run: async ({ app, actor, recordId }) => {
    const matrix = await app.billing.matchPayment(recordId);
    if (!matrix) return refuse('not_found', 'there is no such payment');
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'payment.match', subjectKind: 'payment', subjectId: recordId, purpose: 'dispute_resolution' }));
    return { show: matrixLines(matrix) };
  },
});

export const paymentsResource: ResourceDefinition = {
  model: payments, group: 'billing', icon: 'CreditCard', read: 'accounts.read', reading: { list: 'payments.list', view: 'payment.view', subject: 'payment' }, actions: [setStatus, match],
};
