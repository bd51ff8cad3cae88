import type { Uuid } from '../../kernel/ids.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { PackProgress, PackRow, PackSnapshot, PackState } from './pack.js';

export type NewPack = Pick<PackRow, 'packId' | 'kind' | 'requestId' | 'accountId' | 'caseNumber' | 'purpose' | 'reason' | 'language' | 'requestedBy' | 'requestedAt' | 'params' | 'redact'>;

export async function insertPack(tx: Tx, pack: NewPack): Promise<void> {
  await managerOf(tx).query(`INSERT INTO evidence_packs (pack_id, kind, request_id, account_id, case_number, purpose, reason, language, state, requested_by, requested_at, params, redact)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9, $10, $11, $12)`,
    [pack.packId, pack.kind, pack.requestId, pack.accountId, pack.caseNumber, pack.purpose, pack.reason, pack.language, pack.requestedBy, pack.requestedAt, JSON.stringify(pack.params), pack.redact]);
}

/** Locks the row until the transaction ends; undefined when there is none. */
export async function lockPack(tx: Tx, packId: Uuid): Promise<{ state: PackState; cancelAsked: boolean } | undefined> {
  const rows = await managerOf(tx).query('SELECT state, cancel_asked AS "cancelAsked" FROM evidence_packs WHERE pack_id = $1 FOR UPDATE', [packId]) as { state: PackState; cancelAsked: boolean }[];
  return rows[0];
}

export async function markReady(tx: Tx, packId: Uuid, file: { at: Date; sha256: string; bytes: number; pages: number; volumes: number | null }): Promise<void> {
  await managerOf(tx).query(`UPDATE evidence_packs SET state = 'ready', failure = NULL, progress = NULL, ready_at = $2, sha256 = $3, bytes = $4, pages = $5, volumes = $6 WHERE pack_id = $1`,
    [packId, file.at, file.sha256, file.bytes, file.pages, file.volumes]);
}

/** Says what a pack waits for (it stays open) or why it cannot be made (`failed`). */
export async function noteFailure(tx: Tx, packId: Uuid, state: 'requested' | 'failed', failure: string): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = $2, failure = $3, progress = NULL WHERE pack_id = $1 AND state IN ('requested', 'assembling')", [packId, state, failure]);
}

/** Keeps the frozen query; a second attempt replaces it only together with the volumes made under the first. */
export async function freeze(tx: Tx, packId: Uuid, snapshot: PackSnapshot): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = 'assembling', snapshot = $2, failure = NULL WHERE pack_id = $1 AND state IN ('requested', 'assembling')", [packId, JSON.stringify(snapshot)]);
}

/** Writes how far it is; answers whether somebody asked to stop. */
export async function noteProgress(tx: Tx, packId: Uuid, progress: PackProgress): Promise<boolean> {
  const [rows] = await managerOf(tx).query("UPDATE evidence_packs SET progress = $2 WHERE pack_id = $1 AND state IN ('requested', 'assembling') RETURNING cancel_asked", [packId, JSON.stringify(progress)]) as [{ cancel_asked: boolean }[], number];
  return rows[0]?.cancel_asked ?? true;
}

/** A pack that nobody works on ends at once; one in the making when it next looks. Answers the state it has now. */
export async function askCancel(tx: Tx, packId: Uuid): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET cancel_asked = true, state = CASE state WHEN 'requested' THEN 'cancelled' ELSE state END WHERE pack_id = $1", [packId]);
}

export async function markCancelled(tx: Tx, packId: Uuid): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = 'cancelled', progress = NULL WHERE pack_id = $1", [packId]);
}

export async function markPurged(tx: Tx, packId: Uuid, at: Date): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = 'purged', purged_at = $2 WHERE pack_id = $1", [packId, at]);
}

export interface FileRow { readonly volume: number; readonly sha256: string; readonly bytes: number; readonly pages: number; readonly records: number; readonly firstItem: string; readonly lastItem: string; readonly idsSha256: string }

/** A finished file; the same volume again replaces the row. */
export async function putFile(tx: Tx, packId: Uuid, file: FileRow, at: Date): Promise<void> {
  await managerOf(tx).query(`INSERT INTO evidence_pack_files (pack_id, volume, sha256, bytes, pages, records, first_item, last_item, ids_sha256, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (pack_id, volume) DO UPDATE SET sha256 = excluded.sha256, bytes = excluded.bytes, pages = excluded.pages, records = excluded.records, first_item = excluded.first_item, last_item = excluded.last_item, ids_sha256 = excluded.ids_sha256, made_at = excluded.made_at`,
    [packId, file.volume, file.sha256, file.bytes, file.pages, file.records, file.firstItem, file.lastItem, file.idsSha256, at]);
}
