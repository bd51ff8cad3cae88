// Finding what dead gateways left open, one epoch at a time, inside the few partitions its calls can lie in.
import type pg from 'pg';
import { idLowerBound, type Uuid } from '../../kernel/ids.js';
import type { TransferRow } from './call.js';

export interface Orphan extends Pick<TransferRow, 'transfer_id' | 'request_id' | 'at' | 'account_id' | 'key_id' | 'epoch_id' | 'account_seq' | 'attempt' | 'provider_id' | 'path' | 'model' | 'request_bytes' | 'registry_version'> {
  /** Status of the call's row; null when there is none. */
  readonly call_status: string | null;
}

/** Transfers of one epoch that began in [from, to). */
export interface EpochWindow { readonly epochId: Uuid; readonly from: Date; readonly to: Date; /** Set when the epoch is over: when it was last seen. */ readonly lastSeenAt: Date | undefined; /** Whether its end is on record. */ readonly closed: boolean }

const HOUR_MS = 3_600_000;

/**
 * Where to look: epochs that are over and not swept yet (closed, or not seen since `now - staleMs`; while records of one may wait in a
 * journal, not seen for the longest call), each from the longest call before its
 * end; and of those that live on, the hour in which calls become older than any call lives.
 */
export async function epochsToSweep(pool: pg.Pool, now: Date, limits: { staleMs: number; longestMs: number }): Promise<EpochWindow[]> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const { rows } = await pool.query<{ epoch_id: Uuid; opened_at: Date; last_seen_at: Date; closed: boolean; over: boolean }>(`
    SELECT epoch_id, opened_at, last_seen_at, closed_at IS NOT NULL AS closed, closed_at IS NOT NULL OR last_seen_at < $1 AS over FROM gateway_epochs
    WHERE (swept_at IS NULL AND (closed_at IS NOT NULL OR (last_seen_at < $1 AND (NOT spools OR last_seen_at < $2)))) OR (closed_at IS NULL AND last_seen_at >= $1 AND opened_at < $2) ORDER BY epoch_id`,
  [before(limits.staleMs), before(limits.longestMs)]);
  return rows.map((row) => (row.over
    ? { epochId: row.epoch_id, from: new Date(Math.max(row.opened_at.getTime() - HOUR_MS, row.last_seen_at.getTime() - limits.longestMs)), to: new Date(now.getTime() + HOUR_MS), lastSeenAt: row.last_seen_at, closed: row.closed }
    : { epochId: row.epoch_id, from: before(limits.longestMs + HOUR_MS), to: before(limits.longestMs), lastSeenAt: undefined, closed: false }));
}

/** At most `limit` transfers without an outcome, oldest first. */
export async function findOrphans(pool: pg.Pool, { epochId, from, to }: EpochWindow, limit: number): Promise<Orphan[]> {
  const { rows } = await pool.query<Orphan & { account_seq: unknown; request_bytes: unknown; registry_version: unknown }>(`
    SELECT t.transfer_id, t.request_id, t.at, t.account_id, t.key_id, t.epoch_id, t.account_seq, t.attempt, t.provider_id, t.path, t.model, t.request_bytes, t.registry_version, c.status AS call_status
    FROM transfers t
    LEFT JOIN calls c ON c.request_id = t.request_id AND c.request_id >= $4
    WHERE t.epoch_id = $1 AND t.transfer_id >= $2 AND t.transfer_id < $3
      AND NOT EXISTS (SELECT FROM transfer_outcomes o WHERE o.transfer_id = t.transfer_id AND o.transfer_id >= $2 AND o.transfer_id < $3)
    ORDER BY t.transfer_id LIMIT $5`,
  [epochId, idLowerBound(from), idLowerBound(to), idLowerBound(new Date(from.getTime() - HOUR_MS)), limit]);
  return rows.map((row) => ({ ...row, account_seq: BigInt(row.account_seq), request_bytes: BigInt(row.request_bytes), registry_version: BigInt(row.registry_version) }));
}
