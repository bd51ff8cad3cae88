import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { providers } from '../views/providers.view.js';
import { reason } from './form-fields.js';

const suspend = consoleAction({
  name: 'suspend', on: 'record', permission: 'providers.write', grave: true, when: (record) => record['status'] === 'active',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.providers.suspendProvider(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

const resume = consoleAction({
  name: 'resume', on: 'record', permission: 'providers.write', when: (record) => record['status'] === 'suspended',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.providers.resumeProvider(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const providersResource: ResourceDefinition = { model: providers, group: 'thirdParties', icon: 'Server', read: 'providers.read', actions: [suspend, resume] };
