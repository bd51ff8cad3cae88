// One statement that inserts records and the batch that commits to them: there is no moment with one and not the other.
import { hash } from 'node:crypto';
import { mintId } from '../../kernel/ids.js';
import { fillRandom } from '../../kernel/random.js';
import { encodeOpenRow } from './encode-row.js';
import { RECORD_TABLES, type RecordRow, type RecordTableName } from './record-tables.js';

/** A record to be written: its table and its row. */
export type LedgerRecord = { [T in RecordTableName]: { readonly table: T; readonly row: RecordRow<T> } }[RecordTableName];

/** An SQL statement with its parameters, for pg or TypeORM. */
export interface Statement { readonly text: string; readonly values: unknown[]; readonly batchId: string }

const SALT_BYTES = 16, DIGEST_BYTES = 32;
const BEFORE_ROW = Buffer.from('{"row":'), ROW_AT = SALT_BYTES + BEFORE_ROW.length;
/** Where a salt and the text it is hashed with are put together; grown when a record is larger. */
let scratch = newScratch(8_192);
/** What follows the row's open text when it is hashed, and when it is stored. */
const AFTER_ROW = Object.fromEntries(Object.entries(RECORD_TABLES).map(([table, { version }]) => [table, {
  hashed: `},"table":"${table}","version":${version}}`, stored: `,"schema_version":${version},"salt":"\\\\x`,
}])) as Record<RecordTableName, { hashed: string; stored: string }>;

const TABLES = Object.keys(RECORD_TABLES) as RecordTableName[];

/**
 * The statement that writes `records` (at least one) as one ledger batch by `writer`. Rows go as one JSON parameter a table, so the
 * statement has the same shape whatever the count.
 */
export function batchStatement(records: readonly LedgerRecord[], writer: string, at: Date): Statement {
  const batchId = mintId(at);
  const byTable = new Map<RecordTableName, string[]>();
  const commitments = Buffer.allocUnsafe(DIGEST_BYTES * records.length);
  for (const [position, { table, row }] of records.entries()) {
    const text = encodeOpenRow(table, row), after = AFTER_ROW[table];
    commitments.write(commit(text, after.hashed), DIGEST_BYTES * position, 'latin1');
    let parts = byTable.get(table);
    if (!parts) byTable.set(table, parts = []);
    parts.push(parts.length === 0 ? '[' : ',', text, after.stored, scratch.toString('hex', 0, SALT_BYTES), `","batch_id":"${batchId}","batch_position":${position}}`);
  }
  const values: unknown[] = [batchId, writer, at, records.length, commitments];
  // Always in the same order of tables, whatever came first: a handful of shapes, each parsed by PostgreSQL once a connection.
  const inserts = TABLES.flatMap((table) => byTable.has(table) ? [[table, byTable.get(table)!] as const] : []).map(([table, parts], index) => {
    values.push(`${parts.join('')}]`);
    return `w${index} AS (INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $${values.length}::json))`;
  });
  const text = `WITH ${inserts.join(', ')} INSERT INTO ledger_batches (batch_id, writer, at, record_count, commitments) VALUES ($1, $2, $3, $4, $5)`;
  return { text, values, batchId };
}

/**
 * Puts a fresh salt at the start of the scratch space and hashes it with the record's text; what `commitmentOf` makes of the same record
 * and salt, as one character a byte (Node's 'binary'): no buffer is made for it, 0.9 µs instead of 1.5. The salt is destroyed with the
 * row, after which the commitment reveals nothing.
 */
function commit(openRow: string, after: string): string {
  const needed = ROW_AT + openRow.length * 3 + after.length; // at most three bytes of UTF-8 a UTF-16 unit
  if (scratch.length < needed) scratch = newScratch(needed);
  fillRandom(scratch, 0, SALT_BYTES);
  let end = ROW_AT + scratch.write(openRow, ROW_AT, 'utf8');
  end += scratch.write(after, end, 'latin1');
  return hash('sha256', scratch.subarray(0, end), 'binary');
}

function newScratch(bytes: number): Buffer {
  const fresh = Buffer.allocUnsafeSlow(bytes);
  BEFORE_ROW.copy(fresh, SALT_BYTES);
  return fresh;
}
