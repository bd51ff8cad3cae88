import { managerOf, type Tx } from '../../../platform/db/index.js';
import type { WrittenEntry } from './removal-entry.js';

export interface KnownEntry { readonly number: number; readonly sha256: string }

/** The last entry this database knows; whoever appends holds the table until the transaction ends, so that numbers have no gaps. */
export async function lockLast(tx: Tx): Promise<KnownEntry | undefined> {
  await managerOf(tx).query('LOCK TABLE removal_journal IN EXCLUSIVE MODE');
  const [row] = await managerOf(tx).query("SELECT number, encode(sha256, 'hex') AS sha256 FROM removal_journal ORDER BY number DESC LIMIT 1") as { number: string; sha256: string }[];
  return row && { number: Number(row.number), sha256: row.sha256 };
}

/** Takes an entry in; `unwritten` ones carry their text until the file is there. */
export async function insertEntry(tx: Tx, entry: WrittenEntry, unwritten: boolean): Promise<void> {
  await managerOf(tx).query("INSERT INTO removal_journal (number, kind, subject, sha256, at, entry) VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6)",
    [String(entry.number), entry.kind, entry.subject, entry.sha256, entry.at, unwritten ? entry.text : null]);
}

/** Entries without a file yet, oldest first; nobody else writes files until the transaction ends. */
export async function takeUnwritten(tx: Tx): Promise<{ number: number; text: string; sha256: string }[]> {
  await managerOf(tx).query("SELECT pg_advisory_xact_lock(hashtext('holdfast_removals'))");
  const rows = await managerOf(tx).query("SELECT number, entry, encode(sha256, 'hex') AS sha256 FROM removal_journal WHERE entry IS NOT NULL ORDER BY number") as { number: string; entry: string; sha256: string }[];
  return rows.map((row) => ({ number: Number(row.number), text: row.entry, sha256: row.sha256 }));
}

export async function markWritten(tx: Tx, number: number): Promise<void> {
  await managerOf(tx).query('UPDATE removal_journal SET entry = NULL WHERE number = $1', [String(number)]);
}
