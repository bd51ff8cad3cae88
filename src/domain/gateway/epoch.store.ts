// The rows of gateway processes. Opening and closing are facts with a ledger record; being seen is bookkeeping.
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Uuid } from '../../kernel/ids.js';

export async function insertEpoch(tx: Tx, epoch: { epochId: Uuid; at: Date; host: string; pid: number }): Promise<void> {
  await managerOf(tx).query('INSERT INTO gateway_epochs (epoch_id, opened_at, last_seen_at, host, pid) VALUES ($1, $2, $2, $3, $4)', [epoch.epochId, epoch.at, epoch.host, epoch.pid]);
}

export async function touchEpoch(tx: Tx, epochId: Uuid, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, swept_at = NULL WHERE epoch_id = $1', [epochId, at]);
}

export async function endEpoch(tx: Tx, epochId: Uuid, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET last_seen_at = $2, closed_at = $2 WHERE epoch_id = $1', [epochId, at]);
}

/** Nothing was left to settle; unless the gateway turned out to live after all. */
export async function markSwept(tx: Tx, epochId: Uuid, lastSeenAt: Date, at: Date): Promise<void> {
  await managerOf(tx).query('UPDATE gateway_epochs SET swept_at = $3 WHERE epoch_id = $1 AND last_seen_at = $2', [epochId, lastSeenAt, at]);
}
