import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { keys } from '../views/keys.view.js';
import { reason } from './form-fields.js';
import { setLimitsAction } from './set-limits.action.js';

const revoke = consoleAction({
  name: 'revoke', on: 'record', permission: 'keys.write', grave: true, when: (record) => record['status'] === 'active',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.revokeKey(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const keysResource: ResourceDefinition = { model: keys, group: 'customers', icon: 'Key', read: 'accounts.read', reading: { list: 'keys.list', view: 'key.view', subject: 'key' }, actions: [setLimitsAction('key'), revoke] };
