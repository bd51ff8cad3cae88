// API keys of an account. A key of another account is not found.
import { z } from 'zod';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, exampleChanged, instant, reason, slug, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';

const key = z.object({
  key_id: uuid, account_id: slug, name: z.string(), hint: z.string().describe('Last characters of the secret'), status: z.enum(['active', 'revoked']), created_at: instant, revoked_at: instant.nullable(),
}).meta({ id: 'Key' });
const accountParams = z.strictObject({ account_id: slug });

export const keysRoutes = [
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/keys', id: 'listKeys', tag: 'keys', summary: 'Keys of an account, without their secrets', permission: 'accounts.read', params: accountParams,
    reading: { action: 'keys.list', subjectKind: 'account', subjectId: ({ params }) => String(params['account_id']) }, answer: z.object({ data: z.array(key) }),
    example: { answer: { data: [{ key_id: EXAMPLE.id, account_id: EXAMPLE.account, name: 'production', hint: 'x3Qa', status: 'active', created_at: EXAMPLE.at, revoked_at: null }] } },
    run: async ({ app, params }) => {
      if (!await app.billing.findAccount(params.account_id)) return refuse('not_found', 'there is no such account', 'params.account_id');
      return { data: jsonAnswer(await app.security.keys(params.account_id)) };
    },
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/keys', id: 'issueKey', tag: 'keys', summary: 'Issue a key', permission: 'keys.write', status: 201, params: accountParams,
    description: 'The secret is told once and stored only as a hash.', refusals: ['conflict', 'account_closed'],
    body: z.strictObject({ name: text(120), secret: z.string().min(8).max(256).optional().describe('Brought along; unset: a random one') }),
    answer: z.object({ key_id: uuid, secret: z.string() }), example: { body: { name: 'production' }, answer: { key_id: EXAMPLE.id, secret: 'hfk_…' } },
    run: async (input) => answerOf(await change(input, (tx) => input.app.security.issueKey(tx, { accountId: input.params.account_id, ...input.body }))),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/keys/{key_id}/revoke', id: 'revokeKey', tag: 'keys', summary: 'Revoke a key for good, on every gateway within a second', permission: 'keys.write',
    params: z.strictObject({ account_id: slug, key_id: uuid }), body: z.strictObject({ reason }), answer: changed, example: exampleChanged('leaked'),
    run: async (input) => {
      const { account_id: accountId, key_id: keyId } = input.params;
      // A key never changes its account, so this needs no lock.
      if (!(await input.app.security.keys(accountId)).some((one) => one.keyId === keyId)) return refuse('not_found', 'the account has no such key', 'params.key_id');
      return answerOf(await change(input, (tx) => input.app.security.revokeKey(tx, keyId, input.body.reason)));
    },
  }),
];
