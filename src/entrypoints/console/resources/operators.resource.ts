import { z } from 'zod';
import { ROLES } from '../../../kernel/actor.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { operators } from '../views/operators.view.js';
import { reason, text } from './form-fields.js';

const create = consoleAction({
  name: 'create', on: 'resource', permission: 'operators.write',
  fields: [{ name: 'email', type: 'text', required: true }, { name: 'name', type: 'text', required: true }, { name: 'roles', type: 'choices', required: true, values: ROLES }, { name: 'password', type: 'text', required: true }],
  schema: z.strictObject({ email: text(254), name: text(120), roles: z.array(z.enum(ROLES), 'required').min(1, 'required'), password: z.string('required').min(1, 'required').max(512) }),
  run: async ({ app, actor, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.createOperator(tx, payload));
    return isRefusal(answer) ? answer : { refresh: answer.operatorId };
  },
});

const change = (name: 'disable' | 'enable'): ReturnType<typeof consoleAction> => consoleAction({
  name, on: 'record', permission: 'operators.write', grave: name === 'disable', when: (record) => record['status'] === (name === 'disable' ? 'active' : 'disabled'),
  fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => (name === 'disable' ? app.security.disableOperator(tx, recordId, payload.reason) : app.security.enableOperator(tx, recordId, payload.reason)));
    return isRefusal(answer) ? answer : {};
  },
});

const setRoles = consoleAction({
  name: 'setRoles', on: 'record', permission: 'operators.write', grave: true,
  fields: [{ name: 'roles', type: 'choices', required: true, values: ROLES, from: 'roles' }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ roles: z.array(z.enum(ROLES), 'required').min(1, 'required'), reason }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.setRoles(tx, recordId, payload.roles, payload.reason));
    return isRefusal(answer) ? answer : {};
  },
});

export const operatorsResource: ResourceDefinition = {
  model: operators, group: 'system', icon: 'UserCheck', read: 'operators.read', actions: [create, setRoles, change('disable'), change('enable')],
};
