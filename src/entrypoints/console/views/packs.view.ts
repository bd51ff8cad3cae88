import { PURPOSES } from '../../../kernel/actor.js';
import type { ReadModel } from './read-model.js';

/** Evidence packs. */
export const packs: ReadModel = {
  id: 'packs', from: 'evidence_packs', key: 'pack_id', title: 'pack_id', order: { column: 'requested_at', direction: 'desc' },
  columns: [
    { name: 'pack_id', kind: 'id', filter: 'exact', uuid: true, list: true },
    { name: 'kind', kind: 'code', filter: 'exact' },
    { name: 'request_id', kind: 'id', filter: 'exact', uuid: true, list: true, link: 'lookup' },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'purpose', kind: 'code', filter: 'exact', values: PURPOSES, list: true },
    { name: 'language', kind: 'code', filter: 'exact', values: ['en', 'zh', 'both'], list: true },
    { name: 'state', kind: 'status', filter: 'exact', values: ['requested', 'ready', 'failed'], sort: true, list: true },
    { name: 'requested_by', kind: 'text', filter: 'contains', list: true },
    { name: 'requested_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'ready_at', kind: 'time', sort: true },
    { name: 'pages', kind: 'number' },
    { name: 'bytes', kind: 'bytes' },
    { name: 'sha256', kind: 'code', filter: 'exact' },
    { name: 'failure', kind: 'text' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
