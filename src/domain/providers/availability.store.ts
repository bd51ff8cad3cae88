import { managerOf, type Tx } from '../../platform/db/index.js';
import type { AvailabilityRule } from './availability-rules.js';

/** The rules in their order. */
export async function findAvailability(tx: Tx): Promise<AvailabilityRule[]> {
  return await managerOf(tx).query('SELECT rule_id AS "ruleId", conditions, outcome, reason FROM availability_rules ORDER BY position') as AvailabilityRule[];
}

/** Puts `rules` in place of all there were. */
export async function replaceAvailability(tx: Tx, rules: readonly AvailabilityRule[]): Promise<void> {
  await managerOf(tx).query('LOCK TABLE availability_rules IN SHARE ROW EXCLUSIVE MODE');
  await managerOf(tx).query('DELETE FROM availability_rules');
  await managerOf(tx).query(`INSERT INTO availability_rules (rule_id, position, conditions, outcome, reason)
    SELECT (rule->>'ruleId')::uuid, (n - 1)::int, rule->'conditions', rule->>'outcome', rule->>'reason' FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS r(rule, n)`, [JSON.stringify(rules)]);
}

/** Which of the ids are no account; accounts are of an earlier slice, so its table is only asked. */
export async function unknownAccounts(tx: Tx, accountIds: readonly string[]): Promise<string[]> {
  const rows = await managerOf(tx).query('SELECT id FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE account_id = id)', [accountIds]) as { id: string }[];
  return rows.map((row) => row.id);
}
