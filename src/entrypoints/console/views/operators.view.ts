import { ROLES } from '../../../kernel/actor.js';
import type { ReadModel } from './read-model.js';

/** People who may sign in; password hashes never leave the database. */
export const operators: ReadModel = {
  id: 'operators', from: 'operators', key: 'operator_id', title: 'name', order: { column: 'name', direction: 'asc' },
  columns: [
    { name: 'name', kind: 'text', filter: 'contains', sort: true, list: true },
    { name: 'email', kind: 'text', filter: 'contains', sort: true, list: true },
    { name: 'roles', kind: 'list', filter: 'member', values: ROLES, list: true },
    { name: 'status', kind: 'status', filter: 'exact', values: ['active', 'disabled'], sort: true, list: true },
    { name: 'failed_logins', kind: 'number' },
    { name: 'locked_until', kind: 'time', list: true },
    { name: 'created_at', kind: 'time', sort: true, list: true },
    { name: 'operator_id', kind: 'id', filter: 'exact', uuid: true },
  ],
  related: [{ resource: 'audit', filter: 'actor_id' }, { resource: 'security_events', filter: 'operator_id' }],
};
