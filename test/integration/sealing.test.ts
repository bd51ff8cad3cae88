import { openSignedNote, verifyInclusion } from '../../src/domain/ledger/index.js';
import { leafHash } from '../../src/domain/ledger/log/merkle.js';
import { TreeBuilder } from '../../src/domain/ledger/log/tree-builder.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { writeBatches } from '../support/ledger.js';

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_.close(); });
const ledger = () => test_.app.ledger;

/** The root over all sealed batches, from their commitments alone. */
async function rebuiltRoot(): Promise<Buffer> {
  const { rows } = await test_.app.database.reader.query<{ commitments: Buffer; first_leaf: string }>('SELECT commitments, first_leaf FROM ledger_batches WHERE first_leaf IS NOT NULL ORDER BY first_leaf');
  const tree = new TreeBuilder();
  for (const row of rows) {
    expect(Number(row.first_leaf)).toBe(tree.size);
    for (let at = 0; at < row.commitments.length; at += 32) tree.append(leafHash(row.commitments.subarray(at, at + 32)));
  }
  return tree.root();
}

test('batches are sealed oldest first into contiguous leaves under a signed checkpoint', async () => {
  expect(await ledger().latestCheckpoint()).toBeUndefined();
  expect(await ledger().sealOnce()).toEqual({ leaves: 0, treeSize: 0n });
  await writeBatches(test_.app, [1, 3, 200]);
  expect((await ledger().status()).unsealedBatches).toBe(3);
  expect(await ledger().sealOnce()).toEqual({ leaves: 204, treeSize: 204n });
  const checkpoint = (await ledger().latestCheckpoint())!;
  expect(openSignedNote(checkpoint.note, ledger().verifierKey())).toEqual({ origin: 'holdfast.local/log', treeSize: 204n, root: await rebuiltRoot() });
  expect(await ledger().status()).toMatchObject({ treeSize: 204n, unsealedBatches: 0, oldestUnsealedMs: null, lastCheckpointAt: checkpoint.at });
});

test('every record proves to be in the tree, and a changed one does not', async () => {
  const ids = await writeBatches(test_.app, [5, 300, 1]);
  const refs = ids.map((id) => ({ table: 'security_events' as const, id }));
  expect((await ledger().proveRecords(refs.slice(0, 1))).proofs[0]).toMatchObject({ leafIndex: null, path: [] });
  await ledger().sealOnce();
  const { checkpoint, proofs } = await ledger().proveRecords([...refs, { table: 'security_events', id: '00000000-0000-7000-8000-000000000000' }]);
  expect(proofs.map((proof) => proof.leafIndex)).toEqual(ids.map((_, at) => BigInt(at)));
  for (const proof of proofs) {
    expect(verifyInclusion(proof.commitment, proof.leafIndex!, checkpoint!.treeSize, proof.path, checkpoint!.root)).toBe(true);
    expect(proof.path.length).toBeLessThanOrEqual(9);
  }
  await test_.app.database.pool.query(`ALTER TABLE security_events DISABLE TRIGGER ALL; UPDATE security_events SET kind = 'other' WHERE event_id = '${ids[7]}'`);
  const { proofs: [changed] } = await ledger().proveRecords([refs[7]!]);
  expect(verifyInclusion(changed!.commitment, changed!.leafIndex!, checkpoint!.treeSize, changed!.path, checkpoint!.root)).toBe(false);
});

test('more than one pass holds is sealed pass by pass, each checkpoint extending the one before', async () => {
  await writeBatches(test_.app, Array.from({ length: 12 }, () => 1000));
  expect(await ledger().sealOnce()).toEqual({ leaves: 12_000, treeSize: 12_000n });
  const { rows } = await test_.app.database.reader.query<{ tree_size: string; root: Buffer }>('SELECT tree_size, root FROM ledger_checkpoints ORDER BY tree_size');
  expect(rows.map((row) => Number(row.tree_size))).toEqual([5000, 10_000, 12_000]);
  expect(rows.at(-1)!.root).toEqual(await rebuiltRoot());
});

test('what is sealed refuses to change, even to those who may write', async () => {
  await writeBatches(test_.app, [300]);
  await ledger().sealOnce();
  const refused = async (sql: string): Promise<void> => { await expect(test_.app.database.pool.query(sql)).rejects.toMatchObject({ code: '23000' }); };
  await refused('UPDATE ledger_batches SET first_leaf = 7');
  await refused('DELETE FROM ledger_batches');
  await refused('UPDATE ledger_tiles SET hashes = hashes WHERE tile_index = 1');
  await refused('UPDATE ledger_tiles SET width = 1, hashes = substring(hashes FROM 1 FOR 32) WHERE tile_index = 1');
  await refused(`UPDATE ledger_tiles SET width = 45, hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) || decode(repeat('00', 32), 'hex') WHERE tile_index = 1`);
  await refused('DELETE FROM ledger_tiles');
  await refused('UPDATE ledger_checkpoints SET tree_size = 5');
  await refused('DELETE FROM ledger_checkpoints');
  // ENABLE ALWAYS: a session that plays replica does not get past the triggers either.
  const client = await test_.app.database.pool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await expect(client.query('DELETE FROM ledger_tiles')).rejects.toMatchObject({ code: '23000' });
  } finally { client.release(true); }
});

test('a proof reads one partition, however many there are', async () => {
  const [id] = await writeBatches(test_.app, [1]);
  const { rows } = await test_.app.database.reader.query<{ 'QUERY PLAN': string }>('EXPLAIN SELECT r.*, b.first_leaf FROM security_events r LEFT JOIN ledger_batches b USING (batch_id) WHERE r.event_id = ANY($1::uuid[])', [[id]]);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan.match(/security_events_p\d{8}/g)).not.toBeNull();
  expect(new Set(plan.match(/security_events_p\d{8}/g)).size).toBe(1);
});
