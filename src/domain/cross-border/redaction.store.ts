import { managerOf, type Tx } from '../../platform/db/index.js';
import type { RedactionRule } from './redaction-rules.js';


/** The rules in their order. */
export async function findRedaction(tx: Tx): Promise<RedactionRule[]> {
  return await managerOf(tx).query('SELECT rule_id AS "ruleId", conditions, outcome, kinds FROM redaction_rules ORDER BY position') as RedactionRule[];
}

/** One change at a time, so that none is made to a list that is no more. */
export async function lockRedaction(tx: Tx): Promise<void> { await managerOf(tx).query('LOCK TABLE redaction_rules IN SHARE ROW EXCLUSIVE MODE'); }

/** Puts `rules` in place of all there were. */
export async function replaceRedaction(tx: Tx, rules: readonly RedactionRule[]): Promise<void> {
  await managerOf(tx).query('DELETE FROM redaction_rules');
  await managerOf(tx).query(`INSERT INTO redaction_rules (rule_id, position, conditions, outcome, kinds)
    SELECT (rule->>'ruleId')::uuid, (n - 1)::int, rule->'conditions', rule->>'outcome', ARRAY(SELECT jsonb_array_elements_text(rule->'kinds')) FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS r(rule, n)`, [JSON.stringify(rules)]);
}

/** Which of the names are no account, and which no provider; both are of earlier slices, so their tables are only asked. */
export async function unknownNames(tx: Tx, table: 'accounts' | 'providers', names: readonly string[]): Promise<string[]> {
  const rows = await managerOf(tx).query(`SELECT id FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table === 'accounts' ? 'account_id' : 'provider_id'} = id)`, [names]) as { id: string }[];
  return rows.map((row) => row.id);
}
