import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import { enqueueApproved } from '../../views/approvals.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { approvals } from '../views/approvals.view.js';
import { optional, reason, text } from './form-fields.js';

const pending = (record: Record<string, unknown>): boolean => record['state'] === 'pending';

/** The digest stands in the form from the record, so what is approved is what was in sight. */
const approve = consoleAction({
  name: 'approve', on: 'record', permission: 'approvals.decide', grave: true, when: pending,
  fields: [{ name: 'digest', type: 'text', required: true, from: 'digest' }, { name: 'note', type: 'area' }], schema: z.strictObject({ digest: text(64), note: optional(text(500)) }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.approve(tx, recordId, payload.digest, payload.note));
    if (isRefusal(answer)) return answer;
    enqueueApproved(app, answer);
    return {};
  },
});

const reject = consoleAction({
  name: 'reject', on: 'record', permission: 'approvals.decide', when: pending, fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.reject(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

/** By who asked, or by a compliance officer. */
const withdraw = consoleAction({
  name: 'withdraw', on: 'record', permission: 'retention.read', when: pending, fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.withdrawApproval(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const approvalsResource: ResourceDefinition = { model: approvals, group: 'retention', icon: 'CheckCircle', read: 'approvals.read', actions: [approve, reject, withdraw] };
