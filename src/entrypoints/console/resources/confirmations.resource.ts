import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { confirmations } from '../views/confirmations.view.js';
import { reason } from './form-fields.js';

const withdraw = consoleAction({
  name: 'withdraw', on: 'record', permission: 'confirmations.write', grave: true, when: (record) => record['state'] === 'in_force',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.crossBorder.withdrawConfirmation(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const confirmationsResource: ResourceDefinition = {
  model: confirmations, group: 'customers', icon: 'CheckSquare', read: 'accounts.read', reading: { list: 'confirmations.list', view: 'confirmation.view', subject: 'confirmation' },
  actions: [withdraw],
};
