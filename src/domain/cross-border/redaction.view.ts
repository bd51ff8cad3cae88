import type pg from 'pg';
import type { RedactionRule } from './redaction-rules.js';

/** The redaction rules in the order in which they are tried. */
export async function readRedactionRules(reader: pg.Pool): Promise<RedactionRule[]> {
  return (await reader.query<RedactionRule>('SELECT rule_id AS "ruleId", conditions, outcome, kinds FROM redaction_rules ORDER BY position')).rows;
}
