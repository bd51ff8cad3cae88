import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { verifyInclusion, type RecordProofs } from '../../src/domain/ledger/index.js';
import { leafHash } from '../../src/domain/ledger/log/merkle.js';
import { nodeInTile } from '../../src/domain/ledger/log/tile-rules.js';
import { TreeBuilder } from '../../src/domain/ledger/log/tree-builder.js';
import { createTileCache } from '../../src/domain/ledger/tile-cache.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { writeBatches } from '../support/ledger.js';
import { roundTrips } from '../support/round-trips.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const ledger = () => test_.app.ledger, refs = (ids: readonly string[]) => ids.map((id) => ({ table: 'security_events' as const, id }));
const verified = ({ checkpoint, proofs }: RecordProofs): boolean[] => proofs.map((proof) => proof.leafIndex !== null && verifyInclusion(proof.commitment, proof.leafIndex, checkpoint!.treeSize, proof.path, checkpoint!.root));
const cost = (work: () => Promise<unknown>) => roundTrips([test_.app.database.reader], work);

test('proofs stay right while the tree grows past the tiles that were read before', async () => {
  const ids: string[] = [];
  for (const more of [1, 2, 252, 1, 1, 300, 700]) {
    ids.push(...await writeBatches(test_.app, [more]));
    await ledger().sealOnce();
    const found = await ledger().proveRecords(refs(ids));
    expect(verified(found)).toEqual(ids.map(() => true));
  }
});

test('a proof takes two round trips, and one when its tiles were read lately', async () => {
  const [id] = await writeBatches(test_.app, [5]), fresh = await createTestApp({ env: { DATABASE_URL: test_.databaseUrl } });
  try {
    await ledger().sealOnce();
    const prove = () => fresh.app.ledger.proveRecords(refs([id!])), count = () => roundTrips([fresh.app.database.reader], prove);
    expect([await count(), await count(), await count()]).toEqual([2, 1, 1]);
    expect(verified(await prove())).toEqual([true]);
  } finally { await fresh.close(); }
});

test('many records of several tables are proven in the same two round trips', async () => {
  const ids = await writeBatches(test_.app, [400, 400]);
  await ledger().sealOnce();
  expect(await cost(async () => { expect(verified(await ledger().proveRecords(refs(ids))).every(Boolean)).toBe(true); })).toBeLessThanOrEqual(2);
});

test('an altered record does not prove, however often its tiles were read, and its neighbours do', async () => {
  const ids = await writeBatches(test_.app, [3]);
  await ledger().sealOnce();
  await ledger().proveRecords(refs(ids));
  await test_.app.database.pool.query(`ALTER TABLE security_events DISABLE TRIGGER ALL; UPDATE security_events SET kind = 'other' WHERE event_id = '${ids[1]}'`);
  for (let again = 0; again < 2; again++) expect(verified(await ledger().proveRecords(refs(ids)))).toEqual([true, false, true]);
});

test('tiles of a tree that is no longer the database\'s are given up: after a restore the proofs are those of what is there', async () => {
  const own = await createTestApp();
  try {
    const { pool } = own.app.database, prove = async (ids: readonly string[]) => verified(await own.app.ledger.proveRecords(refs(ids)));
    const before = await writeBatches(own.app, [300]);
    await own.app.ledger.sealOnce();
    expect((await prove(before)).every(Boolean)).toBe(true);
    // A row trigger does not stop a TRUNCATE. The new history has as many leaves as the old one, so every tile has its namesake.
    await pool.query('TRUNCATE ledger_batches, ledger_tiles, ledger_checkpoints, security_events');
    await import('node:fs/promises').then(({ rm }) => rm(`${own.home}/log`, { recursive: true, force: true }));
    const after = await writeBatches(own.app, [300]);
    await own.app.ledger.sealOnce();
    expect(await prove(after)).toEqual(after.map(() => true));
  } finally { await own.close(); }
});

test('every node of every tile comes out as the tile rules say, from full and from partial tiles', async () => {
  const tree = new TreeBuilder(), size = 700;
  for (let leaf = 0; leaf < size; leaf++) tree.append(leafHash(randomBytes(32)));
  const tiles = [...tree.takeTiles().filter((tile) => tile.width === 256), ...tree.edgeNow()], own = await createTestApp();
  try {
    await own.app.database.pool.query('INSERT INTO ledger_tiles SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::smallint[], $4::bytea[])', (['level', 'index', 'width', 'hashes'] as const).map((name) => tiles.map((tile) => tile[name])));
    const { reader } = own.app.database, cache = createTileCache(2);
    const node = fc.integer({ min: 0, max: 9 }).chain((level) => fc.integer({ min: 0, max: (size >> level) - 1 }).map((index) => ({ level, index: BigInt(index) })));
    await fc.assert(fc.asyncProperty(fc.array(node, { minLength: 1, maxLength: 8 }), async (nodes) => {
      const source = await cache.nodes(reader, nodes);
      for (const one of nodes) {
        const tile = tiles.find(({ level, index }) => level === Math.floor(one.level / 8) && BigInt(index) === (one.index << BigInt(one.level % 8)) / 256n)!;
        expect(source(one)).toEqual(nodeInTile(one, tile.hashes));
      }
    }), { numRuns: 60 });
    await expect(cache.nodes(reader, [{ level: 0, index: 700n }]).then((source) => source({ level: 0, index: 700n }))).rejects.toThrow(RangeError);
    await expect(cache.nodes(reader, [{ level: 0, index: 900n }]).then((source) => source({ level: 0, index: 900n }))).rejects.toThrow(RangeError);
  } finally { await own.close(); }
});
