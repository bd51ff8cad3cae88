import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { accounts } from '../views/accounts.view.js';
import { issueKeyAction } from './issue-key.action.js';
import { optional, place, positive, reason, slug, text } from './form-fields.js';
import { placeHoldOnAccount } from './place-hold.action.js';
import { setLimitsAction } from './set-limits.action.js';

const open = consoleAction({
  name: 'open', on: 'resource', permission: 'accounts.write',
  fields: [
    { name: 'account_id', type: 'text', required: true }, { name: 'name', type: 'text', required: true }, { name: 'jurisdiction', type: 'text', required: true },
    { name: 'contact', type: 'text', required: true }, { name: 'requests_per_minute', type: 'number' }, { name: 'tokens_per_minute', type: 'number' },
  ],
  schema: z.strictObject({ account_id: slug, name: text(), jurisdiction: place, contact: text(), requests_per_minute: optional(positive), tokens_per_minute: optional(positive) }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.billing.openAccount(tx, {
      accountId: p.account_id, name: p.name, jurisdiction: p.jurisdiction, contact: p.contact, requestsPerMinute: p.requests_per_minute ?? null,
      tokensPerMinute: p.tokens_per_minute === undefined ? null : BigInt(p.tokens_per_minute),
    }));
    return isRefusal(answer) ? answer : { refresh: p.account_id };
  },
});

const close = consoleAction({
  name: 'close', on: 'record', permission: 'accounts.write', grave: true, when: (record) => record['status'] === 'active',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.billing.closeAccount(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

const reopen = consoleAction({
  name: 'reopen', on: 'record', permission: 'accounts.write', when: (record) => record['status'] === 'closed',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.billing.reopenAccount(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const accountsResource: ResourceDefinition = {
  model: accounts, group: 'customers', icon: 'Users', read: 'accounts.read', reading: { list: 'accounts.list', view: 'account.view', subject: 'account' },
  actions: [open, issueKeyAction, setLimitsAction('account'), placeHoldOnAccount, close, reopen],
};
