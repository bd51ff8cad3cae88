// The rows of gateway processes. Opening and closing are facts with a ledger record; being seen is bookkeeping.
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Uuid } from '../../kernel/ids.js';

/**
 * Gives the epoch its number, gap-free over all gateways, and tells which others were not over at that moment. The lock lets one
 * gateway open or close at a time, so that both are exact; a proof that no epoch is hidden rests on it.
 */
export async function insertEpoch(tx: Tx, epoch: { epochId: Uuid; at: Date; host: string; pid: number }): Promise<{ number: number; stillOpen: Uuid[] }> {
  const manager = managerOf(tx);
  await manager.query('LOCK TABLE gateway_epochs IN SHARE ROW EXCLUSIVE MODE');
  const open = await manager.query('SELECT epoch_id FROM gateway_epochs WHERE closed_at IS NULL ORDER BY epoch_number') as { epoch_id: Uuid }[];
  const [row] = await manager.query(`INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, host, pid, epoch_number)
    VALUES ($1, $2, $2, $3, $4, (SELECT coalesce(max(epoch_number), 0) + 1 FROM gateway_epochs)) RETURNING epoch_number`, [epoch.epochId, epoch.at, epoch.host, epoch.pid]) as { epoch_number: string }[];
  return { number: Number(row!.epoch_number), stillOpen: open.map((one) => one.epoch_id) };
}

export async function touchEpoch(tx: Tx, epochId: Uuid, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, swept_at = NULL WHERE epoch_id = $1', [epochId, at]);
}

/** `numbers`: the last number of each account, and the secret their root was made with; kept so that the root can be opened for one account. */
export async function endEpoch(tx: Tx, epochId: Uuid, at: Date, numbers: { last: Readonly<Record<string, number>>; secret: Buffer }): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, closed_at = $2, last_numbers = $3, number_salt = $4 WHERE epoch_id = $1', [epochId, at, JSON.stringify(numbers.last), numbers.secret]);
}

/** Nothing was left to settle; unless the gateway turned out to live after all. */
export async function markSwept(tx: Tx, epochId: Uuid, lastSeenAt: Date, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET swept_at = $3 WHERE epoch_id = $1 AND last_seen_at = $2', [epochId, lastSeenAt, at]);
}
