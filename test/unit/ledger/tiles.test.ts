import fc from 'fast-check';
import { leafHash, nodeHash, perfectRoot } from '../../../src/domain/ledger/log/merkle.js';
import { foldSteps, inclusionSteps, perfectNodes, foldNodes } from '../../../src/domain/ledger/log/proof-nodes.js';
import { bundleEntry, edgeTiles, nodeInTile, parseTilePath, placeOfNode, tilePath, tileWidth, type TileId } from '../../../src/domain/ledger/log/tile-rules.js';
import { TreeBuilder } from '../../../src/domain/ledger/log/tree-builder.js';

const widths = (size: bigint): Record<string, number> => Object.fromEntries(edgeTiles(size).map(({ level, index, width }) => [`${level}/${index}`, width]));

test('a tree has the partial tiles of the specification', () => {
  expect(widths(70_000n)).toEqual({ '0/273': 112, '1/1': 17, '2/0': 1 });
  expect(widths(256n)).toEqual({ '1/0': 1 });
  expect(widths(0n)).toEqual({});
  expect(tileWidth(70_000n, 0, 272n)).toBe(256);
  expect(tileWidth(70_000n, 0, 274n)).toBe(0);
  expect(tileWidth(70_000n, 1, 0n)).toBe(256);
});

test.each([
  [{ level: 0, index: 1_234_067n, width: 256 }, 'tile/0/x001/x234/067'],
  [{ level: 0, index: 1067n, width: 12 }, 'tile/0/x001/067.p/12'],
  [{ level: 63, index: 0n, width: 256 }, 'tile/63/000'],
  [{ level: 'entries', index: 5n, width: 255 }, 'tile/entries/005.p/255'],
] as [TileId, string][])('tile %o lives at %s', (tile, path) => {
  expect(tilePath(tile)).toBe(path);
  expect(parseTilePath(path)).toEqual(tile);
});

test.each(['tile/64/000', 'tile/00/000', 'tile/0/x000/001', 'tile/0/0', 'tile/0/1234', 'tile/0/001.p/0', 'tile/0/001.p/256', 'tile/0/001.p/01', 'tile/0/x001', 'tile/-1/000',
  '/tile/0/000', 'tile/0/000/', 'tile/0/../../checkpoint', 'tile/0/x001/x002', 'tile/entries/000.p/', 'tile/data/000', 'tile/0/000\n', ''])('%j is no tile path', (path) => {
  expect(parseTilePath(path)).toBeUndefined();
});

test('every tile has one path, and every path one tile', () => {
  fc.assert(fc.property(fc.record({ level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)), index: fc.bigInt({ min: 0n, max: 10n ** 15n }), width: fc.integer({ min: 1, max: 256 }) }),
    (tile) => { expect(parseTilePath(tilePath(tile))).toEqual(tile); }));
});

test('an entry bundle entry is its length in two bytes and the entry', () => {
  expect(bundleEntry(Buffer.alloc(32, 7)).subarray(0, 3)).toEqual(Buffer.from([0, 32, 7]));
});

/** All tiles of a tree as the builder gave them out, the widest of each. */
function grow(count: number, from = new TreeBuilder()): { builder: TreeBuilder; tiles: Map<string, Buffer> } {
  const tiles = new Map<string, Buffer>();
  for (let i = from.size; i < count; i++) {
    from.append(leafHash(Buffer.from(`entry ${i}`)));
    if (i % 97 === 0) for (const tile of from.takeTiles()) tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  }
  for (const tile of from.takeTiles()) tiles.set(`${tile.level}/${tile.index}`, tile.hashes);
  return { builder: from, tiles };
}

test('a tree of 66,000 leaves yields full tiles, upper levels from full tiles alone, and proofs from its tiles verify', () => {
  const { builder, tiles } = grow(66_000);
  expect([...tiles].filter(([, hashes]) => hashes.length < 8192).map(([name, hashes]) => [name, hashes.length / 32])).toEqual(expect.arrayContaining([['0/257', 208], ['1/1', 1], ['2/0', 1]]));
  expect(tiles.get('1/0')!.subarray(32 * 7, 32 * 8)).toEqual(perfectRoot(tiles.get('0/7')!));
  const source = (node: { level: number; index: bigint }): Buffer => { const { level, index } = placeOfNode(node); return nodeInTile(node, tiles.get(`${level}/${index}`)!); };
  expect(foldNodes(perfectNodes(0n, 66_000n), source)).toEqual(builder.root());
  const path = foldSteps(inclusionSteps(65_535n, 66_000n), source);
  let node = leafHash(Buffer.from('entry 65535'));
  for (const left of path.slice(0, 16)) node = nodeHash(left, node);
  expect(nodeHash(node, path[16]!)).toEqual(builder.root());
});

test('a tree taken up from its edge tiles grows exactly as one never put down, at every size to 600', () => {
  const whole = new TreeBuilder();
  const { tiles } = grow(600);
  for (let size = 0; size < 600; size++) {
    const resumed = TreeBuilder.resume(size, (level, index) => tiles.get(`${level}/${index}`));
    const before = [resumed, whole].map((one) => one.root().toString('hex'));
    const leaf = leafHash(Buffer.from(`entry ${size}`));
    for (const one of [resumed, whole]) one.append(leaf);
    const [left, right] = [resumed, whole].map((one) => [one.root().toString('hex'), ...one.takeTiles().map((tile) => `${tile.level}/${tile.index}/${tile.width} ${tile.hashes.toString('hex')}`)].join());
    if (before[0] !== before[1] || left !== right) throw new Error(`the tree taken up at ${size} leaves grows apart`);
  }
});

test('a missing or too narrow edge tile stops the taking up', () => {
  const { tiles } = grow(300);
  expect(() => TreeBuilder.resume(300, (level, index) => (level === 1 ? undefined : tiles.get(`${level}/${index}`)))).toThrow('missing or narrower');
  expect(() => TreeBuilder.resume(301, (level, index) => tiles.get(`${level}/${index}`))).toThrow('narrower than 45');
  expect(() => nodeInTile({ level: 3, index: 5n }, tiles.get('0/1')!)).toThrow('too narrow');
});

test('a copy of a tree grows apart from it', () => {
  const { builder } = grow(10);
  const copy = builder.clone();
  copy.append(leafHash(Buffer.from('x')));
  expect([builder.size, copy.size]).toEqual([10, 11]);
  expect(builder.root()).toEqual(grow(10).builder.root());
});
