import { DATA_TYPES } from '../../../kernel/data-types.js';
import type { ReadModel } from './read-model.js';

/** Retention policies, every version. */
export const policies: ReadModel = {
  id: 'policies', from: 'retention_policies', key: 'policy_id', title: 'data_type', order: { column: 'effective_from', direction: 'desc' },
  columns: [
    { name: 'policy_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'data_type', kind: 'code', filter: 'exact', values: DATA_TYPES, sort: true, list: true },
    { name: 'keep', kind: 'code', list: true },
    { name: 'starts_at', kind: 'code', filter: 'exact', values: ['created', 'account-closed', 'dispute-closed', 'fiscal-year-end'], list: true },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts', nullMeans: 'all' },
    { name: 'jurisdiction', kind: 'place', filter: 'exact', list: true, nullMeans: 'all' },
    { name: 'item_ids', kind: 'list' },
    { name: 'version', kind: 'number', list: true },
    { name: 'status', kind: 'status', filter: 'exact', values: ['scheduled', 'in_force', 'superseded', 'withdrawn'], sort: true, list: true },
    { name: 'purpose', kind: 'code' },
    { name: 'source', kind: 'text' },
    { name: 'legal_basis', kind: 'text' },
    { name: 'locked', kind: 'bool' },
    { name: 'shortens', kind: 'bool' },
    { name: 'approval_id', kind: 'id', link: 'approvals' },
    { name: 'published_by', kind: 'text' },
    { name: 'published_at', kind: 'time' },
    { name: 'effective_from', kind: 'time', sort: true, list: true },
    { name: 'superseded_at', kind: 'time', sort: true },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
