import { REDACTION_OUTCOMES } from '../../../domain/cross-border/index.js';
import type { ReadModel } from './read-model.js';

/** What must not leave on which route; the first matching rule decides. */
export const redaction: ReadModel = {
  id: 'redaction', from: 'redaction_rules', key: 'rule_id', title: 'rule_position', order: { column: 'rule_position', direction: 'asc' },
  columns: [
    { name: 'rule_position', sql: 'position', kind: 'number', sort: true, list: true },
    { name: 'conditions', kind: 'json', list: true },
    { name: 'outcome', kind: 'status', filter: 'exact', values: REDACTION_OUTCOMES, list: true },
    { name: 'redacted_kinds', sql: 'kinds', kind: 'list', list: true },
    { name: 'rule_id', kind: 'id', filter: 'exact', uuid: true },
  ],
};
