import { managerOf, type Tx } from '../../platform/db/index.js';

export interface ConfirmationRow {
  readonly confirmation_id: string; readonly account_id: string; readonly destination: string; readonly basis: string; readonly covers: string[]; readonly confirmed_by: string;
  readonly confirmed_at: string; readonly valid_until: string; readonly withdrawn_at: Date | null;
}

/** Whether there is such an account; accounts are of an earlier slice, so its table is only asked. */
export async function accountExists(tx: Tx, accountId: string): Promise<boolean> {
  return (await managerOf(tx).query('SELECT 1 FROM accounts WHERE account_id = $1', [accountId]) as unknown[]).length > 0;
}

/** The account's confirmation for the destination of that day: there is at most one. */
export async function findConfirmation(tx: Tx, accountId: string, destination: string, confirmedAt: string): Promise<ConfirmationRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM confirmations WHERE account_id = $1 AND destination = $2 AND confirmed_at = $3', [accountId, destination, confirmedAt]) as ConfirmationRow[];
  return row;
}

export async function findConfirmationById(tx: Tx, confirmationId: string): Promise<ConfirmationRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM confirmations WHERE confirmation_id::text = $1', [confirmationId]) as ConfirmationRow[];
  return row;
}

/** Inserts a confirmation; false when there is one of that account, destination and day. */
export async function insertConfirmation(tx: Tx, row: Omit<ConfirmationRow, 'withdrawn_at'>): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO confirmations (confirmation_id, account_id, destination, basis, covers, confirmed_by, confirmed_at, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [row.confirmation_id, row.account_id, row.destination, row.basis, row.covers, row.confirmed_by, row.confirmed_at, row.valid_until]) as unknown[];
  return rows.length > 0;
}

/** False when it was withdrawn meanwhile; the registry's trigger has written even then. */
export async function markWithdrawn(tx: Tx, confirmationId: string, at: Date): Promise<boolean> {
  const [, count] = await managerOf(tx).query('UPDATE confirmations SET withdrawn_at = $2 WHERE confirmation_id = $1 AND withdrawn_at IS NULL', [confirmationId, at]) as [unknown, number];
  return count > 0;
}
