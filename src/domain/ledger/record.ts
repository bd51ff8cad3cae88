// Canonical form and commitment of a record. Pure: an auditor can read all of it, and the offline verifier repeats it.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { sha256 } from '../../kernel/digest.js';
import { RECORD_TABLES, type ColumnKind, type RecordTable, type RecordTableName } from './record-tables.js';

/** What is hashed: table, schema version and the row in JSON types (bigint as decimal text, time as ISO 8601 UTC with milliseconds). */
export interface CanonicalRecord { readonly table: string; readonly version: number; readonly row: Readonly<Record<string, Json>> }

/** The row of `table` in canonical JSON types, from what a writer holds or a reader got back from PostgreSQL. Throws TypeError for a missing column. */
export function canonicalRecord(table: RecordTableName, row: Readonly<Record<string, unknown>>): CanonicalRecord {
  const spec: RecordTable = RECORD_TABLES[table];
  const canonical: Record<string, Json> = {};
  for (const [column, kind] of Object.entries(spec.columns)) canonical[column] = canonicalValue(row[column], kind, `${table}.${column}`);
  return { table, version: spec.version, row: canonical };
}

function canonicalValue(value: unknown, kind: ColumnKind, where: string): Json {
  if (value === undefined) throw new TypeError(`${where} is missing`);
  if (value === null) return null;
  if (kind === 'bigint') return BigInt(value as string | number | bigint).toString();
  if (kind === 'time') return new Date(value as string | Date).toISOString();
  return value as Json;
}

/** SHA-256(salt ‖ RFC 8785 JSON of the canonical record); 32 bytes; this is the leaf entry of the log. */
export function commitmentOf(record: CanonicalRecord, salt: Uint8Array): Buffer {
  if (salt.length !== 16) throw new RangeError('a salt has 16 bytes');
  return sha256(salt, canonicalJson({ row: record.row, table: record.table, version: record.version }));
}
