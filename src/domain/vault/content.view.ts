import { askTogether, question, type Database, type Question } from '../../platform/db/index.js';
import type { ContentSide } from './content-rules.js';

/** A kept piece as it may be shown: that it is there, not what it says. */
export interface ContentFacts {
  readonly side: ContentSide; readonly grantId: string; readonly grantKind: string; readonly expiresAt: Date; readonly bytes: number; readonly contentType: string | null; readonly truncated: boolean;
}

/** The same by itself. */
export async function readContentFacts(reader: Database['reader'], requestId: string, now: Date): Promise<ContentFacts[]> {
  return (await askTogether(reader, { content: contentQuestion(requestId, now) })).content;
}

/** Pieces kept of a call whose time is not over at `now`. */
export function contentQuestion(requestId: string, now: Date): Question<ContentFacts[]> {
  const one = (side: ContentSide, table: string): string => `SELECT '${side}' AS side, c.grant_id AS "grantId", g.kind AS "grantKind", c.expires_at AS "expiresAt", c.content_bytes::int AS bytes,
    c.content_type AS "contentType", c.truncated FROM ${table} c JOIN content_grants g USING (grant_id) WHERE c.request_id = $1::uuid AND c.expires_at > $2`;
  return question<ContentFacts, ContentFacts[]>(`${one('input', 'vault.inputs')} UNION ALL ${one('output', 'vault.outputs')} ORDER BY side`, [requestId, now], (rows) => [...rows]);
}
