import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { holds } from '../views/holds.view.js';
import { reason } from './form-fields.js';
import { extendHold } from './extend-hold.action.js';
import { placeHold } from './place-hold.action.js';

const release = consoleAction({
  name: 'release', on: 'record', permission: 'holds.write', grave: true, when: (record) => record['state'] === 'in_force',
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.retention.releaseHold(tx, recordId, payload.reason));
    if (isRefusal(answer)) return answer;
    const show: { [name: string]: string | null } = answer.approvalId ? { approval_id: answer.approvalId } : { protects_until: answer.protectsUntil?.toISOString() ?? null };
    return { show };
  },
});

export const holdsResource: ResourceDefinition = { model: holds, group: 'retention', icon: 'Lock', read: 'retention.read', actions: [placeHold, extendHold, release] };
