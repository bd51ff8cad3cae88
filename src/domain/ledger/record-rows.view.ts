import { question, type Question } from '../../platform/db/index.js';
import { RECORD_TABLES, type RecordTableName } from './record-tables.js';

/** A stored record as read: every column of its row and, as `first_leaf`, the first leaf of its batch; that is null when it is not sealed. */
export type StoredRow = Readonly<Record<string, unknown>> & { readonly salt: Buffer; readonly batch_position: number; readonly first_leaf: string | null };
/** A stored record with the table it stands in. */
export interface StoredRecord { readonly table: RecordTableName; readonly row: StoredRow }

/** What a statement reads of a record table for `StoredRow`: `r` is the record, and the condition comes behind it. */
export function storedFrom(table: RecordTableName): string { return `SELECT r.*, b.first_leaf FROM ${table} r LEFT JOIN ledger_batches b USING (batch_id)`; }

/** The records of these keys that exist. The key is the partition key, so each is one index lookup in one partition. */
export function storedRecords(table: RecordTableName, ids: readonly string[]): Question<StoredRecord[]> {
  return question<StoredRow, StoredRecord[]>(`${storedFrom(table)} WHERE r.${RECORD_TABLES[table].key} = ANY($1::uuid[])`, [ids], (rows) => rows.map((row) => ({ table, row })));
}
