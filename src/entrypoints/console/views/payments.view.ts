import { PAYMENT_METHODS, PAYMENT_STATES } from '../../../domain/billing/index.js';
import type { ReadModel } from './read-model.js';

/** Payments received, and what became of them. */
export const payments: ReadModel = {
  id: 'payments', from: 'payments', key: 'payment_id', title: 'reference', order: { column: 'paid_at', direction: 'desc' },
  columns: [
    { name: 'payment_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'reference', kind: 'text', filter: 'contains', list: true },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'amount_micros', kind: 'micros', sort: true, list: true },
    { name: 'currency', kind: 'code', filter: 'exact' },
    { name: 'paid_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'status', kind: 'status', filter: 'exact', values: PAYMENT_STATES, sort: true, list: true },
    { name: 'refunded_micros', kind: 'micros' },
    { name: 'disputed_at', kind: 'time', filter: 'range', sort: true },
    { name: 'processor', kind: 'code', filter: 'exact', list: true },
    { name: 'processor_payment_id', kind: 'code', filter: 'exact' },
    { name: 'method', kind: 'code', filter: 'exact', values: PAYMENT_METHODS, list: true },
    { name: 'card_brand', kind: 'text' },
    { name: 'card_last4', kind: 'code', filter: 'exact', list: true },
    { name: 'descriptor', kind: 'text' },
    { name: 'login_id', kind: 'text' },
    { name: 'ip_address', kind: 'code' },
    { name: 'status_at', kind: 'time' },
    { name: 'fiscal_year_end', kind: 'day' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
