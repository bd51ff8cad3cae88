// Rows by account of finished partitions, counted once and kept until something writes into the partition.
//
// Exact by construction: triggers of the partition raise `version` in the transaction of every write, and a count is only kept when the
// version is still the one its own snapshot saw. A writer that is not done holds the row, so keeping waits for it and then finds another version.
import { borrowClient, managerOf, partitionDay, type Database, type Tx } from '../../platform/db/index.js';
import type { Query } from './query.store.js';

/** Triggers that must be there and switched on for a count to be believed. */
const WATCHED = `(SELECT count(*) FROM pg_trigger w WHERE w.tgrelid = c.relid AND w.tgname IN ('partition_written', 'partition_emptied') AND w.tgenabled IN ('O', 'A')) = 2`;
/** Waiting for a writer that does not end would only keep others waiting; the next run tries again. */
const LOCK_MS = 1_000;

export interface PartitionCount { readonly account: string | null; readonly rows: number }
export interface CountedPartition { readonly counts: readonly PartitionCount[]; readonly bytes: number }

/** The text of rows by account of a partition: one value instead of a row an account, which the driver would take longer for than PostgreSQL for counting. */
export function countsText(partition: string): string {
  return `SELECT string_agg(coalesce(account_id, '') || ' ' || n, E'\\n') FROM (SELECT account_id, count(*) AS n FROM ${partition} GROUP BY account_id) g`;
}

export function parseCounts(text: string | null): PartitionCount[] {
  return (text === null || text === '' ? [] : text.split('\n')).map((line) => { const at = line.lastIndexOf(' '); return { account: line.slice(0, at) || null, rows: Number(line.slice(at + 1)) }; });
}

/** Those of the partitions that are counted and were not written into since, by name. */
export async function readCounts(query: Query, names: readonly string[]): Promise<ReadonlyMap<string, CountedPartition>> {
  const rows = await query<{ name: string; counts: string; bytes: string }>(`SELECT c.name, c.counts, pg_total_relation_size(c.relid) AS bytes FROM partition_counts c JOIN pg_class r ON r.oid = c.relid AND r.relname = c.name
    WHERE c.name = ANY($1::text[]) AND c.counts IS NOT NULL AND ${WATCHED}`, [names]);
  return new Map(rows.map((row) => [row.name, { counts: parseCounts(row.counts), bytes: Number(row.bytes) }]));
}

/** Counts a partition and keeps the result. False when a write came in between: then nothing is kept. Throws PostgreSQL's 55P03 when a writer does not end. */
export function countPartition(database: Pick<Database, 'pool'>, partition: string, lockMs = LOCK_MS): Promise<boolean> {
  if (!partitionDay(partition)) throw new TypeError(`${partition} is no day's partition`);
  return borrowClient(database.pool, async (client) => {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockMs}`);
    await client.query('INSERT INTO partition_counts (relid, name) SELECT $1::regclass, $2 WHERE NOT EXISTS (SELECT 1 FROM partition_counts WHERE relid = $1::regclass) ON CONFLICT (relid) DO NOTHING', [partition, partition]);
    await client.query('UPDATE partition_counts SET name = $2 WHERE relid = $1::regclass AND name <> $2', [partition, partition]);
    const { rows: [watched] } = await client.query<{ yes: boolean }>(`SELECT ${WATCHED} AS yes FROM partition_counts c WHERE c.relid = $1::regclass`, [partition]);
    // Waits for every writer under way: whoever writes later finds the triggers, and raises the version.
    if (!watched?.yes) await client.query(`
      CREATE OR REPLACE TRIGGER partition_written AFTER INSERT OR UPDATE OR DELETE ON ${partition} FOR EACH ROW EXECUTE FUNCTION note_partition_write();
      CREATE OR REPLACE TRIGGER partition_emptied AFTER TRUNCATE ON ${partition} FOR EACH STATEMENT EXECUTE FUNCTION note_partition_write();
      ALTER TABLE ${partition} ENABLE TRIGGER partition_written, ENABLE TRIGGER partition_emptied`);
    // A count from before the triggers were there, or while they were off, is worth nothing.
    if (!watched?.yes) await client.query('UPDATE partition_counts SET version = version + 1, counts = NULL WHERE relid = $1::regclass', [partition]);
    await client.query('COMMIT');
    // Version and rows in one snapshot.
    const { rows: [found] } = await client.query<{ version: string; counts: string | null }>(`SELECT c.version, (${countsText(partition)}) AS counts FROM partition_counts c WHERE c.relid = $1::regclass`, [partition]);
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockMs}`);
    const { rowCount } = await client.query('UPDATE partition_counts SET counts = $3 WHERE relid = $1::regclass AND version = $2', [partition, found!.version, found!.counts ?? '']);
    await client.query('COMMIT');
    return rowCount === 1;
  });
}

/** Finished partitions that are not counted, newest first; what begins at `before` or later is not finished. */
export async function uncountedPartitions(query: Query, tables: readonly string[], before: Date): Promise<string[]> {
  const rows = await query<{ name: string }>(`SELECT r.relname AS name FROM pg_inherits i JOIN pg_class r ON r.oid = i.inhrelid
    WHERE i.inhparent = ANY($1::text[]::regclass[]) AND NOT i.inhdetachpending AND NOT EXISTS (SELECT 1 FROM partition_counts c WHERE c.relid = r.oid AND c.name = r.relname AND c.counts IS NOT NULL AND ${WATCHED})`, [tables]);
  const day = (name: string): number => partitionDay(name)?.getTime() ?? Infinity;
  return rows.map((row) => row.name).filter((name) => day(name) < before.getTime()).sort((a, b) => day(b) - day(a));
}

/** Of a partition that is destroyed in the same transaction. */
export async function forgetCounts(tx: Tx, partition: string): Promise<void> { await managerOf(tx).query('DELETE FROM partition_counts WHERE relid = $1::regclass', [partition]); }

/** Of partitions that are there no more, however they went. */
export async function forgetGone(tx: Tx): Promise<void> { await managerOf(tx).query('DELETE FROM partition_counts c WHERE NOT EXISTS (SELECT 1 FROM pg_class r WHERE r.oid = c.relid)'); }
