import type pg from 'pg';
import { isUuid, type Uuid } from '../../kernel/ids.js';
import type { PackRow } from './pack.js';

const COLUMNS = `pack_id AS "packId", kind, request_id AS "requestId", account_id AS "accountId", purpose, reason, language, state, requested_by AS "requestedBy",
  requested_at AS "requestedAt", ready_at AS "readyAt", sha256, bytes, pages, failure`;
type Raw = Omit<PackRow, 'bytes'> & { readonly bytes: string | null };
const rowOf = (row: Raw): PackRow => ({ ...row, bytes: row.bytes === null ? null : Number(row.bytes) });

export async function readPack(reader: pg.Pool, packId: string): Promise<PackRow | undefined> {
  if (!isUuid(packId)) return undefined;
  return (await reader.query<Raw>(`SELECT ${COLUMNS} FROM evidence_packs WHERE pack_id = $1`, [packId])).rows.map(rowOf)[0];
}

/** Packs, newest first; of one call when given. At most 1,000, 100 when `limit` is absent. */
export async function readPacks(reader: pg.Pool, filter: { requestId?: Uuid; limit?: number }): Promise<PackRow[]> {
  const limit = Math.min(Math.max(filter.limit ?? 100, 1), 1_000);
  const { rows } = await reader.query<Raw>(`SELECT ${COLUMNS} FROM evidence_packs WHERE $1::uuid IS NULL OR request_id = $1 ORDER BY pack_id DESC LIMIT $2`, [filter.requestId ?? null, limit]);
  return rows.map(rowOf);
}

/** Ids of packs still to be made that were asked for before the instant, oldest first. */
export async function readOpenPacks(reader: pg.Pool, before: Date): Promise<Uuid[]> {
  const { rows } = await reader.query<{ pack_id: Uuid }>("SELECT pack_id FROM evidence_packs WHERE state = 'requested' AND requested_at < $1 ORDER BY requested_at LIMIT 50", [before]);
  return rows.map((row) => row.pack_id);
}

/** Ids of the audit records about a call and every pack made for it: the newest `limit`, oldest first. */
export async function readCustodyIds(reader: pg.Pool, requestId: Uuid, limit: number): Promise<Uuid[]> {
  const { rows } = await reader.query<{ record_id: Uuid }>(`SELECT record_id FROM audit_records
    WHERE (subject_kind = 'call' AND subject_id = $1::text)
       OR (subject_kind = 'pack' AND subject_id IN (SELECT pack_id::text FROM evidence_packs WHERE request_id = $1::uuid))
    ORDER BY record_id DESC LIMIT $2`, [requestId, limit]);
  return rows.map((row) => row.record_id).reverse();
}
