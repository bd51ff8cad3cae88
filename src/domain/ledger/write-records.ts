// One statement that inserts records and the batch that commits to them: there is no moment with one and not the other.
import { hash } from 'node:crypto';
import { mintId } from '../../kernel/ids.js';
import { fillRandom } from '../../kernel/random.js';
import { encodeRow } from './encode-row.js';
import { RECORD_TABLES, type RecordRow, type RecordTableName } from './record-tables.js';

/** A record to be written: its table and its row. */
export type LedgerRecord = { [T in RecordTableName]: { readonly table: T; readonly row: RecordRow<T> } }[RecordTableName];

/** An SQL statement with its parameters, for pg or TypeORM. */
export interface Statement { readonly text: string; readonly values: unknown[]; readonly batchId: string }

const SALT_BYTES = 16, DIGEST_BYTES = 32;
/** Where a salt and the text it is hashed with are put together; grown when a record is larger. */
let scratch = Buffer.allocUnsafeSlow(8_192);

/**
 * The statement that writes `records` (at least one) as one ledger batch by `writer`. Rows go as one JSON parameter a table, so the
 * statement has the same shape whatever the count.
 */
export function batchStatement(records: readonly LedgerRecord[], writer: string, at: Date): Statement {
  const batchId = mintId(at);
  const byTable = new Map<RecordTableName, string[]>();
  const commitments = Buffer.allocUnsafe(DIGEST_BYTES * records.length);
  for (const [position, { table, row }] of records.entries()) {
    const text = encodeRow(table, row), { version } = RECORD_TABLES[table];
    fillRandom(scratch, 0, SALT_BYTES); // 16 random bytes; destroyed with the row, after which the commitment reveals nothing
    const salt = scratch.toString('hex', 0, SALT_BYTES);
    commit(`{"row":${text},"table":"${table}","version":${version}}`).copy(commitments, DIGEST_BYTES * position);
    let rows = byTable.get(table);
    if (!rows) byTable.set(table, rows = []);
    rows.push(`${text.slice(0, -1)},"schema_version":${version},"salt":"\\\\x${salt}","batch_id":"${batchId}","batch_position":${position}}`);
  }
  const values: unknown[] = [batchId, writer, at, records.length, commitments];
  const inserts = [...byTable].map(([table, rows], index) => {
    values.push(`[${rows.join(',')}]`);
    return `w${index} AS (INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $${values.length}::json))`;
  });
  const text = `WITH ${inserts.join(', ')} INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments) VALUES ($1, $2, $3, $4, $5)`;
  return { text, values, batchId };
}

/** SHA-256 of the salt at the start of the scratch space and the text; what `commitmentOf` makes of the same record and salt. */
function commit(text: string): Buffer {
  const needed = SALT_BYTES + text.length * 3; // at most three bytes of UTF-8 a UTF-16 unit
  if (scratch.length < needed) { const larger = Buffer.allocUnsafeSlow(needed); scratch.copy(larger, 0, 0, SALT_BYTES); scratch = larger; }
  const written = scratch.write(text, SALT_BYTES, 'utf8');
  return hash('sha256', scratch.subarray(0, SALT_BYTES + written), 'buffer');
}
