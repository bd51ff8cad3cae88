import { z } from 'zod';
import { ERASURE_GROUNDS } from '../../../domain/retention/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { erasures } from '../views/erasures.view.js';
import { reason, text } from './form-fields.js';

/** Ids apart by spaces or lines; none means the whole account. */
export function sessionsIn(said: string): { readonly sessions?: string[] } {
  const sessions = said.split(/[\s,]+/).filter((one) => one !== '');
  return sessions.length > 0 ? { sessions } : {};
}

/** Shown on the page of erasures, under what it would do. */
const ask = consoleAction({
  name: 'ask', on: 'resource', permission: 'purges.run', grave: true,
  fields: [{ name: 'erase_account', type: 'text', required: true }, { name: 'erase_sessions', type: 'area', max: 4_000 }, { name: 'data_types', type: 'choices', values: DATA_TYPES }, { name: 'ground', type: 'choice', required: true, values: ERASURE_GROUNDS }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ erase_account: text(63), erase_sessions: z.string().max(4_000).default(''), data_types: z.array(z.enum(DATA_TYPES)).default([]), ground: z.enum(ERASURE_GROUNDS, 'required'), reason }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.retention.planErasure(tx, { accountId: p.erase_account, ground: p.ground, reason: p.reason, ...sessionsIn(p.erase_sessions), ...(p.data_types.length > 0 ? { dataTypes: p.data_types } : {}) }));
    if (!isRefusal(answer)) return { show: { erasure_id: answer.erasureId, approval_id: answer.approvalId } };
    return answer.field === 'accountId' ? { ...answer, field: 'erase_account' } : answer.field === 'sessions' ? { ...answer, field: 'erase_sessions' } : answer;
  },
});

const cancel = consoleAction({
  name: 'cancel', on: 'record', permission: 'purges.run', grave: true, when: (record) => record['case_number'] === null && ['planned', 'approved'].includes(String(record['state'])),
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.retention.cancelErasure(tx, recordId, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const erasuresResource: ResourceDefinition = { model: erasures, group: 'retention', icon: 'UserX', read: 'purges.read', actions: [ask, cancel] };
