import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { emptyRoot, leafHash, nodeHash, perfectRoot, rootFromInclusion, verifyConsistency, verifyInclusion } from '../../../src/domain/ledger/log/merkle.js';
import { consistencySteps, foldNodes, foldSteps, inclusionSteps, perfectNodes, type NodeSource } from '../../../src/domain/ledger/log/proof-nodes.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** RFC 6962 §2.1 as written, over leaf hashes: the yardstick for everything else. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return createHash('sha256').update(Buffer.from([1])).update(naiveRoot(leaves.slice(0, split))).update(naiveRoot(leaves.slice(split))).digest();
}
const MAX = 300;
const entries = Array.from({ length: MAX }, (_, i) => Buffer.from(`entry ${i}`));
const leaves = entries.map((entry) => leafHash(entry));
const rows: Buffer[][] = [leaves];
while (rows.at(-1)!.length > 1) {
  const below = rows.at(-1)!;
  rows.push(Array.from({ length: Math.floor(below.length / 2) }, (_, i) => nodeHash(below[2 * i]!, below[2 * i + 1]!)));
}
const source: NodeSource = ({ level, index }) => rows[level]![Number(index)]!;
const roots = Array.from({ length: MAX + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));
const flip = (bytes: Uint8Array, bit: number): Buffer => { const copy = Buffer.from(bytes); copy[bit >> 3]! ^= 1 << (bit & 7); return copy; };

// github.com/transparency-dev/merkle: proof/verify_test.go and rfc6962/rfc6962_test.go.
const PUBLISHED_LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(hex);
const PUBLISHED_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex);
const N = {
  a: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', b: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  c: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4', d: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  e: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', f: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  g: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125', h: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  i: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', j: 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
} as const;
const path = (...names: (keyof typeof N)[]): Buffer[] => names.map((name) => hex(N[name]));
const PUBLISHED_INCLUSION = [[0, 1, []], [0, 8, path('a', 'b', 'c')], [5, 8, path('d', 'e', 'f')], [2, 3, path('g')], [1, 5, path('h', 'b', 'd')]] as const;
const PUBLISHED_CONSISTENCY = [[1, 1, []], [1, 8, path('a', 'b', 'c')], [6, 8, path('i', 'e', 'f')], [2, 5, path('b', 'd')], [6, 7, path('i', 'j', 'f')]] as const;

test('leaf, node and empty hashes are those of RFC 6962', () => {
  expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(leafHash(Buffer.from('L123456')).toString('hex')).toBe('395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56');
  expect(nodeHash(leaves[0]!, leaves[1]!)).toEqual(createHash('sha256').update('\u0001').update(leaves[0]!).update(leaves[1]!).digest());
});

test.each(PUBLISHED_INCLUSION)('the published inclusion proof of leaf %i in a tree of %i verifies, and we make the same', (index, size, proof) => {
  expect(verifyInclusion(PUBLISHED_LEAVES[index]!, BigInt(index), BigInt(size), proof, PUBLISHED_ROOTS[size - 1]!)).toBe(true);
  expect(foldSteps(inclusionSteps(BigInt(index), BigInt(size)), publishedSource)).toEqual(proof);
});

test.each(PUBLISHED_CONSISTENCY)('the published consistency proof from %i to %i verifies, and we make the same', (first, second, proof) => {
  expect(verifyConsistency(BigInt(first), BigInt(second), proof, PUBLISHED_ROOTS[first - 1]!, PUBLISHED_ROOTS[second - 1]!)).toBe(true);
  expect(foldSteps(consistencySteps(BigInt(first), BigInt(second)), publishedSource)).toEqual(proof);
});

function publishedSource({ level, index }: { level: number; index: bigint }): Buffer {
  const width = 1 << level, from = Number(index) * width;
  return perfectRoot(Buffer.concat(PUBLISHED_LEAVES.slice(from, from + width).map((leaf) => leafHash(leaf))));
}

test('every inclusion proof of every size up to 300 verifies, and (to size 64) not one leaf further', () => {
  for (let size = 1; size <= MAX; size++) {
    expect(foldNodes(perfectNodes(0n, BigInt(size)), source)).toEqual(roots[size]);
    for (let index = 0; index < size; index++) {
      const proof = foldSteps(inclusionSteps(BigInt(index), BigInt(size)), source);
      if (!verifyInclusion(entries[index]!, BigInt(index), BigInt(size), proof, roots[size]!)) throw new Error(`leaf ${index} of ${size} does not verify`);
      if (size <= 64 && rootFromInclusion(leaves[index]!, BigInt((index + 1) % size), BigInt(size), proof)?.equals(roots[size]!) && size > 1) throw new Error(`leaf ${index} of ${size} verifies at another index`);
    }
  }
});

test('every consistency proof of every pair of sizes up to 300 verifies', () => {
  for (let second = 0; second <= MAX; second++) for (let first = 0; first <= second; first++) {
    const proof = foldSteps(consistencySteps(BigInt(first), BigInt(second)), source);
    if (!verifyConsistency(BigInt(first), BigInt(second), proof, roots[first]!, roots[second]!)) throw new Error(`${first} to ${second} does not verify`);
  }
});

test('every single-bit change of an inclusion proof is refused: exhaustively to size 12, at random to 300', () => {
  const check = (index: number, size: number, bits: (length: number) => Iterable<number>): void => {
    const proof = foldSteps(inclusionSteps(BigInt(index), BigInt(size)), source);
    const whole = Buffer.concat([entries[index]!, ...proof, roots[size]!]);
    const entryBytes = entries[index]!.length;
    for (const bit of bits(whole.length * 8)) {
      const changed = flip(whole, bit);
      const hashes = Array.from({ length: proof.length + 1 }, (_, i) => changed.subarray(entryBytes + 32 * i, entryBytes + 32 * (i + 1)));
      const root = hashes.pop()!;
      if (verifyInclusion(changed.subarray(0, entryBytes), BigInt(index), BigInt(size), hashes, root)) throw new Error(`bit ${bit} of leaf ${index} of ${size} does not matter`);
    }
  };
  for (let size = 1; size <= 12; size++) for (let index = 0; index < size; index++) check(index, size, (length) => Array(length).keys());
  fc.assert(fc.property(fc.integer({ min: 1, max: MAX }), fc.nat(), fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (size, at, picks) =>
    check(at % size, size, (length) => picks.map((pick) => pick % length))), { numRuns: 300 });
});

test('every single-bit change of a consistency proof is refused: exhaustively to size 10, at random to 300', () => {
  const check = (first: number, second: number, bits: (length: number) => Iterable<number>): void => {
    const proof = foldSteps(consistencySteps(BigInt(first), BigInt(second)), source);
    const whole = Buffer.concat([roots[first]!, ...proof, roots[second]!]);
    for (const bit of bits(whole.length * 8)) {
      const changed = flip(whole, bit);
      const hashes = Array.from({ length: proof.length + 2 }, (_, i) => changed.subarray(32 * i, 32 * (i + 1)));
      const [old, grown] = [hashes.shift()!, hashes.pop()!];
      if (verifyConsistency(BigInt(first), BigInt(second), hashes, old, grown)) throw new Error(`bit ${bit} from ${first} to ${second} does not matter`);
    }
  };
  for (let second = 1; second <= 10; second++) for (let first = 1; first <= second; first++) check(first, second, (length) => Array(length).keys());
  fc.assert(fc.property(fc.integer({ min: 1, max: MAX }), fc.nat(), fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (second, at, picks) =>
    check(1 + (at % second), second, (length) => picks.map((pick) => pick % length))), { numRuns: 300 });
});

test('proofs that are too long, too short or of another place are refused', () => {
  for (const [index, size, proof] of PUBLISHED_INCLUSION.filter(([, size]) => size > 1)) {
    const [entry, root] = [PUBLISHED_LEAVES[index]!, PUBLISHED_ROOTS[size - 1]!];
    for (const wrong of [[...proof, root], [root, ...proof], proof.slice(1), proof.slice(0, -1), [...proof, Buffer.alloc(0)], []]) expect(verifyInclusion(entry, BigInt(index), BigInt(size), wrong, root)).toBe(false);
    for (const [i, s] of [[index + 1, size], [index - 1, size], [index ^ 2, size], [index, size * 2], [index, size >> 1], [index, 0], [-1, size]] as const) expect(verifyInclusion(entry, BigInt(i), BigInt(s), proof, root)).toBe(false);
  }
  for (const [first, second, proof] of PUBLISHED_CONSISTENCY.filter(([first, second]) => first !== second)) {
    const [old, grown] = [PUBLISHED_ROOTS[first - 1]!, PUBLISHED_ROOTS[second - 1]!];
    for (const wrong of [[...proof, old], [old, ...proof], proof.slice(1), proof.slice(0, -1), [Buffer.alloc(0), ...proof], []]) expect(verifyConsistency(BigInt(first), BigInt(second), wrong, old, grown)).toBe(false);
    for (const [f, s] of [[first + 1, second], [first - 1, second], [first ^ 2, second], [first, second * 2], [first, second >> 1]] as const) expect(verifyConsistency(BigInt(f), BigInt(s), proof, old, grown)).toBe(false);
    expect(verifyConsistency(BigInt(first), BigInt(second), proof, grown, old)).toBe(false);
  }
});

test('a hash cut short is refused, even where the bytes it lacks were just in memory', () => {
  const root = nodeHash(leaves[0]!, leaves[1]!);
  expect(verifyInclusion(entries[0]!, 0n, 2n, [leaves[1]!], root)).toBe(true);
  expect(verifyInclusion(entries[0]!, 0n, 2n, [leaves[1]!.subarray(0, 31)], root)).toBe(false);
  expect(verifyConsistency(1n, 2n, [leaves[1]!], leaves[0]!, root)).toBe(true);
  expect(verifyConsistency(1n, 2n, [leaves[1]!.subarray(0, 31)], leaves[0]!, root)).toBe(false);
});

test('a tree is consistent with itself without a path alone', () => {
  expect(verifyConsistency(5n, 5n, [], roots[5]!, roots[5]!)).toBe(true);
  expect(verifyConsistency(5n, 5n, [roots[5]!], roots[5]!, roots[5]!)).toBe(false);
  expect(verifyConsistency(5n, 5n, [], roots[5]!, roots[4]!)).toBe(false);
});

test('the empty tree is a prefix of every tree, without a path', () => {
  expect(verifyConsistency(0n, 5n, [], emptyRoot(), roots[5]!)).toBe(true);
  expect(verifyConsistency(0n, 5n, [], roots[1]!, roots[5]!)).toBe(false);
  expect(verifyConsistency(0n, 5n, [roots[1]!], emptyRoot(), roots[5]!)).toBe(false);
  expect(verifyConsistency(2n, 1n, [], roots[2]!, roots[1]!)).toBe(false);
});

test('a proof is not asked for outside the tree', () => {
  expect(() => inclusionSteps(5n, 5n)).toThrow(RangeError);
  expect(() => consistencySteps(6n, 5n)).toThrow(RangeError);
  expect(() => perfectNodes(0n, 0n).length === 0 && foldNodes([], source)).toThrow(RangeError);
});

test('a proof for a hundred million leaves has at most 27 hashes', () => {
  expect(inclusionSteps(12_345_678n, 100_000_000n)).toHaveLength(27);
});
