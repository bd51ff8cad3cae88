// Security events: rejected credentials, limits, lockouts.
import { z } from 'zod';
import { idLowerBound } from '../../../kernel/ids.js';
import { isRefusal } from '../../../kernel/result.js';
import { withoutExpired } from '../../views/hide-expired.js';
import { defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { instant, ordered, page, slug, text, uuid, window } from './fields.schemas.js';
import { readPage, type Listing } from './row-page.view.js';

const EVENTS: Listing = { from: 'security_events', key: 'event_id', keyKind: 'uuid', columns: 'event_id, at, kind, severity, account_id, key_id, operator_id, address, detail' };
export const securityEvent = z.object({
  event_id: uuid, at: instant, kind: z.string(), severity: z.string(), account_id: slug.nullable(), key_id: uuid.nullable(), operator_id: uuid.nullable(),
  address: z.string().nullable(), detail: z.json(),
}).meta({ id: 'SecurityEvent' });

export const securityEventsRoutes = [
  defineRoute({
    method: 'get', path: '/security-events', id: 'listSecurityEvents', tag: 'security', summary: 'Security events', permission: 'security.read',
    reading: { action: 'security_events.list', subjectKind: 'security_events', subjectId: () => 'list' },
    query: z.strictObject({ kind: text(60).optional(), severity: text(20).optional(), account: slug.optional(), ...window, ...ordered }), answer: page(securityEvent),
    example: { answer: { next_cursor: null, data: [{ event_id: EXAMPLE.id, at: EXAMPLE.at, kind: 'token.rejected', severity: 'warning', account_id: null, key_id: null, operator_id: null, address: '192.0.2.7', detail: { path: '/calls' } }] } },
    run: async ({ app, query }) => {
      const found = await readPage<z.input<typeof securityEvent>>(app.database.reader, EVENTS, [
        { sql: 'kind = ?', value: query.kind }, { sql: 'severity = ?', value: query.severity }, { sql: 'account_id = ?', value: query.account },
        { sql: 'event_id >= ?', value: query.from && idLowerBound(new Date(query.from)) }, { sql: 'event_id < ?', value: query.to && idLowerBound(new Date(query.to)) },
      ], query);
      if (isRefusal(found)) return found;
      return { ...found, data: await withoutExpired(app, 'security_logs', found.data, (event) => ({ accountId: event.account_id, clockStart: new Date(event.at) })) };
    },
  }),
];
