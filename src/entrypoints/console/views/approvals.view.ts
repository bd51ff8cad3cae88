import { APPROVAL_STATES } from '../../../domain/security/index.js';
import type { ReadModel } from './read-model.js';

/** What one person asked for and another decides, all of it. */
export const approvals: ReadModel = {
  id: 'approvals', from: 'approvals', key: 'approval_id', title: 'action', order: { column: 'requested_at', direction: 'desc' },
  columns: [
    { name: 'approval_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'action', kind: 'code', filter: 'exact', list: true },
    { name: 'subject_id', kind: 'id', filter: 'exact', list: true },
    { name: 'state', kind: 'status', filter: 'exact', values: APPROVAL_STATES, sort: true, list: true },
    { name: 'requested_by', kind: 'text', list: true },
    { name: 'requested_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'expires_at', kind: 'time', sort: true, list: true },
    { name: 'reason', kind: 'text' },
    { name: 'proposal', kind: 'json' },
    { name: 'preview', kind: 'json' },
    { name: 'digest', kind: 'code' },
    { name: 'decided_by', kind: 'text', list: true },
    { name: 'decided_at', kind: 'time', sort: true },
    { name: 'decision_reason', kind: 'text' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
