import type { Uuid } from '../../kernel/ids.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { PackRow } from './pack.js';

export async function insertPack(tx: Tx, pack: Pick<PackRow, 'packId' | 'kind' | 'requestId' | 'accountId' | 'purpose' | 'reason' | 'language' | 'requestedBy' | 'requestedAt'>): Promise<void> {
  await managerOf(tx).query(`INSERT INTO evidence_packs (pack_id, kind, request_id, account_id, purpose, reason, language, state, requested_by, requested_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'requested', $8, $9)`,
    [pack.packId, pack.kind, pack.requestId, pack.accountId, pack.purpose, pack.reason, pack.language, pack.requestedBy, pack.requestedAt]);
}

/** Locks the row until the transaction ends; answers its state, undefined when there is none. */
export async function lockPack(tx: Tx, packId: Uuid): Promise<PackRow['state'] | undefined> {
  const rows = await managerOf(tx).query('SELECT state FROM evidence_packs WHERE pack_id = $1 FOR UPDATE', [packId]) as { state: PackRow['state'] }[];
  return rows[0]?.state;
}

export async function markReady(tx: Tx, packId: Uuid, file: { at: Date; sha256: string; bytes: number; pages: number }): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = 'ready', failure = NULL, ready_at = $2, sha256 = $3, bytes = $4, pages = $5 WHERE pack_id = $1",
    [packId, file.at, file.sha256, file.bytes, file.pages]);
}

/** Says what a pack waits for (it stays `requested`) or why it cannot be made (`failed`). */
export async function noteFailure(tx: Tx, packId: Uuid, state: 'requested' | 'failed', failure: string): Promise<void> {
  await managerOf(tx).query("UPDATE evidence_packs SET state = $2, failure = $3 WHERE pack_id = $1 AND state = 'requested'", [packId, state, failure]);
}
