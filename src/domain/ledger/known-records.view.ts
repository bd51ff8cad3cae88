// Which of these records are in the database already.
import type pg from 'pg';
import { RECORD_TABLES, type RecordTableName } from './record-tables.js';
import type { LedgerRecord } from './write-records.js';

/** The records that are not there, in the given order. `limitMs`: how long an answer may take. */
export async function withoutKnown(pool: pg.Pool, records: readonly LedgerRecord[], limitMs: number): Promise<LedgerRecord[]> {
  const known = new Set<string>();
  for (const table of new Set(records.map((one) => one.table))) {
    const ids = records.filter((one) => one.table === table).map(idOf).sort(), { key } = RECORD_TABLES[table];
    // The bounds let PostgreSQL look into the partitions of these days alone.
    const question = { text: `SELECT ${key} AS id FROM ${table} WHERE ${key} = ANY($1::uuid[]) AND ${key} >= $2 AND ${key} <= $3`, values: [ids, ids[0], ids.at(-1)], query_timeout: limitMs };
    for (const row of (await pool.query<{ id: string }>(question)).rows) known.add(`${table}/${row.id}`);
  }
  return records.filter((one) => !known.has(`${one.table}/${idOf(one)}`));
}

function idOf(record: LedgerRecord): string {
  const table: RecordTableName = record.table;
  return String((record.row as Readonly<Record<string, unknown>>)[RECORD_TABLES[table].key]);
}
