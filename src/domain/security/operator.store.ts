import type { Role } from '../../kernel/actor.js';
import { managerOf, type Tx } from '../../platform/db/index.js';

export interface OperatorRow {
  readonly operator_id: string; readonly email: string; readonly name: string; readonly password_hash: string;
  readonly roles: Role[]; readonly status: 'active' | 'disabled'; readonly created_at: Date;
}

/** Inserts an operator; false when the e-mail is taken. */
export async function insertOperator(tx: Tx, row: OperatorRow): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO operators (operator_id, email, name, password_hash, roles, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (email) DO NOTHING RETURNING 1`,
    [row.operator_id, row.email, row.name, row.password_hash, row.roles, row.status, row.created_at]) as unknown[];
  return rows.length > 0;
}

/** The operator. Not locked: a lock counts as a write, and a change that turns out to be none must write nothing at all. */
export async function findOperator(tx: Tx, operatorId: string): Promise<OperatorRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM operators WHERE operator_id::text = $1', [operatorId]) as OperatorRow[];
  return row;
}

/** False when the operator is in that state already; nothing was written then. */
export async function setOperatorStatus(tx: Tx, operatorId: string, status: OperatorRow['status']): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE operators SET status = $2 WHERE operator_id = $1 AND status <> $2', [operatorId, status]) as [unknown, number];
  return count > 0;
}

/** A new password also ends a lock. */
export async function setOperatorPassword(tx: Tx, operatorId: string, passwordHash: string): Promise<void> {
  await managerOf(tx).query('UPDATE operators SET password_hash = $2, failed_logins = 0, locked_until = NULL WHERE operator_id = $1', [operatorId, passwordHash]);
}

export async function setOperatorRoles(tx: Tx, operatorId: string, roles: readonly Role[]): Promise<void> {
  await managerOf(tx).query('UPDATE operators SET roles = $2 WHERE operator_id = $1', [operatorId, roles]);
}

export interface LoginAttempt { readonly operator_id: string; readonly email: string; readonly name: string; readonly password_hash: string; readonly roles: Role[]; readonly failed_logins: number }

/**
 * Counts an attempt before the password is looked at, so that many at once cannot share one count. No row: unknown, disabled or
 * locked. The attempt that reaches `limit` locks until `lockedUntil`, unless `forgiveAttempts` follows.
 */
export async function countAttempt(tx: Tx, email: string, now: Date, limit: number, lockedUntil: Date): Promise<LoginAttempt | undefined> {
  const [rows] = await managerOf(tx).query(
    `UPDATE operators SET
       failed_logins = CASE WHEN locked_until IS NULL THEN failed_logins + 1 ELSE 1 END,
       locked_until = CASE WHEN locked_until IS NULL AND failed_logins + 1 >= $3 THEN $4::timestamptz END
     WHERE email = $1 AND status = 'active' AND (locked_until IS NULL OR locked_until <= $2)
     RETURNING operator_id, email, name, password_hash, roles, failed_logins`, [email, now, limit, lockedUntil]) as [LoginAttempt[], number];
  return rows[0];
}

/** The password was right. */
export async function forgiveAttempts(tx: Tx, operatorId: string): Promise<void> {
  await managerOf(tx).query('UPDATE operators SET failed_logins = 0, locked_until = NULL WHERE operator_id = $1', [operatorId]);
}
