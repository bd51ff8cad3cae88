import { managerOf, type Tx } from '../../platform/db/index.js';
import type { AlertKind, PurgeAlert } from './alert-rules.js';

/** Takes note of an alert; false when it stands already. */
export async function raiseAlert(tx: Tx, { kind, dataType, text }: PurgeAlert, at: Date): Promise<boolean> {
  return (await managerOf(tx).query('INSERT INTO purge_alerts (kind, data_type, detail, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING 1', [kind, dataType, text, at]) as unknown[]).length > 0;
}

/** Ends one that is over; false when somebody else did. */
export async function clearAlert(tx: Tx, kind: AlertKind, dataType: string): Promise<boolean> {
  const [, count] = await managerOf(tx).query('DELETE FROM purge_alerts WHERE kind = $1 AND data_type = $2', [kind, dataType]) as [unknown, number];
  return count > 0;
}

export async function noteMailed(tx: Tx, kind: AlertKind, dataType: string, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE purge_alerts SET mailed_at = $3 WHERE kind = $1 AND data_type = $2', [kind, dataType, at]);
}
