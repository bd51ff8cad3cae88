import type { Role } from '../../kernel/actor.js';
import { managerOf, type Tx } from '../../platform/db/index.js';

export interface TokenRow { readonly token_id: string; readonly name: string; readonly secret_hash: Buffer; readonly roles: Role[]; readonly status: 'active' | 'revoked'; readonly created_at: Date }

/** Inserts a token; false when the secret belongs to a token already. */
export async function insertToken(tx: Tx, row: Omit<TokenRow, 'status'>): Promise<boolean> {
  const rows = await managerOf(tx).query(
    'INSERT INTO api_tokens (token_id, name, secret_hash, roles, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1',
    [row.token_id, row.name, row.secret_hash, row.roles, row.created_at]) as unknown[];
  return rows.length > 0;
}

export async function findToken(tx: Tx, tokenId: string): Promise<TokenRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM api_tokens WHERE token_id::text = $1', [tokenId]) as TokenRow[];
  return row;
}

/** False when it was revoked before; nothing was written then. */
export async function markTokenRevoked(tx: Tx, tokenId: string): Promise<boolean> {
  const [, count] = await managerOf(tx).query(`UPDATE api_tokens SET status = 'revoked' WHERE token_id = $1 AND status = 'active'`, [tokenId]) as [unknown, number];
  return count > 0;
}
