import { managerOf, type Tx } from '../../platform/db/index.js';

export interface AccountRow {
  readonly account_id: string; readonly name: string; readonly jurisdiction: string; readonly contact: string; readonly status: 'active' | 'closed';
  readonly requests_per_minute: number | null; /** bigint as text. */ readonly tokens_per_minute: string | null;
  readonly created_at: Date; readonly closed_at: Date | null; readonly erased_at: Date | null;
}
export type AccountFacts = Pick<AccountRow, 'name' | 'jurisdiction' | 'contact' | 'requests_per_minute' | 'tokens_per_minute'>;

/** The account; not locked, since a lock counts as a write and a change that is none writes nothing. */
export async function findAccountRow(tx: Tx, accountId: string): Promise<AccountRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM accounts WHERE account_id = $1', [accountId]) as AccountRow[];
  return row;
}

/** The account, locked until commit; for use once it is known that something changes. */
export async function lockAccount(tx: Tx, accountId: string): Promise<AccountRow> {
  const [row] = await managerOf(tx).query('SELECT * FROM accounts WHERE account_id = $1 FOR UPDATE', [accountId]) as AccountRow[];
  return row!;
}

/** Inserts an account; false when the id is taken. */
export async function insertAccount(tx: Tx, accountId: string, facts: AccountFacts, at: Date): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO accounts (account_id, name, jurisdiction, contact, requests_per_minute, tokens_per_minute, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING 1`, [accountId, facts.name, facts.jurisdiction, facts.contact, facts.requests_per_minute, facts.tokens_per_minute, at]) as unknown[];
  return rows.length > 0;
}

export async function updateAccountRow(tx: Tx, accountId: string, facts: AccountFacts): Promise<void> {
  await managerOf(tx).query('UPDATE accounts SET name = $2, jurisdiction = $3, contact = $4, requests_per_minute = $5, tokens_per_minute = $6 WHERE account_id = $1',
    [accountId, facts.name, facts.jurisdiction, facts.contact, facts.requests_per_minute, facts.tokens_per_minute]);
}

/** `closedAt` null reopens. */
export async function setAccountClosed(tx: Tx, accountId: string, closedAt: Date | null): Promise<void> {
  await managerOf(tx).query(`UPDATE accounts SET status = CASE WHEN $2::timestamptz IS NULL THEN 'active' ELSE 'closed' END, closed_at = $2 WHERE account_id = $1`, [accountId, closedAt]);
}
