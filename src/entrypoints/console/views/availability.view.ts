import type { ReadModel } from './read-model.js';

/** Where and to whom models are limited; the first matching rule decides. */
export const availability: ReadModel = {
  id: 'availability', from: 'availability_rules', key: 'rule_id', title: 'rule_position', order: { column: 'rule_position', direction: 'asc' },
  columns: [
    { name: 'rule_position', sql: 'position', kind: 'number', sort: true, list: true },
    { name: 'conditions', kind: 'json', list: true },
    { name: 'outcome', kind: 'status', filter: 'exact', values: ['allow', 'suspend'], list: true },
    { name: 'reason', kind: 'text', filter: 'contains', list: true },
    { name: 'rule_id', kind: 'id', filter: 'exact', uuid: true },
  ],
};
