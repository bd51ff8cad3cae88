import type { ReadModel } from './read-model.js';

const STATE = `CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN valid_until < to_char(now(), 'YYYY-MM-DD') THEN 'expired' ELSE 'in_force' END`;

/** What accounts confirmed about transfers out of their jurisdiction. */
export const confirmations: ReadModel = {
  id: 'confirmations', from: 'confirmations', key: 'confirmation_id', title: 'confirmation_id', order: { column: 'confirmed_at', direction: 'desc' },
  columns: [
    { name: 'confirmation_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'account_id', kind: 'id', filter: 'exact', sort: true, list: true, link: 'accounts' },
    { name: 'destination', kind: 'place', filter: 'exact', sort: true, list: true },
    { name: 'basis', kind: 'code', filter: 'exact', values: ['adequacy', 'standard-contract', 'certification', 'security-assessment', 'consent', 'exemption'], list: true },
    { name: 'covers', kind: 'list', list: true },
    { name: 'state', kind: 'status', sql: STATE, filter: 'exact', values: ['in_force', 'expired', 'withdrawn'], list: true },
    { name: 'confirmed_by', kind: 'text', filter: 'contains' },
    { name: 'confirmed_at', kind: 'day', sort: true, list: true },
    { name: 'valid_until', kind: 'day', sort: true, list: true },
    { name: 'withdrawn_at', kind: 'time', sort: true },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
