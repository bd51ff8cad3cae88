import type pg from 'pg';

/** A time stamp of an authority over a checkpoint: `token` is over the SHA-256 of the note. */
export interface StampedCheckpoint { readonly anchorId: string; readonly treeSize: bigint; readonly note: string; readonly noteDigest: Buffer; readonly authority: string; readonly attestedAt: Date; readonly token: Buffer }

interface Row { anchor_id: string; tree_size: string; signed_note: string; note_sha256: Buffer; authority: string; attested_at: Date; token: Buffer }

/** All time stamps, smallest tree first; some thousands in a year. */
export async function readStamps(reader: pg.Pool): Promise<StampedCheckpoint[]> {
  const { rows } = await reader.query<Row>('SELECT anchor_id, tree_size, signed_note, note_sha256, authority, attested_at, token FROM ledger_anchors ORDER BY tree_size, anchor_id');
  return rows.map(toStamp);
}

/** The newest one. */
export async function readLatestStamp(reader: pg.Pool): Promise<StampedCheckpoint | undefined> {
  const { rows: [row] } = await reader.query<Row>('SELECT anchor_id, tree_size, signed_note, note_sha256, authority, attested_at, token FROM ledger_anchors ORDER BY tree_size DESC, anchor_id DESC LIMIT 1');
  return row && toStamp(row);
}

function toStamp(row: Row): StampedCheckpoint {
  return { anchorId: row.anchor_id, treeSize: BigInt(row.tree_size), note: row.signed_note, noteDigest: row.note_sha256, authority: row.authority, attestedAt: row.attested_at, token: row.token };
}
