import type pg from 'pg';
import type { Actor, Role } from '../../kernel/actor.js';
import { hashSecret } from './secrets.js';
import type { OperatorProfile } from './set-operator-profile.js';

/** An operator without anything secret. `lockedUntil` may lie in the past. */
export interface Operator { readonly operatorId: string; readonly email: string; readonly name: string; readonly roles: readonly Role[]; readonly status: 'active' | 'disabled'; readonly failedLogins: number; readonly lockedUntil: Date | null; readonly createdAt: Date }
export interface ApiKey { readonly keyId: string; readonly accountId: string; readonly name: string; readonly hint: string; readonly status: 'active' | 'revoked'; readonly createdAt: Date; readonly revokedAt: Date | null }
export interface ApiToken { readonly tokenId: string; readonly name: string; readonly roles: readonly Role[]; readonly status: 'active' | 'revoked'; readonly createdAt: Date }

/** All operators, oldest first. */
export async function readOperators(reader: pg.Pool): Promise<Operator[]> {
  const { rows } = await reader.query<Operator>(`SELECT operator_id AS "operatorId", email, name, roles, status, failed_logins AS "failedLogins",
    locked_until AS "lockedUntil", created_at AS "createdAt" FROM operators ORDER BY operator_id`);
  return rows;
}

/** The operator as an actor while active: a session asks this at every request, so that a disabled operator is out at once. */
export async function readActiveOperator(reader: pg.Pool, operatorId: string): Promise<(Actor & { email: string }) | undefined> {
  const { rows: [row] } = await reader.query<{ operator_id: string; email: string; name: string; roles: Role[] }>(
    `SELECT operator_id, email, name, roles FROM operators WHERE operator_id::text = $1 AND status = 'active'`, [operatorId]);
  return row && Object.freeze({ kind: 'operator' as const, id: row.operator_id, name: row.name, roles: row.roles, email: row.email });
}

/** Keys, oldest first; of one account when given. */
export async function readKeys(reader: pg.Pool, accountId?: string): Promise<ApiKey[]> {
  const { rows } = await reader.query<ApiKey>(`SELECT key_id AS "keyId", account_id AS "accountId", name, hint, status, created_at AS "createdAt",
    revoked_at AS "revokedAt" FROM api_keys WHERE $1::text IS NULL OR account_id = $1 ORDER BY key_id`, [accountId ?? null]);
  return rows;
}

/** Tokens, oldest first. */
export async function readTokens(reader: pg.Pool): Promise<ApiToken[]> {
  const { rows } = await reader.query<ApiToken>('SELECT token_id AS "tokenId", name, roles, status, created_at AS "createdAt" FROM api_tokens ORDER BY token_id');
  return rows;
}

/** Whom the secret of a token belongs to; undefined when unknown or revoked. Found by its hash, so there is nothing to time. */
export async function readTokenActor(reader: pg.Pool, secret: string): Promise<Actor | undefined> {
  const { rows: [row] } = await reader.query<{ token_id: string; name: string; roles: Role[] }>(
    `SELECT token_id, name, roles FROM api_tokens WHERE secret_hash = $1 AND status = 'active'`, [hashSecret(secret)]);
  return row && Object.freeze({ kind: 'api_token' as const, id: row.token_id, name: `token:${row.name}`, roles: row.roles });
}

export async function readProfile(reader: pg.Pool): Promise<OperatorProfile | undefined> {
  return (await reader.query<OperatorProfile>('SELECT name, jurisdiction, contact, unpriced_calls AS "unpricedCalls" FROM operator_profile')).rows[0];
}
