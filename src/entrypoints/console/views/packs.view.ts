import { PACK_KINDS, PACK_STATES } from '../../../domain/evidence/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import type { ReadModel } from './read-model.js';

/** Evidence packs. */
export const packs: ReadModel = {
  id: 'packs', from: 'evidence_packs', key: 'pack_id', title: 'pack_id', order: { column: 'requested_at', direction: 'desc' },
  columns: [
    { name: 'pack_id', kind: 'id', filter: 'exact', uuid: true, list: true },
    { name: 'kind', kind: 'code', filter: 'exact', values: PACK_KINDS, list: true },
    { name: 'case_number', kind: 'text', filter: 'exact' },
    { name: 'request_id', kind: 'id', filter: 'exact', uuid: true, list: true, link: 'lookup' },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'purpose', kind: 'code', filter: 'exact', values: PURPOSES, list: true },
    { name: 'language', kind: 'code', filter: 'exact', values: ['en', 'zh', 'both'], list: true },
    { name: 'state', kind: 'status', filter: 'exact', values: PACK_STATES, sort: true, list: true },
    { name: 'requested_by', kind: 'text', filter: 'contains', list: true },
    { name: 'requested_at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'ready_at', kind: 'time', sort: true },
    { name: 'progress', kind: 'json' },
    { name: 'redact', kind: 'list' },
    { name: 'volumes', kind: 'number' },
    { name: 'pages', kind: 'number' },
    { name: 'bytes', kind: 'bytes' },
    { name: 'sha256', kind: 'code', filter: 'exact' },
    { name: 'purged_at', kind: 'time' },
    { name: 'failure', kind: 'text' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
