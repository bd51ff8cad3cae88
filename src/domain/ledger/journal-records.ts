// Records as one line of text, for a journal that keeps them while PostgreSQL is away; the same values come out again.
import { encodeOpenRow } from './encode-row.js';
import { RECORD_TABLES, type ColumnKind, type RecordTableName } from './record-tables.js';
import type { LedgerRecord } from './write-records.js';

/** JSON text without a line break. Throws TypeError for what no commitment could be made of. */
export function encodeRecords(records: readonly LedgerRecord[]): string {
  return `[${records.map(({ table, row }) => `{"table":"${table}","row":${encodeOpenRow(table, row)}}}`).join(',')}]`;
}

/** Throws TypeError for what `encodeRecords` did not make. */
export function decodeRecords(text: string): LedgerRecord[] {
  const list = JSON.parse(text) as { table: RecordTableName; row: Record<string, unknown> }[];
  return list.map(({ table, row }) => {
    const columns: Record<string, ColumnKind> | undefined = Object.hasOwn(RECORD_TABLES, table) ? RECORD_TABLES[table].columns : undefined;
    if (!columns) throw new TypeError(`no record table is called ${String(table)}`);
    const values = Object.entries(columns).map(([name, kind]) => [name, kind === 'time' && row[name] !== null ? new Date(row[name] as string) : row[name]]);
    return { table, row: Object.fromEntries(values) } as LedgerRecord;
  });
}
