// A log of millions of leaves in its true form (tiles, checkpoint, sealed batches) around some real records, so that real proofs can be asked for.
import { randomBytes } from 'node:crypto';
import { canonicalRecord, commitmentOf, leafHash, storedFrom } from '../../../dist/src/domain/ledger/index.js';
import { createLogKey } from '../../../dist/src/domain/ledger/log-key.js';
import { TreeBuilder } from '../../../dist/src/domain/ledger/log/tree-builder.js';

const AT_ONCE = 400;

/** Places the unsealed batches of the database at even distances among `leaves` synthetic leaves and writes the tree. */
export async function growAround(app, leaves) {
  const { pool } = app.database, { rows: batches } = await pool.query('SELECT batch_id, commitments, record_count FROM ledger_batches WHERE first_leaf IS NULL ORDER BY batch_id');
  const entries = new Map();
  for (const [at, batch] of batches.entries()) {
    const first = Math.floor((at + 0.5) * leaves / batches.length);
    await pool.query('UPDATE ledger_batches SET first_leaf = $2, sealed_at = now() WHERE batch_id = $1', [batch.batch_id, first]);
    for (let position = 0; position < batch.record_count; position++) entries.set(first + position, batch.commitments.subarray(position * 32, position * 32 + 32));
  }
  await writeTree(app, leaves, entries);
  await pool.query('ANALYZE ledger_tiles, ledger_batches');
  return leaves;
}

/** The leaves of the records of these calls, by index, as they are in the database; their batches are sealed. */
export async function entriesOf(app, requestIds) {
  const entries = new Map();
  for (const [table, column] of [['calls', 'request_id'], ['transfers', 'transfer_id'], ['transfer_outcomes', 'transfer_id']]) {
    const { rows } = await app.database.pool.query(`${storedFrom(table)} WHERE r.${column} = ANY($1::uuid[])`, [requestIds]);
    for (const row of rows) entries.set(Number(row.first_leaf) + row.batch_position, commitmentOf(canonicalRecord(table, row), row.salt));
  }
  return entries;
}

/** Writes the tiles of a tree of `leaves` leaves, real ones where `entries` has them, and a checkpoint our key signed. */
export async function writeTree(app, leaves, entries) {
  const { pool } = app.database, tree = new TreeBuilder(), entry = randomBytes(32), due = [];
  const save = async () => { await pool.query('INSERT INTO ledger_tiles SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])', ['level', 'index', 'width', 'hashes'].map((name) => due.map((tile) => tile[name]))); due.length = 0; };
  while (tree.size < leaves) {
    const real = entries.get(tree.size);
    if (!real) entry.writeUInt32BE(tree.size);
    tree.append(leafHash(real ?? entry));
    // Partial tiles only at the end: a full one is given out once.
    if (tree.size % 65_536 === 0) { due.push(...tree.takeTiles().filter((tile) => tile.width === 256)); if (due.length >= AT_ONCE) await save(); }
  }
  due.push(...tree.takeTiles().filter((tile) => tile.width === 256), ...tree.edgeNow());
  await save();
  const root = tree.root();
  await pool.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, now())', [String(leaves), root, createLogKey(app.keys, app.config.logOrigin).sign(BigInt(leaves), root)]);
}
