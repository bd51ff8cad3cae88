// One statement that inserts records and the batch that commits to them: there is no moment with one and not the other.
import { mintId } from '../../kernel/ids.js';
import { canonicalRecord, commitmentOf, newSalt } from './record.js';
import type { RecordRow, RecordTableName } from './record-tables.js';

/** A record to be written: its table and its row. */
export type LedgerRecord = { [T in RecordTableName]: { readonly table: T; readonly row: RecordRow<T> } }[RecordTableName];

/** An SQL statement with its parameters, for pg or TypeORM. */
export interface Statement { readonly text: string; readonly values: unknown[]; readonly batchId: string }

/**
 * The statement that writes `records` (at least one) as one ledger batch by `writer`. Rows go as one JSON parameter a table, so the
 * statement has the same shape whatever the count.
 */
export function batchStatement(records: readonly LedgerRecord[], writer: string, at: Date): Statement {
  const batchId = mintId(at);
  const byTable = new Map<RecordTableName, string[]>();
  const commitments = records.map((record, position) => {
    const canonical = canonicalRecord(record.table, record.row);
    const salt = newSalt();
    const stored = { ...canonical.row, schema_version: canonical.version, salt: `\\x${salt.toString('hex')}`, batch_id: batchId, batch_position: position };
    let rows = byTable.get(record.table);
    if (!rows) byTable.set(record.table, rows = []);
    rows.push(JSON.stringify(stored));
    return commitmentOf(canonical, salt);
  });
  const values: unknown[] = [batchId, writer, at, records.length, Buffer.concat(commitments)];
  const inserts = [...byTable].map(([table, rows], index) => {
    values.push(`[${rows.join(',')}]`);
    return `w${index} AS (INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $${values.length}::json))`;
  });
  const text = `WITH ${inserts.join(', ')} INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments) VALUES ($1, $2, $3, $4, $5)`;
  return { text, values, batchId };
}
