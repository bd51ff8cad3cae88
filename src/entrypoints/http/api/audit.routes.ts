// The audit trail: who did what, under which purpose.
import { z } from 'zod';
import { idLowerBound } from '../../../kernel/ids.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { instant, ordered, page, purpose, text, uuid, window } from './fields.schemas.js';
import { readPage, type Listing } from './row-page.view.js';

const ENTRIES: Listing = {
  from: 'audit_records', key: 'record_id', keyKind: 'uuid',
  columns: 'record_id, at, actor_kind, actor_id, actor_name, purpose, action, subject_kind, subject_id, reason, before, after',
};
export const auditEntry = z.object({
  record_id: uuid, at: instant, actor_kind: z.string(), actor_id: z.string(), actor_name: z.string(), purpose: z.string().nullable(), action: z.string(),
  subject_kind: z.string(), subject_id: z.string(), reason: z.string().nullable(), before: z.json().describe('State before; null where it does not apply'), after: z.json(),
}).meta({ id: 'AuditEntry' });
const auditQuery = z.strictObject({
  actor: text(120).optional().describe('Id of the operator or token'), action: text(60).optional().describe('account.close, call.view, …'), subject_kind: text(60).optional(),
  subject_id: text(200).optional(), purpose: purpose.optional().describe('Purpose on the record'), ...window, ...ordered,
});

export const auditRoutes = [
  defineRoute({
    method: 'get', path: '/audit', id: 'listAudit', tag: 'audit', summary: 'Audit records', permission: 'audit.read', query: auditQuery, answer: page(auditEntry),
    example: { answer: { next_cursor: null, data: [{ record_id: EXAMPLE.id, at: EXAMPLE.at, actor_kind: 'operator', actor_id: EXAMPLE.other, actor_name: 'Ada', purpose: 'dispute_resolution', action: 'call.view', subject_kind: 'call', subject_id: EXAMPLE.other, reason: null, before: null, after: null }] } },
    run: ({ app, query }) => readPage<z.input<typeof auditEntry>>(app.database.reader, ENTRIES, [
      { sql: 'actor_id = ?', value: query.actor }, { sql: 'action = ?', value: query.action }, { sql: 'subject_kind = ?', value: query.subject_kind },
      { sql: 'subject_id = ?', value: query.subject_id }, { sql: 'purpose = ?', value: query.purpose },
      { sql: 'record_id >= ?', value: query.from && idLowerBound(new Date(query.from)) }, { sql: 'record_id < ?', value: query.to && idLowerBound(new Date(query.to)) },
    ], query),
  }),
];
