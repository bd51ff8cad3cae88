// Finding what dead gateways left open: transfers without an outcome whose epoch is over, or that are older than any call lives.
import type pg from 'pg';
import { idLowerBound } from '../../kernel/ids.js';
import type { TransferRow } from './call.js';

export interface Orphan extends Pick<TransferRow, 'transfer_id' | 'request_id' | 'at' | 'account_id' | 'key_id' | 'epoch_id' | 'attempt' | 'provider_id' | 'path' | 'model'> {
  readonly account_seq: bigint; readonly request_bytes: bigint; readonly registry_version: bigint;
  /** Status of the call's row; null when there is none. */
  readonly call_status: string | null;
}

const DAY_MS = 86_400_000;
/** Orphans older than this were settled long ago, or never will be; looking back further would touch every partition. */
const LOOK_BACK_MS = 14 * DAY_MS;

/**
 * At most `limit` of them, oldest first. An epoch is over when it was closed, or not seen since `now - staleMs`; of a living one only
 * what began before `now - oldestMs` counts.
 */
export async function findOrphans(pool: pg.Pool, now: Date, limits: { staleMs: number; oldestMs: number; limit: number }): Promise<Orphan[]> {
  const before = (ms: number): Date => new Date(now.getTime() - ms);
  const from = idLowerBound(before(LOOK_BACK_MS));
  const { rows } = await pool.query<Orphan & { account_seq: string; request_bytes: string; registry_version: string }>(`
    SELECT t.transfer_id, t.request_id, t.at, t.account_id, t.key_id, t.epoch_id, t.account_seq, t.attempt, t.provider_id, t.path, t.model, t.request_bytes, t.registry_version,
           c.status AS call_status
    FROM transfers t
    LEFT JOIN transfer_outcomes o ON o.transfer_id = t.transfer_id AND o.transfer_id >= $1
    LEFT JOIN calls c ON c.request_id = t.request_id AND c.request_id >= $2
    LEFT JOIN gateway_epochs e ON e.epoch_id = t.epoch_id
    WHERE t.transfer_id >= $1 AND t.transfer_id < $3 AND o.transfer_id IS NULL
      AND (e.epoch_id IS NULL OR e.closed_at IS NOT NULL OR e.last_seen_at < $4 OR t.at < $5)
    ORDER BY t.transfer_id LIMIT $6`,
  [from, idLowerBound(before(LOOK_BACK_MS + DAY_MS)), idLowerBound(now), before(limits.staleMs), before(limits.oldestMs), limits.limit]);
  return rows.map((row) => ({ ...row, account_seq: BigInt(row.account_seq), request_bytes: BigInt(row.request_bytes), registry_version: BigInt(row.registry_version) }));
}
