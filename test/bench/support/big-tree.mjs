// A log of millions of leaves in its true form (tiles, checkpoint, sealed batches) around a few hundred real records, so that real proofs can be asked for.
import { randomBytes } from 'node:crypto';
import { leafHash } from '../../../dist/src/domain/ledger/index.js';
import { createLogKey } from '../../../dist/src/domain/ledger/log-key.js';
import { TreeBuilder } from '../../../dist/src/domain/ledger/log/tree-builder.js';

const AT_ONCE = 400;

/** Places the unsealed batches of the database at even distances among `leaves` synthetic leaves and writes the tree. */
export async function growAround(app, leaves) {
  const { pool } = app.database, { rows: batches } = await pool.query('SELECT batch_id, commitments, record_count FROM ledger_batches WHERE first_leaf IS NULL ORDER BY batch_id');
  const places = new Map(batches.map((batch, at) => [Math.floor((at + 0.5) * leaves / batches.length), batch]));
  const tree = new TreeBuilder(), entry = randomBytes(32), due = [];
  const save = async () => { await pool.query('INSERT INTO ledger_tiles SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])', ['level', 'index', 'width', 'hashes'].map((name) => due.map((tile) => tile[name]))); due.length = 0; };
  while (tree.size < leaves) {
    const batch = places.get(tree.size);
    if (batch) {
      await pool.query('UPDATE ledger_batches SET first_leaf = $2, sealed_at = now() WHERE batch_id = $1', [batch.batch_id, tree.size]);
      for (let at = 0; at < batch.commitments.length; at += 32) tree.append(leafHash(batch.commitments.subarray(at, at + 32)));
    } else { entry.writeUInt32BE(tree.size); tree.append(leafHash(entry)); }
    // Partial tiles only at the end: a full one is given out once.
    if (tree.size % 65_536 === 0) { due.push(...tree.takeTiles().filter((tile) => tile.width === 256)); if (due.length >= AT_ONCE) await save(); }
  }
  due.push(...tree.takeTiles().filter((tile) => tile.width === 256), ...tree.edgeNow());
  await save();
  const root = tree.root();
  await pool.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, now())', [String(tree.size), root, createLogKey(app.keys, app.config.logOrigin).sign(BigInt(tree.size), root)]);
  await pool.query('ANALYZE ledger_tiles, ledger_batches');
  return tree.size;
}
