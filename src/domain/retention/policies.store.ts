import type { DataType } from '../../kernel/data-types.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Policy } from './policy.js';
import { scopeOf } from './policy-scope.js';

/** One publisher at a time, and none while a purge removes rows by the policies. */
export async function lockPolicies(tx: Tx): Promise<void> {
  await managerOf(tx).query('LOCK TABLE retention_policies IN SHARE ROW EXCLUSIVE MODE');
}

/** Highest version of the scope so far; 0 when there was none. */
export async function readLastVersion(tx: Tx, dataType: DataType, scope: string): Promise<number> {
  const [row] = await managerOf(tx).query('SELECT coalesce(max(version), 0) AS version FROM retention_policies WHERE data_type = $1 AND scope = $2', [dataType, scope]) as { version: number }[];
  return row!.version;
}

export async function supersedePolicy(tx: Tx, policyId: string, at: Date): Promise<void> {
  await managerOf(tx).query(`UPDATE retention_policies SET status = 'superseded', superseded_at = $2 WHERE policy_id = $1`, [policyId, at]);
}

/** Scheduled policies of the scope that have not taken effect by `at`; now they never will. Answers their ids. */
export async function withdrawScheduled(tx: Tx, where: { readonly policyId: string } | { readonly dataType: DataType; readonly scope: string }, at: Date): Promise<string[]> {
  const byId = 'policyId' in where;
  const [rows] = await managerOf(tx).query(`UPDATE retention_policies SET status = 'withdrawn', superseded_at = $1 WHERE status = 'scheduled' AND effective_from > $1 AND ${byId ? 'policy_id = $2' : 'data_type = $2 AND scope = $3'} RETURNING policy_id`,
    byId ? [at, where.policyId] : [at, where.dataType, where.scope]) as [{ policy_id: string }[], number];
  return rows.map((row) => row.policy_id);
}

/** Says of scheduled policies that are effective by now that they are in force, and of those before them that they no longer are. Answers the ids. */
export async function markEffective(tx: Tx, at: Date): Promise<string[]> {
  const [rows] = await managerOf(tx).query(`UPDATE retention_policies SET status = 'in_force' WHERE status = 'scheduled' AND effective_from <= $1 RETURNING policy_id`, [at]) as [{ policy_id: string }[], number];
  if (rows.length > 0) {
    await managerOf(tx).query(`UPDATE retention_policies p SET status = 'superseded', superseded_at = n.effective_from FROM retention_policies n
      WHERE n.policy_id = ANY($1::uuid[]) AND p.data_type = n.data_type AND p.scope = n.scope AND p.version < n.version AND p.status = 'in_force'`, [rows.map((row) => row.policy_id)]);
  }
  return rows.map((row) => row.policy_id);
}

/** Whether anything is scheduled and due; asked without a lock. */
export async function hasEffective(tx: Tx, at: Date): Promise<boolean> {
  const rows = await managerOf(tx).query("SELECT 1 FROM retention_policies WHERE status = 'scheduled' AND effective_from <= $1 LIMIT 1", [at]) as unknown[];
  return rows.length > 0;
}

export async function insertPolicy(tx: Tx, policy: Policy): Promise<void> {
  await managerOf(tx).query(`INSERT INTO retention_policies (policy_id, data_type, account_id, jurisdiction, item_ids, scope, version, keep, starts_at, purpose, source, legal_basis, locked, shortens, approval_id, status,
      published_by, published_at, effective_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [policy.policyId, policy.dataType, policy.accountId, policy.jurisdiction, policy.itemIds, scopeOf(policy), policy.version, policy.keep, policy.startsAt, policy.purpose, policy.source, policy.legalBasis,
      policy.locked, policy.shortens, policy.approvalId, policy.status, policy.publishedBy, policy.publishedAt, policy.effectiveFrom]);
}

/** Whether any row of the tables is on record: before, no promise was made about any. */
export async function hasRows(tx: Tx, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) if ((await managerOf(tx).query(`SELECT 1 FROM ${table} LIMIT 1`) as unknown[]).length > 0) return true;
  return false;
}
