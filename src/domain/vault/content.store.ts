import { managerOf, type Database, type Tx } from '../../platform/db/index.js';
import type { ContentSide } from './content-rules.js';

/** The table of a side. */
export const CONTENT_TABLES: Readonly<Record<ContentSide, string>> = { input: 'vault.inputs', output: 'vault.outputs' };

export interface ContentRow {
  readonly request_id: string; readonly account_id: string; readonly key_id: string; readonly grant_id: string; readonly at: Date; readonly expires_at: Date; readonly key_name: string; readonly wrapped_key: Buffer;
  readonly sealed: Buffer; readonly content_type: string | null; readonly content_encoding: string | null; readonly content_bytes: number; readonly truncated: boolean;
}

/** Writes one piece. A piece that is there already stays: the call is the same. */
export async function insertContent(pool: Database['pool'], side: ContentSide, row: ContentRow): Promise<void> {
  await pool.query({ name: `keep_${side}`,
    text: `INSERT INTO ${CONTENT_TABLES[side]} (request_id, account_id, key_id, grant_id, at, expires_at, key_name, wrapped_key, sealed, content_type, content_encoding, content_bytes, truncated)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
    values: [row.request_id, row.account_id, row.key_id, row.grant_id, row.at, row.expires_at, row.key_name, row.wrapped_key, row.sealed, row.content_type, row.content_encoding, row.content_bytes, row.truncated] });
}

export async function findContent(tx: Tx, side: ContentSide, requestId: string): Promise<ContentRow | undefined> {
  const [row] = await managerOf(tx).query(`SELECT * FROM ${CONTENT_TABLES[side]} WHERE request_id::text = $1`, [requestId]) as ContentRow[];
  return row;
}

/** Makes everything kept under a grant due at `at`; answers how many pieces. */
export async function expireGrant(tx: Tx, grantId: string, at: Date): Promise<number> {
  let expired = 0;
  for (const table of Object.values(CONTENT_TABLES)) {
    const [, count] = await managerOf(tx).query(`UPDATE ${table} SET expires_at = $2 WHERE grant_id = $1 AND expires_at > $2`, [grantId, at]) as [unknown, number];
    expired += count;
  }
  return expired;
}

/** Up to `limit` pieces that are past their time and still under a key that is to be destroyed. */
export async function findOverdueUnder(tx: Tx, side: ContentSide, keyName: string, limit: number): Promise<Pick<ContentRow, 'request_id' | 'account_id' | 'grant_id' | 'wrapped_key'>[]> {
  return await managerOf(tx).query(`SELECT request_id, account_id, grant_id, wrapped_key FROM ${CONTENT_TABLES[side]} WHERE key_name = $1 ORDER BY request_id LIMIT ${limit} FOR UPDATE`, [keyName]) as ContentRow[];
}

/** Answers how many pieces there were: one or none. */
export async function replaceWrappedKey(tx: Tx, side: ContentSide, requestId: string, keyName: string, wrappedKey: Buffer): Promise<number> {
  const [, count] = await managerOf(tx).query(`UPDATE ${CONTENT_TABLES[side]} SET key_name = $2, wrapped_key = $3 WHERE request_id = $1`, [requestId, keyName, wrappedKey]) as [unknown, number];
  return count;
}

/** Whether any piece is sealed under the key. */
export async function isKeyInUse(tx: Tx, side: ContentSide, keyName: string): Promise<boolean> {
  return (await managerOf(tx).query(`SELECT 1 FROM ${CONTENT_TABLES[side]} WHERE key_name = $1 LIMIT 1`, [keyName]) as unknown[]).length > 0;
}
