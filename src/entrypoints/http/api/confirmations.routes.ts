// Customers' confirmations of cross-border transfers. One of another account is not found.
import { z } from 'zod';
import { CONFIRMATION_BASES, CONFIRMATION_COVERS } from '../../../domain/cross-border/index.js';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, day, exampleChanged, instant, jurisdiction, reason, slug, text, uuid } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';

const confirmation = z.object({
  confirmation_id: uuid, account_id: slug, destination: jurisdiction, basis: z.string(), covers: z.array(z.string()), confirmed_by: z.string(), confirmed_at: day, valid_until: day, withdrawn_at: instant.nullable(),
}).meta({ id: 'Confirmation' });
const params = z.strictObject({ account_id: slug });
const example = {
  destination: 'US', basis: 'standard-contract' as const, covers: [...CONFIRMATION_COVERS], confirmed_by: 'dpo@acme.example', confirmed_at: '2026-02-01', valid_until: '2029-02-01',
};

export const confirmationsRoutes = [
  defineRoute({
    method: 'get', path: '/accounts/{account_id}/confirmations', id: 'listConfirmations', tag: 'confirmations', summary: 'Confirmations of an account', permission: 'accounts.read', params,
    reading: { action: 'confirmations.list', subjectKind: 'account', subjectId: ({ params: { account_id: id } }) => String(id) }, answer: z.object({ data: z.array(confirmation) }),
    example: { answer: { data: [{ confirmation_id: EXAMPLE.id, account_id: EXAMPLE.account, ...example, withdrawn_at: null }] } },
    run: async ({ app, params: { account_id: id } }) => {
      if (!await app.billing.findAccount(id)) return refuse('not_found', 'there is no such account', 'params.account_id');
      return { data: jsonAnswer(await app.crossBorder.confirmations(id)) };
    },
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/confirmations', id: 'confirmTransfers', tag: 'confirmations', summary: 'Record that the customer confirmed transfers to a destination', permission: 'confirmations.write',
    status: 201, description: 'Only one that covers all four opens the way. The same twice is one.', refusals: ['conflict'], params,
    body: z.strictObject({
      destination: jurisdiction, basis: z.enum(CONFIRMATION_BASES), covers: z.array(z.enum(CONFIRMATION_COVERS)).min(1).max(CONFIRMATION_COVERS.length),
      confirmed_by: text(200).describe('The person who said so'), confirmed_at: day, valid_until: day.describe('Included'),
    }),
    answer: z.object({ confirmation_id: uuid, changed: z.boolean(), withdrawn: z.boolean().describe('It is on file and was withdrawn; it stays so') }),
    example: { body: example, answer: { confirmation_id: EXAMPLE.id, changed: true, withdrawn: false } },
    run: async (input) => {
      const { confirmed_by: confirmedBy, confirmed_at: confirmedAt, valid_until: validUntil, ...rest } = input.body;
      return answerOf(await change(input, (tx) => input.app.crossBorder.confirmTransfers(tx, { accountId: input.params.account_id, confirmedBy, confirmedAt, validUntil, ...rest })));
    },
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/confirmations/{confirmation_id}/withdraw', id: 'withdrawConfirmation', tag: 'confirmations', summary: 'End a confirmation from now on',
    permission: 'confirmations.write', refusals: ['conflict'], params: z.strictObject({ account_id: slug, confirmation_id: uuid }), body: z.strictObject({ reason }), answer: changed,
    example: exampleChanged('customer withdrew'),
    run: async (input) => {
      const { account_id: accountId, confirmation_id: id } = input.params;
      // A confirmation never changes its account, so this needs no lock.
      if (!(await input.app.crossBorder.confirmations(accountId)).some((one) => one.confirmationId === id)) return refuse('not_found', 'the account has no such confirmation', 'params.confirmation_id');
      return answerOf(await change(input, (tx) => input.app.crossBorder.withdrawConfirmation(tx, id, input.body.reason)));
    },
  }),
];
