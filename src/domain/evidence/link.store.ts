import type { Uuid } from '../../kernel/ids.js';
import { managerOf, type Tx } from '../../platform/db/index.js';

export interface LinkRow { readonly linkId: Uuid; readonly packId: Uuid; readonly recipient: string; readonly madeBy: string; readonly madeAt: Date; readonly expiresAt: Date; readonly mostDownloads: number; readonly downloads: number; readonly revokedAt: Date | null }
const COLUMNS = 'link_id AS "linkId", pack_id AS "packId", recipient, made_by AS "madeBy", made_at AS "madeAt", expires_at AS "expiresAt", most_downloads AS "mostDownloads", downloads, revoked_at AS "revokedAt"';

export async function insertLink(tx: Tx, link: Omit<LinkRow, 'downloads' | 'revokedAt'>, tokenSha256: Buffer): Promise<void> {
  await managerOf(tx).query('INSERT INTO evidence_links (link_id, pack_id, token_sha256, recipient, made_by, made_at, expires_at, most_downloads) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [link.linkId, link.packId, tokenSha256, link.recipient, link.madeBy, link.madeAt, link.expiresAt, link.mostDownloads]);
}

/** Locks the link of a token. */
export async function lockLink(tx: Tx, tokenSha256: Buffer): Promise<LinkRow | undefined> {
  return (await managerOf(tx).query(`SELECT ${COLUMNS} FROM evidence_links WHERE token_sha256 = $1 FOR UPDATE`, [tokenSha256]) as LinkRow[])[0];
}

export async function countDownload(tx: Tx, linkId: Uuid): Promise<void> {
  await managerOf(tx).query('UPDATE evidence_links SET downloads = downloads + 1 WHERE link_id = $1', [linkId]);
}

/** Answers the pack of a link that was open. */
export async function revokeLink(tx: Tx, linkId: Uuid, by: string, at: Date): Promise<Uuid | undefined> {
  const [rows] = await managerOf(tx).query('UPDATE evidence_links SET revoked_at = $3, revoked_by = $2 WHERE link_id = $1 AND revoked_at IS NULL RETURNING pack_id', [linkId, by, at]) as [{ pack_id: Uuid }[], number];
  return rows[0]?.pack_id;
}
