// Customers: list, read, open, change, close, reopen.
import { z } from 'zod';
import { refuse } from '../../../kernel/result.js';
import { change, defineRoute } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { changed, count, exampleChanged, instant, jurisdiction, ordered, page, reason, slug, text } from './fields.schemas.js';
import { answerOf, jsonAnswer } from './json-answer.js';
import { readPage, type Listing } from './row-page.view.js';

const ACCOUNTS: Listing = {
  from: 'accounts', key: 'account_id', keyKind: 'text', integers: ['tokens_per_minute'],
  columns: 'account_id, name, jurisdiction, contact, status, requests_per_minute, tokens_per_minute, created_at, closed_at, erased_at',
};
export const account = z.object({
  account_id: slug, name: z.string(), jurisdiction, contact: z.string(), status: z.enum(['active', 'closed']), requests_per_minute: count.nullable().describe('Null: no limit'),
  tokens_per_minute: count.nullable(), created_at: instant, closed_at: instant.nullable(), erased_at: instant.nullable().describe('When name and contact were purged'),
}).meta({ id: 'Account' });
const params = z.strictObject({ account_id: slug });
const limit = z.int().min(1).nullable().optional().describe('Null: no limit');
const facts = { name: text(200), jurisdiction, contact: text(254), requests_per_minute: limit, tokens_per_minute: limit };
const accountInput = z.strictObject({ account_id: slug, ...facts });
const accountChanges = z.strictObject(facts).partial();
type Limits = { requests_per_minute?: number | null | undefined; tokens_per_minute?: number | null | undefined };

const exampleAccount = {
  account_id: EXAMPLE.account, name: 'Acme GmbH', jurisdiction: 'DE', contact: 'dev@acme.example', status: 'active' as const, requests_per_minute: null, tokens_per_minute: null,
  created_at: EXAMPLE.at, closed_at: null, erased_at: null,
};

export const accountsRoutes = [
  defineRoute({
    method: 'get', path: '/accounts', id: 'listAccounts', tag: 'accounts', summary: 'Accounts, by id', permission: 'accounts.read',
    reading: { action: 'accounts.list', subjectKind: 'accounts', subjectId: () => 'list' },
    query: z.strictObject({ status: z.enum(['active', 'closed']).optional(), jurisdiction: jurisdiction.optional(), ...ordered }), answer: page(account),
    example: { answer: { data: [exampleAccount], next_cursor: null } },
    run: ({ app, query }) => readPage<z.input<typeof account>>(app.database.reader, ACCOUNTS, [{ sql: 'status = ?', value: query.status }, { sql: 'jurisdiction = ?', value: query.jurisdiction }], query),
  }),
  defineRoute({
    method: 'get', path: '/accounts/{account_id}', id: 'readAccount', tag: 'accounts', summary: 'One account', permission: 'accounts.read',
    reading: { action: 'account.view', subjectKind: 'account', subjectId: ({ params: { account_id: id } }) => String(id) }, params, answer: account, example: { answer: exampleAccount },
    run: async ({ app, params: { account_id: id } }) => {
      const found = await app.billing.findAccount(id);
      return found ? jsonAnswer(found) : refuse('not_found', 'there is no such account', 'params.account_id');
    },
  }),
  defineRoute({
    method: 'post', path: '/accounts', id: 'openAccount', tag: 'accounts', summary: 'Open an account', permission: 'accounts.write', status: 201, refusals: ['conflict'],
    description: 'An id that was ever given is never given again.', body: accountInput, answer: z.object({ account_id: slug }),
    example: { body: { account_id: EXAMPLE.account, name: 'Acme GmbH', jurisdiction: 'DE', contact: 'dev@acme.example' }, answer: { account_id: EXAMPLE.account } },
    run: async (input) => answerOf(await change(input, (tx) => {
      const { account_id: accountId, name, jurisdiction: place, contact } = input.body;
      return input.app.billing.openAccount(tx, { accountId, name, jurisdiction: place, contact, ...limitsOf(input.body) });
    })),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/update', id: 'updateAccount', tag: 'accounts', summary: 'Change what is named; null lifts a limit', permission: 'accounts.write',
    refusals: ['conflict'], params, body: accountChanges, answer: changed, example: { body: { requests_per_minute: 600 }, answer: { changed: true } },
    run: async (input) => answerOf(await change(input, (tx) => {
      const { name, jurisdiction: place, contact } = input.body;
      return input.app.billing.updateAccount(tx, input.params.account_id, { name, jurisdiction: place, contact, ...limitsOf(input.body) });
    })),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/close', id: 'closeAccount', tag: 'accounts', summary: 'Close an account', permission: 'accounts.write', refusals: ['conflict'],
    description: 'Stops its calls and starts the clock of its account information.', params, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('contract ended'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.billing.closeAccount(tx, input.params.account_id, input.body.reason))),
  }),
  defineRoute({
    method: 'post', path: '/accounts/{account_id}/reopen', id: 'reopenAccount', tag: 'accounts', summary: 'Reopen an account', permission: 'accounts.write', refusals: ['conflict'],
    params, body: z.strictObject({ reason }), answer: changed, example: exampleChanged('contract renewed'),
    run: async (input) => answerOf(await change(input, (tx) => input.app.billing.reopenAccount(tx, input.params.account_id, input.body.reason))),
  }),
];

function limitsOf(body: Limits): { requestsPerMinute?: number | null; tokensPerMinute?: bigint | null } {
  const { requests_per_minute: requests, tokens_per_minute: tokens } = body;
  return { ...(requests === undefined ? {} : { requestsPerMinute: requests }), ...(tokens === undefined ? {} : { tokensPerMinute: tokens === null ? null : BigInt(tokens) }) };
}
