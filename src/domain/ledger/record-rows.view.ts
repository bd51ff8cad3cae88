import type pg from 'pg';
import { RECORD_TABLES, type RecordTableName } from './record-tables.js';

/** A stored record as read: the row's columns under `row`, and where the ledger says it stands. */
export interface StoredRecord {
  readonly id: string;
  readonly schemaVersion: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly salt: Buffer;
  readonly batchId: string;
  readonly position: number;
  /** First leaf of its batch; null when not sealed. */
  readonly firstLeaf: bigint | null;
}

type Row = Record<string, unknown> & { schema_version: number; salt: Buffer; batch_id: string; batch_position: number; first_leaf: string | null };

/** The records of these keys that exist. The key is the partition key, so each is one index lookup in one partition. */
export async function readRecords(reader: pg.Pool, table: RecordTableName, ids: readonly string[]): Promise<StoredRecord[]> {
  const { key } = RECORD_TABLES[table];
  const { rows } = await reader.query<Row>(`SELECT r.*, b.first_leaf FROM ${table} r LEFT JOIN ledger_batches b USING (batch_id) WHERE r.${key} = ANY($1::uuid[])`, [ids]);
  return rows.map((row) => ({
    id: String(row[key]), schemaVersion: row.schema_version, row, salt: row.salt, batchId: row.batch_id, position: row.batch_position,
    firstLeaf: row.first_leaf === null ? null : BigInt(row.first_leaf),
  }));
}
