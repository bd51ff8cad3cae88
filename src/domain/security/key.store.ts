import { managerOf, type Tx } from '../../platform/db/index.js';

export interface KeyRow {
  readonly key_id: string; readonly account_id: string; readonly name: string; readonly secret_hash: Buffer; readonly hint: string;
  readonly status: 'active' | 'revoked'; readonly created_at: Date; readonly revoked_at: Date | null;
}

/** State of the account a key is to belong to; undefined when there is none. Held until commit, so that it is not closed meanwhile. */
export async function accountStatus(tx: Tx, accountId: string): Promise<'active' | 'closed' | undefined> {
  const [row] = await managerOf(tx).query('SELECT status FROM accounts WHERE account_id = $1 FOR SHARE', [accountId]) as { status: 'active' | 'closed' }[];
  return row?.status;
}

/** Inserts a key; false when the account has one of that name or the secret belongs to a key already. */
export async function insertKey(tx: Tx, row: Omit<KeyRow, 'status' | 'revoked_at'>): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO api_keys (key_id, account_id, name, secret_hash, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [row.key_id, row.account_id, row.name, row.secret_hash, row.hint, row.created_at]) as unknown[];
  return rows.length > 0;
}

// Reading takes no row lock: a lock counts as a write, and a change that turns out to be none must write nothing at all.
export async function findKey(tx: Tx, keyId: string): Promise<KeyRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM api_keys WHERE key_id::text = $1', [keyId]) as KeyRow[];
  return row;
}

export async function findKeyByName(tx: Tx, accountId: string, name: string): Promise<KeyRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM api_keys WHERE account_id = $1 AND name = $2', [accountId, name]) as KeyRow[];
  return row;
}

/** Whether another key has this secret. */
export async function secretInUse(tx: Tx, secretHash: Buffer): Promise<boolean> {
  const rows = await managerOf(tx).query('SELECT 1 FROM api_keys WHERE secret_hash = $1', [secretHash]) as unknown[];
  return rows.length > 0;
}

/** Replaces the secret of an active key; false when it was revoked meanwhile (see markKeyRevoked). */
export async function replaceSecret(tx: Tx, keyId: string, secretHash: Buffer, hint: string): Promise<boolean> {
  const [, count] = await managerOf(tx).query(`UPDATE api_keys SET secret_hash = $2, hint = $3 WHERE key_id = $1 AND status = 'active'`, [keyId, secretHash, hint]) as [unknown, number];
  return count > 0;
}

/** False when it was revoked meanwhile. Even then the transaction has written: the registry's trigger fires for each statement. */
export async function markKeyRevoked(tx: Tx, keyId: string, at: Date): Promise<boolean> {
  const [, count] = await managerOf(tx).query(`UPDATE api_keys SET status = 'revoked', revoked_at = $2 WHERE key_id = $1 AND status = 'active'`, [keyId, at]) as [unknown, number];
  return count > 0;
}
