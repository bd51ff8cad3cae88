// What the rules are computed from: policies in force, the operator's place, the accounts, the items that policies name.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { question, type Question } from '../../platform/db/index.js';
import type { AccountFacts, ItemFacts } from './cut-off-rules.js';
import type { Policy } from './policy.js';
import type { RuleFacts } from './policy-rules.js';
import { readErasedAccounts, readErasedItems } from './erase.view.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { answerOf, type Query } from './query.store.js';

export interface Facts extends RuleFacts { readonly rules: readonly Policy[]; readonly accounts: readonly AccountFacts[]; readonly items: readonly ItemFacts[] }

interface PolicyRow {
  policy_id: string; data_type: DataType; account_id: string | null; jurisdiction: string | null; item_ids: string[] | null; version: number; keep: string; starts_at: Policy['startsAt'];
  purpose: string; source: string | null; legal_basis: string | null; locked: boolean; shortens: boolean; approval_id: string | null; status: Policy['status']; published_by: string;
  published_at: Date; effective_from: Date; superseded_at: Date | null;
}

/** Policies, newest first. With `at` those that govern at that instant: of each scope the highest version that is effective by then. */
export function readPolicies(query: Query, options: PolicyChoice = {}): Promise<Policy[]> { return answerOf(query, policiesQuestion(options)); }

interface PolicyChoice { readonly at?: Date; readonly dataType?: DataType }

export function policiesQuestion(options: PolicyChoice): Question<Policy[]> {
  return question<PolicyRow, Policy[]>(options.at
    ? `SELECT * FROM (SELECT DISTINCT ON (data_type, scope) * FROM retention_policies WHERE ($1::text IS NULL OR data_type = $1) AND status <> 'withdrawn' AND effective_from <= $2
        ORDER BY data_type, scope, version DESC) governing ORDER BY effective_from DESC, policy_id DESC`
    : 'SELECT * FROM retention_policies WHERE ($1::text IS NULL OR data_type = $1) ORDER BY effective_from DESC, policy_id DESC', [options.dataType ?? null, ...(options.at ? [options.at] : [])],
  (rows) => rows.filter((row) => DATA_TYPES.includes(row.data_type)).map(toPolicy));
}

/** Everything that decides about a data type, as it stands at `at`. */
export async function readFacts(query: Query, dataType: DataType, timeZone: string, at: Date): Promise<Facts> {
  const rules = await readPolicies(query, { at, dataType });
  const named = [...new Set(rules.flatMap((rule) => rule.itemIds ?? []))], erased = new Map((await readErasedAccounts(query, dataType)).map((one) => [one.accountId, { before: one.before }]));
  const accounts = (await readAccounts(query)).map((one): AccountFacts => { const own = erased.get(one.accountId); return own ? { ...one, erased: own } : one; });
  const items = new Map((named.length === 0 ? [] : await readItems(query, dataType, named)).map((one): [string, ItemFacts] => [one.itemId, one]));
  for (const one of await readErasedItems(query, dataType, at)) items.set(one.itemId, { ...one, erased: true });
  return { rules, operator: await readOperator(query), timeZone, accounts, items: [...items.values()] };
}

/** The operator's jurisdiction; null before its profile is set. */
export function readOperator(query: Query): Promise<string | null> { return answerOf(query, operatorQuestion()); }

export function operatorQuestion(): Question<string | null> {
  return question<{ jurisdiction: string }, string | null>('SELECT jurisdiction FROM operator_profile', [], ([row]) => row?.jurisdiction ?? null);
}

const ACCOUNTS = `SELECT a.account_id, a.jurisdiction, CASE WHEN a.status = 'closed' THEN a.closed_at END AS closed_at,
    (SELECT CASE WHEN bool_and(d.closed_at IS NOT NULL) THEN max(d.closed_at) END FROM retention_disputes d WHERE d.account_id = a.account_id) AS dispute_closed_at FROM accounts a`;
interface AccountRow { account_id: string; jurisdiction: string; closed_at: Date | null; dispute_closed_at: Date | null }

async function readAccounts(query: Query): Promise<AccountFacts[]> {
  return (await query<AccountRow>(ACCOUNTS)).map(toAccount);
}

/** One account; undefined when there is none of that id. */
export function readAccount(query: Query, accountId: string): Promise<AccountFacts | undefined> { return answerOf(query, accountQuestion(accountId)); }

/** Null asks for none. */
export function accountQuestion(accountId: string | null): Question<AccountFacts | undefined> {
  return question<AccountRow, AccountFacts | undefined>(`${ACCOUNTS} WHERE a.account_id = $1::text`, [accountId], ([row]) => row && toAccount(row));
}

/** The items of the ids that are on record, with their accounts; an item in several tables is one. */
export async function readItems(query: Query, dataType: DataType, ids: readonly string[]): Promise<ItemFacts[]> {
  const found = new Map<string, string | null>();
  for (const { table, item } of PURGE_TARGETS[dataType]) {
    if (!item) continue;
    for (const row of await query<{ id: string; account_id: string | null }>(`SELECT ${item} AS id, t.account_id FROM ${table} t WHERE ${item} = ANY($1::uuid[])`, [ids])) found.set(row.id, row.account_id);
  }
  return [...found].map(([itemId, accountId]) => ({ itemId, accountId }));
}

function toAccount(row: AccountRow): AccountFacts {
  return { accountId: row.account_id, jurisdiction: row.jurisdiction, closedAt: row.closed_at, disputeClosedAt: row.dispute_closed_at };
}

function toPolicy(row: PolicyRow): Policy {
  return { policyId: row.policy_id, dataType: row.data_type, accountId: row.account_id, jurisdiction: row.jurisdiction, itemIds: row.item_ids, version: row.version, keep: row.keep,
    startsAt: row.starts_at, purpose: row.purpose, source: row.source, legalBasis: row.legal_basis, locked: row.locked, shortens: row.shortens, approvalId: row.approval_id, status: row.status,
    publishedBy: row.published_by, publishedAt: row.published_at, effectiveFrom: row.effective_from, supersededAt: row.superseded_at };
}
