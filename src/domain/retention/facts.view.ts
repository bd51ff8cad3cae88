// What the rules are computed from: policies in force, the operator's place, the accounts.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import type { AccountFacts } from './cut-off-rules.js';
import type { Policy } from './policy.js';
import type { RuleFacts } from './policy-rules.js';
import type { Query } from './query.store.js';

export interface Facts extends RuleFacts { readonly rules: readonly Policy[]; readonly accounts: readonly AccountFacts[] }

interface PolicyRow {
  policy_id: string; data_type: DataType; account_id: string | null; jurisdiction: string | null; version: number; keep: string; starts_at: Policy['startsAt'];
  purpose: string; source: string | null; status: Policy['status']; published_by: string; effective_from: Date; superseded_at: Date | null;
}

/** Policies, newest first. */
export async function readPolicies(query: Query, options: { inForce?: boolean; dataType?: DataType } = {}): Promise<Policy[]> {
  const rows = await query<PolicyRow>(`SELECT * FROM retention_policies WHERE ($1::text IS NULL OR data_type = $1) AND (NOT $2 OR status = 'in_force')
    ORDER BY effective_from DESC, policy_id DESC`, [options.dataType ?? null, options.inForce ?? false]);
  return rows.filter((row) => DATA_TYPES.includes(row.data_type)).map(toPolicy);
}

/** Everything that decides about a data type, as it stands now. */
export async function readFacts(query: Query, dataType: DataType, timeZone: string): Promise<Facts> {
  const rules = await readPolicies(query, { inForce: true, dataType });
  const accounts = await query<{ account_id: string; jurisdiction: string; closed_at: Date | null }>(
    `SELECT account_id, jurisdiction, CASE WHEN status = 'closed' THEN closed_at END AS closed_at FROM accounts`);
  return { rules, operator: await readOperator(query), timeZone,
    accounts: accounts.map((row) => ({ accountId: row.account_id, jurisdiction: row.jurisdiction, closedAt: row.closed_at })) };
}

/** The operator's jurisdiction; null before its profile is set. */
export async function readOperator(query: Query): Promise<string | null> {
  const [row] = await query<{ jurisdiction: string }>('SELECT jurisdiction FROM operator_profile');
  return row?.jurisdiction ?? null;
}

/** One account; undefined when there is none of that id. */
export async function readAccount(query: Query, accountId: string): Promise<AccountFacts | undefined> {
  const [row] = await query<{ jurisdiction: string; closed_at: Date | null }>(
    `SELECT jurisdiction, CASE WHEN status = 'closed' THEN closed_at END AS closed_at FROM accounts WHERE account_id = $1`, [accountId]);
  return row && { accountId, jurisdiction: row.jurisdiction, closedAt: row.closed_at };
}

function toPolicy(row: PolicyRow): Policy {
  return { policyId: row.policy_id, dataType: row.data_type, accountId: row.account_id, jurisdiction: row.jurisdiction, version: row.version, keep: row.keep,
    startsAt: row.starts_at, purpose: row.purpose, source: row.source, status: row.status, publishedBy: row.published_by, effectiveFrom: row.effective_from,
    supersededAt: row.superseded_at };
}
