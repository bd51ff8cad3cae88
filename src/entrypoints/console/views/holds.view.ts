import { DATA_TYPES } from '../../../kernel/data-types.js';
import type { ReadModel } from './read-model.js';

const STATE = `CASE WHEN released_at IS NULL THEN 'in_force' WHEN protects_until > now() THEN 'protecting' ELSE 'released' END`;

/** Legal holds. A released one still protects until the end of its delay. */
export const holds: ReadModel = {
  id: 'holds', from: 'holds', key: 'hold_id', title: 'matter', order: { column: 'placed_at', direction: 'desc' },
  columns: [
    { name: 'hold_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'matter', kind: 'text', filter: 'contains', sort: true, list: true },
    { name: 'account_id', kind: 'id', filter: 'exact', sort: true, list: true, link: 'accounts', nullMeans: 'all' },
    { name: 'key_ids', kind: 'list', filter: 'member', uuid: true },
    { name: 'request_ids', kind: 'list', filter: 'member', uuid: true },
    { name: 'from_at', kind: 'time' },
    { name: 'until_at', kind: 'time' },
    { name: 'data_types', kind: 'list', filter: 'member', values: DATA_TYPES, list: true, nullMeans: 'every' },
    { name: 'state', kind: 'status', sql: STATE, filter: 'exact', values: ['in_force', 'protecting', 'released'], list: true },
    { name: 'requester', kind: 'text', filter: 'contains', list: true },
    { name: 'basis', kind: 'text' },
    { name: 'review_on', kind: 'day', sort: true, list: true },
    { name: 'placed_by', kind: 'text' },
    { name: 'placed_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'released_by', kind: 'text' },
    { name: 'released_at', kind: 'time', sort: true },
    { name: 'protects_until', kind: 'time' },
  ],
  related: [{ resource: 'approvals', filter: 'subject_id' }, { resource: 'audit', filter: 'subject_id' }],
};
