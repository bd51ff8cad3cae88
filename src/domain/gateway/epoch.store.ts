// The rows of gateway processes. Opening and closing are facts with a ledger record; being seen is bookkeeping.
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Uuid } from '../../kernel/ids.js';

/**
 * Gives the epoch its number, gap-free over all gateways, and tells which others were not over at that moment. The lock lets one
 * gateway open or close at a time, so that both are exact; a proof that no epoch is hidden rests on it.
 */
export async function insertEpoch(tx: Tx, epoch: { epochId: Uuid; at: Date; host: string; pid: number; spools: boolean }): Promise<{ number: number; stillOpen: Uuid[] }> {
  const manager = managerOf(tx);
  await manager.query('LOCK TABLE gateway_epochs IN SHARE ROW EXCLUSIVE MODE');
  const open = await manager.query('SELECT epoch_id FROM gateway_epochs WHERE closed_at IS NULL ORDER BY epoch_number') as { epoch_id: Uuid }[];
  const [row] = await manager.query(`INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, host, pid, spools, epoch_number)
    VALUES ($1, $2, $2, $3, $4, $5, (SELECT coalesce(max(epoch_number), 0) + 1 FROM gateway_epochs)) RETURNING epoch_number`, [epoch.epochId, epoch.at, epoch.host, epoch.pid, epoch.spools]) as { epoch_number: string }[];
  return { number: Number(row!.epoch_number), stillOpen: open.map((one) => one.epoch_id) };
}

/** A gateway that says so lives, also if the sweep had taken it for dead. */
export async function touchEpoch(tx: Tx, epochId: Uuid, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, swept_at = NULL, closed_at = NULL WHERE epoch_id = $1', [epochId, at]);
}

/** `numbers`: the last number of each account, and the secret their root was made with; kept so that the root can be opened for one account. */
export async function endEpoch(tx: Tx, epochId: Uuid, at: Date, numbers: { last: Readonly<Record<string, number>>; secret: Buffer }): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, closed_at = $2, last_numbers = $3, number_salt = $4 WHERE epoch_id = $1', [epochId, at, JSON.stringify(numbers.last), numbers.secret]);
}

/** Nothing was left to settle; unless the gateway turned out to live after all. */
export async function markSwept(tx: Tx, epochId: Uuid, lastSeenAt: Date, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET swept_at = $3 WHERE epoch_id = $1 AND last_seen_at = $2', [epochId, lastSeenAt, at]);
}

/** The journal of this epoch is on record: nothing of it waits anywhere. */
export async function markReplayed(tx: Tx, epochId: Uuid): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET spools = false WHERE epoch_id = $1', [epochId]);
}

/**
 * Ends the epoch of a gateway that died, unless it turned out to live or somebody else ended it: then undefined. `last_numbers` become the
 * highest numbers on record; they are no word of the gateway's that there were none after them, so they get no root.
 */
export async function loseEpoch(tx: Tx, epochId: Uuid, lastSeenAt: Date, at: Date, since: Uuid): Promise<{ host: string; pid: number; accounts: number } | undefined> {
  const manager = managerOf(tx);
  await manager.query('LOCK TABLE gateway_epochs IN SHARE ROW EXCLUSIVE MODE');
  const [lost] = (await manager.query(`UPDATE gateway_epochs SET closed_at = $3, last_numbers = coalesce((
      SELECT jsonb_object_agg(account_id, highest) FROM (SELECT account_id, max(account_seq) AS highest FROM calls WHERE epoch_id = $1 AND request_id >= $4 AND account_id IS NOT NULL GROUP BY account_id) seen), '{}')
    WHERE epoch_id = $1 AND last_seen_at = $2 AND closed_at IS NULL RETURNING host, pid, (SELECT count(*)::int FROM jsonb_object_keys(last_numbers)) AS accounts`, [epochId, lastSeenAt, at, since]) as
    [{ host: string; pid: number; accounts: number }[], number])[0];
  return lost;
}
