import type pg from 'pg';
import { idLowerBound, isUuid, type Uuid } from '../../kernel/ids.js';
import type { RecordTableName } from '../ledger/index.js';
import type { FileRow } from './pack.store.js';
import type { PackRow } from './pack.js';

const COLUMNS = `pack_id AS "packId", kind, request_id AS "requestId", account_id AS "accountId", case_number AS "caseNumber", purpose, reason, language, state, requested_by AS "requestedBy",
  requested_at AS "requestedAt", ready_at AS "readyAt", params, snapshot, redact, progress, sha256, bytes, pages, volumes, failure, purged_at AS "purgedAt"`;
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
  const { rows } = await reader.query<{ pack_id: Uuid }>("SELECT pack_id FROM evidence_packs WHERE state IN ('requested', 'assembling') AND requested_at < $1 ORDER BY requested_at LIMIT 50", [before]);
  return rows.map((row) => row.pack_id);
}

/** Packs whose files are there; what the purge of files looks at. */
export async function readReadyPacks(reader: pg.Pool): Promise<PackRow[]> {
  return (await reader.query<Raw>(`SELECT ${COLUMNS} FROM evidence_packs WHERE state = 'ready' ORDER BY pack_id`)).rows.map(rowOf);
}

export async function readFiles(reader: pg.Pool, packId: Uuid): Promise<FileRow[]> {
  const { rows } = await reader.query<Omit<FileRow, 'bytes'> & { bytes: string }>(`SELECT volume, sha256, bytes, pages, records, first_item AS "firstItem", last_item AS "lastItem", ids_sha256 AS "idsSha256"
    FROM evidence_pack_files WHERE pack_id = $1 ORDER BY volume`, [packId]);
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
}

/** Ids of the audit records about a call and every pack made for it: the newest `limit`, oldest first. */
export async function readCustodyIds(reader: pg.Pool, requestId: Uuid, limit: number): Promise<Uuid[]> {
  const { rows } = await reader.query<{ record_id: Uuid }>(`SELECT record_id FROM audit_records
    WHERE (subject_kind = 'call' AND subject_id = $1::text)
       OR (subject_kind = 'pack' AND subject_id IN (SELECT pack_id::text FROM evidence_packs WHERE request_id = $1::uuid))
    ORDER BY record_id DESC LIMIT $2`, [requestId, limit]);
  return rows.map((row) => row.record_id).reverse();
}

/** Ids of the audit records about these subjects, oldest first. */
export async function readAuditIds(reader: pg.Pool, subjects: readonly { kind: string; id: string }[], limit: number): Promise<Uuid[]> {
  const { rows } = await reader.query<{ record_id: Uuid }>(`SELECT record_id FROM audit_records WHERE (subject_kind, subject_id) IN (SELECT * FROM unnest($1::text[], $2::text[])) ORDER BY record_id DESC LIMIT $3`,
    [subjects.map((one) => one.kind), subjects.map((one) => one.id), limit]);
  return rows.map((row) => row.record_id).reverse();
}

const KEYS = { calls: 'request_id', transfers: 'transfer_id', transfer_outcomes: 'transfer_id', security_events: 'event_id' } as const;
const DAY_MS = 86_400_000;
export interface TableFound { readonly table: RecordTableName; readonly ids: string[]; readonly first: Date | null; readonly last: Date | null }

/** The ids of a table's sealed records in the selection, in the order of their ids; one more than `most` when there are more. Bounded by the partition key. */
export async function readIds(reader: pg.Pool, table: keyof typeof KEYS, where: { accountId: string | null; from: Date | null; until: Date | null; below: bigint; most: number }): Promise<TableFound> {
  const key = KEYS[table], values: unknown[] = [where.below.toString(), where.most + 1];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    'b.first_leaf IS NOT NULL', 'b.first_leaf + r.batch_position < $1',
    ...(where.accountId === null ? [] : [`r.account_id = ${bind(where.accountId)}`]),
    // An outcome is minted with its transfer, which may be a day older than its time; the bounds on the id only choose partitions.
    ...(where.from ? [`r.at >= ${bind(where.from)}`, `r.${key} >= ${bind(idLowerBound(new Date(where.from.getTime() - DAY_MS)))}`] : []),
    ...(where.until ? [`r.at < ${bind(where.until)}`, `r.${key} < ${bind(idLowerBound(new Date(where.until.getTime() + DAY_MS)))}`] : []),
  ];
  const { rows } = await reader.query<{ id: string; at: Date }>(`SELECT r.${key} AS id, r.at FROM ${table} r JOIN ledger_batches b USING (batch_id) WHERE ${conditions.join(' AND ')} ORDER BY r.${key} LIMIT $2`, values);
  let first: Date | null = null, last: Date | null = null;
  for (const { at } of rows) { if (!first || at < first) first = at; if (!last || at > last) last = at; }
  return { table, ids: rows.map((row) => row.id), first, last };
}

/** How many of the selection are not under the tree size yet. */
export async function countUnsealed(reader: pg.Pool, table: keyof typeof KEYS, where: { accountId: string | null; from: Date | null; until: Date | null; below: bigint }): Promise<number> {
  const { rows: [row] } = await reader.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} r JOIN ledger_batches b USING (batch_id) WHERE (b.first_leaf IS NULL OR b.first_leaf + r.batch_position >= $1)
    AND ($2::text IS NULL OR r.account_id = $2) AND ($3::timestamptz IS NULL OR r.at >= $3) AND ($4::timestamptz IS NULL OR r.at < $4)`, [where.below.toString(), where.accountId, where.from, where.until]);
  return row?.n ?? 0;
}

export interface LinkView { readonly linkId: Uuid; readonly packId: Uuid; readonly recipient: string; readonly madeBy: string; readonly madeAt: Date; readonly expiresAt: Date; readonly mostDownloads: number; readonly downloads: number; readonly revokedAt: Date | null }

/** Links of a pack, newest first. */
export async function readLinks(reader: pg.Pool, packId: Uuid): Promise<LinkView[]> {
  return (await reader.query<LinkView>(`SELECT link_id AS "linkId", pack_id AS "packId", recipient, made_by AS "madeBy", made_at AS "madeAt", expires_at AS "expiresAt", most_downloads AS "mostDownloads", downloads, revoked_at AS "revokedAt"
    FROM evidence_links WHERE pack_id = $1 ORDER BY link_id DESC`, [packId])).rows;
}
