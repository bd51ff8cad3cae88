import type pg from 'pg';
import type { KnownEntry } from './removals.store.js';

/** The last entry the database knows, and the one of a number. */
export async function readKnown(reader: pg.Pool, number?: number): Promise<KnownEntry | undefined> {
  const { rows: [row] } = await reader.query<{ number: string; sha256: string }>(
    "SELECT number, encode(sha256, 'hex') AS sha256 FROM removal_journal WHERE $1::bigint IS NULL OR number = $1 ORDER BY number DESC LIMIT 1", [number ?? null]);
  return row && { number: Number(row.number), sha256: row.sha256 };
}

/** Keys of the vault that were destroyed, as journal and records have it. */
export async function readShredded(reader: pg.Pool): Promise<string[]> {
  return (await reader.query<{ key: string }>("SELECT subject AS key FROM removal_journal WHERE kind = 'shred' UNION SELECT subject_id FROM audit_records WHERE action = 'content.shred' ORDER BY 1")).rows.map((row) => row.key);
}
