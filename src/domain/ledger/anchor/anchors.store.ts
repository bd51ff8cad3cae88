import { managerOf, type Tx } from '../../../platform/db/index.js';
import type { StampedCheckpoint } from './anchors.view.js';

/** Keeps a time stamp. No ledger record: that would be a new leaf to be stamped, for ever. */
export async function insertStamp(tx: Tx, stamp: StampedCheckpoint, at: Date): Promise<void> {
  await managerOf(tx).query('INSERT INTO ledger_anchors (anchor_id, tree_size, note_sha256, signed_note, authority, attested_at, token, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [stamp.anchorId, String(stamp.treeSize), stamp.noteDigest, stamp.note, stamp.authority, stamp.attestedAt, stamp.token, at]);
}
