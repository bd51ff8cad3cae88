import { GRANT_KINDS, GRANT_TRIGGERS } from '../../../domain/vault/index.js';
import type { ReadModel } from './read-model.js';

const STATE = `CASE WHEN revoked_at IS NOT NULL THEN 'revoked' WHEN valid_until <= now() THEN 'expired' WHEN valid_from > now() THEN 'planned' ELSE 'in_force' END`;
const pieces = (side: string): string => `(SELECT count(*) FROM vault.${side} v WHERE v.grant_id = content_grants.grant_id AND v.expires_at > now())`;

/** Grants under which content is kept, and how many pieces there are; never the content. */
export const contentGrants: ReadModel = {
  id: 'content_grants', from: 'content_grants', key: 'grant_id', title: 'grant_id', keyIsTime: true, order: { column: 'grant_id', direction: 'desc' },
  columns: [
    { name: 'grant_id', kind: 'id', filter: 'exact', uuid: true },
    { name: 'account_id', kind: 'id', filter: 'exact', list: true, link: 'accounts' },
    { name: 'grant_kind', kind: 'code', sql: 'kind', filter: 'exact', values: GRANT_KINDS, list: true },
    { name: 'state', kind: 'status', sql: STATE, filter: 'exact', values: ['in_force', 'planned', 'expired', 'revoked'], list: true },
    { name: 'sides', kind: 'list', sql: "(SELECT array_agg(CASE side WHEN 'input' THEN 'sent' ELSE 'received' END) FROM unnest(sides) side)", list: true },
    { name: 'models', kind: 'list', nullMeans: 'all' },
    { name: 'key_ids', kind: 'list', nullMeans: 'all' },
    { name: 'trigger', kind: 'code', filter: 'exact', values: GRANT_TRIGGERS },
    { name: 'sample_percent', kind: 'number' },
    { name: 'keep_hours', kind: 'number', list: true },
    { name: 'pieces', kind: 'number', sql: `${pieces('inputs')} + ${pieces('outputs')}`, list: true },
    { name: 'reason', kind: 'text' },
    { name: 'authorised_by', kind: 'text', filter: 'contains', list: true },
    { name: 'granted_by', kind: 'text', filter: 'contains' },
    { name: 'granted_at', kind: 'time' },
    { name: 'valid_from', kind: 'time' },
    { name: 'valid_until', kind: 'time', list: true },
    { name: 'revoked_at', kind: 'time' },
    { name: 'revoked_by', kind: 'text' },
  ],
  related: [{ resource: 'audit', filter: 'subject_id' }],
};
