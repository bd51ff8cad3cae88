import type pg from 'pg';
import { readCheckpointsAfter, type Checkpoint } from '../checkpoint.view.js';
import { RECORD_TABLES, type RecordTableName } from '../record-tables.js';

const BATCHES = 500, TILES = 64, CHECKPOINTS = 1_000, RECORDS = 2_000;

/** A sealed batch. */
export interface SealedBatch { readonly batchId: string; readonly writer: string; readonly at: Date; readonly firstLeaf: number; readonly recordCount: number; readonly commitments: Buffer }

/** Sealed batches whose first leaf is below `end`, by first leaf; two with the same first leaf both come. */
export async function* streamBatches(reader: pg.Pool, end: number): AsyncGenerator<SealedBatch> {
  let after: [number, string] = [-1, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const { rows } = await reader.query<{ batch_id: string; writer: string; at: Date; first_leaf: string; record_count: number; commitments: Buffer }>(`
      SELECT batch_id, writer, at, first_leaf, record_count, commitments FROM ledger_batches
      WHERE first_leaf >= $1 AND (first_leaf, batch_id) > ($1, $2::uuid) AND first_leaf < $3 ORDER BY first_leaf, batch_id LIMIT ${BATCHES}`, [...after, end]);
    for (const row of rows) yield { batchId: row.batch_id, writer: row.writer, at: row.at, firstLeaf: Number(row.first_leaf), recordCount: row.record_count, commitments: row.commitments };
    if (rows.length < BATCHES) return;
    after = [Number(rows.at(-1)!.first_leaf), rows.at(-1)!.batch_id];
  }
}

/** A stored tile. */
export interface StoredTile { readonly index: number; readonly width: number; readonly hashes: Buffer }

/** The tiles of one level, in order. */
export async function* streamTiles(reader: pg.Pool, level: number): AsyncGenerator<StoredTile> {
  for (let from = 0; ;) {
    const { rows } = await reader.query<{ tile_index: string; width: number; hashes: Buffer }>(
      `SELECT tile_index, width, hashes FROM ledger_tiles WHERE level = $1 AND tile_index >= $2 ORDER BY tile_index LIMIT ${TILES}`, [level, from]);
    for (const row of rows) yield { index: Number(row.tile_index), width: row.width, hashes: row.hashes };
    if (rows.length < TILES) return;
    from = Number(rows.at(-1)!.tile_index) + 1;
  }
}

/** Tiles whose width is not the one the newest checkpoint gives them, in one snapshot. */
export async function readMisfitTiles(reader: pg.Pool): Promise<{ level: number; index: number; width: number; expected: number }[]> {
  const { rows } = await reader.query<{ level: number; tile_index: string; width: number; expected: string }>(`
    SELECT level, tile_index, width, expected FROM (SELECT level, tile_index, width, greatest(0, least(256, (size >> (8 * level)) - tile_index * 256)) AS expected
      FROM ledger_tiles, (SELECT coalesce(max(tree_size), 0) AS size FROM ledger_checkpoints) c) t WHERE width <> expected ORDER BY level, tile_index LIMIT 1000`);
  return rows.map((row) => ({ level: row.level, index: Number(row.tile_index), width: row.width, expected: Number(row.expected) }));
}

/** Checkpoints up to `end` leaves, smallest first. */
export async function* streamCheckpoints(reader: pg.Pool, end: bigint): AsyncGenerator<Checkpoint> {
  for (let after = 0n; after < end;) {
    const page = await readCheckpointsAfter(reader, after, CHECKPOINTS);
    for (const checkpoint of page) if (checkpoint.treeSize <= end) yield checkpoint;
    if (page.length < CHECKPOINTS) return;
    after = page.at(-1)!.treeSize;
  }
}

/** One past the last leaf any batch was given; 0 when none is sealed. */
export async function readSealedEnd(reader: pg.Pool): Promise<number> {
  const { rows: [row] } = await reader.query<{ end: string | null }>('SELECT first_leaf + record_count AS end FROM ledger_batches WHERE first_leaf IS NOT NULL ORDER BY first_leaf DESC LIMIT 1');
  return Number(row?.end ?? 0);
}

/** The batch a leaf belongs to, and its place in it. */
export async function readBatchOfLeaf(reader: pg.Pool, leaf: number): Promise<{ batchId: string; writer: string; at: Date; position: number } | undefined> {
  const { rows: [row] } = await reader.query<{ batch_id: string; writer: string; at: Date; first_leaf: string }>(
    'SELECT batch_id, writer, at, first_leaf FROM ledger_batches WHERE first_leaf <= $1 ORDER BY first_leaf DESC LIMIT 1', [leaf]);
  return row && { batchId: row.batch_id, writer: row.writer, at: row.at, position: leaf - Number(row.first_leaf) };
}

/** A row of a record table beside what its batch committed to at its position. */
export interface RecordRow {
  readonly table: RecordTableName; readonly id: string; readonly row: Readonly<Record<string, unknown>>;
  readonly schemaVersion: number; readonly salt: Buffer; readonly batchId: string; readonly position: number;
  /** Undefined: there is no such batch. `firstLeaf` null: not sealed. `commitment` is 32 bytes, or fewer when the position is outside. */
  readonly batch: { readonly firstLeaf: number | null; readonly recordCount: number; readonly commitment: Buffer } | undefined;
}
type Row = Record<string, unknown> & { schema_version: number; salt: Buffer; batch_id: string; batch_position: number; first_leaf: string | null; record_count: number | null; committed: Buffer | null };

/** Every row of a record table, by key, two rows of one key included. The next page is read while one is judged: a fifth faster. */
export async function* streamRecords(reader: pg.Pool, table: RecordTableName): AsyncGenerator<RecordRow> {
  const { key } = RECORD_TABLES[table];
  const read = async (from: string, compare: '>=' | '>'): Promise<Row[]> => (await reader.query<Row>(`
    SELECT r.*, b.first_leaf, b.record_count, substring(b.commitments FROM greatest(r.batch_position, 0) * 32 + 1 FOR 32) AS committed
    FROM (SELECT * FROM ${table} WHERE ${key} ${compare} $1 ORDER BY ${key} LIMIT ${RECORDS}) r LEFT JOIN ledger_batches b USING (batch_id) ORDER BY r.${key}`, [from])).rows;
  for (let rows = await read('00000000-0000-0000-0000-000000000000', '>='); ;) {
    const full = rows.length === RECORDS, last = String(rows.at(-1)?.[key]);
    // The rows of the last key come with the next page, whole: a second row of the same key must not fall between two pages.
    const whole = full ? rows.filter((row) => row[key] !== last) : rows;
    const next = full ? read(last, whole.length > 0 ? '>=' : '>') : undefined;
    // Whoever stops early leaves this behind; its failure is then nobody's.
    next?.catch(() => undefined);
    for (const row of whole.length > 0 ? whole : rows) yield toRecordRow(table, key, row);
    if (!next) return;
    rows = await next;
  }
}

function toRecordRow(table: RecordTableName, key: string, row: Row): RecordRow {
  return {
    table, id: String(row[key]), row, schemaVersion: row.schema_version, salt: row.salt, batchId: row.batch_id, position: row.batch_position,
    batch: row.record_count === null || row.committed === null ? undefined
      : { firstLeaf: row.first_leaf === null ? null : Number(row.first_leaf), recordCount: row.record_count, commitment: row.committed },
  };
}

/** Leaves from `from` to `to` (excluded) that were taken from the published log when a backup was restored. */
export interface Loss { readonly from: number; readonly to: number; /** How many of them had no record then. */ readonly leaves: number; readonly at: Date }

/** Every such range on record; the records themselves are verified like any other. */
export async function readLosses(reader: pg.Pool): Promise<Loss[]> {
  const { rows } = await reader.query<{ after: { from_size: string; to_size: string; lost: string }; at: Date }>(
    "SELECT after, at FROM audit_records WHERE subject_kind = 'ledger' AND subject_id = 'log' AND action = 'ledger.resume' ORDER BY record_id");
  return rows.map(({ after, at }) => ({ from: Number(after.from_size), to: Number(after.to_size), leaves: Number(after.lost), at }));
}
