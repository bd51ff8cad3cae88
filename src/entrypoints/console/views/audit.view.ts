import { PURPOSES } from '../../../kernel/actor.js';
import type { ReadModel } from './read-model.js';

/** Every change and every recorded view, by whom and why. */
export const audit: ReadModel = {
  id: 'audit', from: 'audit_records', key: 'record_id', keyIsTime: true, title: 'action', order: { column: 'at', direction: 'desc' },
  columns: [
    { name: 'at', kind: 'time', filter: 'range', sort: true, list: true },
    { name: 'actor_name', kind: 'text', filter: 'exact', list: true },
    { name: 'actor_kind', kind: 'code', filter: 'exact', values: ['operator', 'api_token', 'api_key', 'system', 'cli'] },
    { name: 'actor_id', kind: 'id', filter: 'exact' },
    { name: 'action', kind: 'code', filter: 'exact', list: true },
    { name: 'subject_kind', kind: 'code', filter: 'exact', list: true },
    { name: 'subject_id', kind: 'id', filter: 'exact', list: true },
    { name: 'purpose', kind: 'code', filter: 'exact', values: PURPOSES, list: true },
    { name: 'reason', kind: 'text', list: true },
    { name: 'record_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'before', kind: 'json' },
    { name: 'after', kind: 'json' },
  ],
};
