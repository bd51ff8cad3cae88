// Grants under which content of calls may be kept. Content itself is never answered here: people open it, in the console or at the machine.
import { z } from 'zod';
import { CONTENT_SIDES, GRANT_KINDS, GRANT_TRIGGERS, LONGEST_GRANT_DAYS, LONGEST_KEEP_HOURS, type ContentGrant } from '../../../domain/vault/index.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { count, instant, instantIn, reason, slug, text, uuid } from './fields.schemas.js';
import { answerOf } from './json-answer.js';

const grant = z.object({
  grant_id: uuid, account_id: slug, kind: z.enum(GRANT_KINDS), key_ids: z.array(uuid).nullable().describe('null: every key of the account'), models: z.array(z.string()).nullable().describe('null: every model'),
  sides: z.array(z.enum(CONTENT_SIDES)), trigger: z.enum(GRANT_TRIGGERS), sample_percent: z.int(), keep_hours: z.int(), reason: z.string(),
  authorised_by: z.string().nullable().describe("The customer's person"), granted_by: z.string(), granted_at: instant, valid_from: instant, valid_until: instant.describe('First instant it no longer covers'),
  revoked_at: instant.nullable(), revoked_by: z.string().nullable(),
}).meta({ id: 'ContentGrant' });
const params = z.strictObject({ grant_id: uuid });
const given = {
  account_id: EXAMPLE.account, kind: 'troubleshooting' as const, sides: [...CONTENT_SIDES], reason: 'Ticket 4711: answers end early', authorised_by: 'cto@acme.example', valid_until: EXAMPLE.at,
};

function answerGrant(one: ContentGrant): z.input<typeof grant> {
  return {
    grant_id: one.grantId, account_id: one.accountId, kind: one.kind, key_ids: one.keyIds && [...one.keyIds], models: one.models && [...one.models], sides: [...one.sides], trigger: one.trigger,
    sample_percent: one.samplePercent, keep_hours: one.keepHours, reason: one.reason, authorised_by: one.authorisedBy, granted_by: one.grantedBy, granted_at: one.grantedAt.toISOString(),
    valid_from: one.validFrom.toISOString(), valid_until: one.validUntil.toISOString(), revoked_at: one.revokedAt?.toISOString() ?? null, revoked_by: one.revokedBy,
  };
}

export const contentGrantsRoutes = [
  defineRoute({
    method: 'get', path: '/content-grants', id: 'listContentGrants', tag: 'content', summary: 'Grants, newest first, ended ones too', permission: 'accounts.read',
    reading: { action: 'content_grants.list', subjectKind: 'content_grants', subjectId: () => 'list' },
    query: z.strictObject({ account: slug.optional() }), answer: z.object({ data: z.array(grant) }),
    example: { query: { account: EXAMPLE.account }, answer: { data: [{ grant_id: EXAMPLE.id, ...given, key_ids: null, models: null, trigger: 'every', sample_percent: 100, keep_hours: 72, granted_by: 'Ada', granted_at: EXAMPLE.at,
      valid_from: EXAMPLE.at, valid_until: EXAMPLE.later, revoked_at: null, revoked_by: null }] } },
    run: async ({ app, query: { account } }) => ({ data: (await app.vault.grants(account ? { accountId: account } : {})).map(answerGrant) }),
  }),
  defineRoute({
    method: 'post', path: '/content-grants', id: 'grantContent', tag: 'content', summary: 'Allow content of calls to be kept for a while', permission: 'content.grant', status: 201, refusals: ['not_found', 'conflict'],
    description: `Without a grant no content is kept. troubleshooting: the customer asked, at most ${LONGEST_KEEP_HOURS.troubleshooting} hours. security_review: with a reason, at most ${LONGEST_KEEP_HOURS.security_review} hours. A grant lasts at most ${LONGEST_GRANT_DAYS} days, and nothing kept under it outlives it.`,
    body: z.strictObject({
      account_id: slug, kind: z.enum(GRANT_KINDS), key_ids: z.array(uuid).min(1).max(100).optional(), models: z.array(text(200)).min(1).max(100).optional(), sides: z.array(z.enum(CONTENT_SIDES)).min(1).max(2),
      trigger: z.enum(GRANT_TRIGGERS).optional().describe('failed: only calls that did not end well'), sample_percent: z.int().min(1).max(100).optional(), keep_hours: z.int().min(1).max(LONGEST_KEEP_HOURS.security_review).optional(),
      reason, authorised_by: text(200).optional().describe("The customer's person who asked; required for troubleshooting"), valid_from: instantIn.optional(), valid_until: instantIn,
    }),
    answer: z.object({ grant_id: uuid }), example: { body: given, answer: { grant_id: EXAMPLE.id } },
    run: async (input) => {
      const { account_id: accountId, key_ids: keyIds, sample_percent: samplePercent, keep_hours: keepHours, authorised_by: authorisedBy, valid_from: validFrom, valid_until: validUntil, models, trigger, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.vault.grantContent(tx, {
        ...rest, accountId, validUntil: new Date(validUntil), ...(keyIds && { keyIds }), ...(models && { models }), ...(trigger && { trigger }), ...(samplePercent !== undefined && { samplePercent }),
        ...(keepHours !== undefined && { keepHours }), ...(authorisedBy !== undefined && { authorisedBy }), ...(validFrom !== undefined && { validFrom: new Date(validFrom) }),
      })));
    },
  }),
  defineRoute({
    method: 'post', path: '/content-grants/{grant_id}/revoke', id: 'revokeContentGrant', tag: 'content', summary: 'End a grant; what was kept under it is due at once', permission: 'content.grant', refusals: ['not_found'], params,
    body: z.strictObject({ reason }), answer: z.object({ changed: z.boolean(), expired: count.describe('Pieces of content due now') }),
    example: { body: { reason: 'the customer asked' }, answer: { changed: true, expired: 12 } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.vault.revokeGrant(tx, input.params.grant_id, input.body.reason))),
  }),
];
