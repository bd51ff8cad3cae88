import { limitColumns } from './limit-columns.js';
import type { ReadModel } from './read-model.js';

/** API keys by name and last characters; the secret's hash never leaves the database. */
export const keys: ReadModel = {
  id: 'keys', from: 'api_keys', key: 'key_id', title: 'name', order: { column: 'created_at', direction: 'desc' },
  columns: [
    { name: 'key_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'name', kind: 'text', filter: 'contains', sort: true, list: true },
    { name: 'account_id', kind: 'id', filter: 'exact', sort: true, list: true, link: 'accounts' },
    { name: 'hint', kind: 'code', filter: 'exact', list: true },
    { name: 'status', kind: 'status', filter: 'exact', values: ['active', 'revoked'], sort: true, list: true },
    ...limitColumns('key', 'api_keys.key_id::text'),
    { name: 'created_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'revoked_at', kind: 'time', sort: true, list: true },
  ],
  related: [{ resource: 'calls', filter: 'key_id' }, { resource: 'audit', filter: 'subject_id' }],
};
