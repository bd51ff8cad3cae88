import { managerOf, type Tx } from '../../platform/db/index.js';

/** Opens a dispute, or opens it again; false when it is open. Waits while a purge removes rows. */
export async function insertDispute(tx: Tx, accountId: string, reference: string, at: Date): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO retention_disputes (account_id, reference, opened_at) VALUES ($1, $2, $3)
    ON CONFLICT (account_id, reference) DO UPDATE SET closed_at = NULL WHERE retention_disputes.closed_at IS NOT NULL RETURNING 1`, [accountId, reference, at]) as unknown[];
  return rows.length > 0;
}

/** Closes a dispute; false when it is closed, undefined when there is none. */
export async function closeDispute(tx: Tx, accountId: string, reference: string, at: Date): Promise<boolean | undefined> {
  const [, count] = await managerOf(tx).query('UPDATE retention_disputes SET closed_at = $3 WHERE account_id = $1 AND reference = $2 AND closed_at IS NULL', [accountId, reference, at]) as [unknown, number];
  if (count > 0) return true;
  const rows = await managerOf(tx).query('SELECT 1 FROM retention_disputes WHERE account_id = $1 AND reference = $2', [accountId, reference]) as unknown[];
  return rows.length > 0 ? false : undefined;
}
