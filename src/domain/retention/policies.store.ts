import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Policy } from './policy.js';

/** One publisher at a time, and none while a purge removes rows by the policies. */
export async function lockPolicies(tx: Tx): Promise<void> {
  await managerOf(tx).query('LOCK TABLE retention_policies IN SHARE ROW EXCLUSIVE MODE');
}

/** Highest version of the scope so far; 0 when there was none. */
export async function readLastVersion(tx: Tx, scope: Pick<Policy, 'dataType' | 'accountId' | 'jurisdiction'>): Promise<number> {
  const [row] = await managerOf(tx).query(`SELECT coalesce(max(version), 0) AS version FROM retention_policies
    WHERE data_type = $1 AND account_id IS NOT DISTINCT FROM $2 AND jurisdiction IS NOT DISTINCT FROM $3`, [scope.dataType, scope.accountId, scope.jurisdiction]) as { version: number }[];
  return row!.version;
}

export async function supersedePolicy(tx: Tx, policyId: string, at: Date): Promise<void> {
  await managerOf(tx).query(`UPDATE retention_policies SET status = 'superseded', superseded_at = $2 WHERE policy_id = $1`, [policyId, at]);
}

export async function insertPolicy(tx: Tx, policy: Policy): Promise<void> {
  await managerOf(tx).query(`INSERT INTO retention_policies (policy_id, data_type, account_id, jurisdiction, version, keep, starts_at, purpose, source, status, published_by, effective_from)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, [policy.policyId, policy.dataType, policy.accountId, policy.jurisdiction, policy.version, policy.keep,
    policy.startsAt, policy.purpose, policy.source, policy.status, policy.publishedBy, policy.effectiveFrom]);
}
