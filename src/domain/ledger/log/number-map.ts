// A sparse Merkle tree over the last numbers of accounts: one account's number, or that it has none, is shown without telling of others.
import { createHmac } from 'node:crypto';
import { sha256 } from '../../../kernel/digest.js';

/** Levels of the tree; keys are the first 16 bytes of a hash. */
const DEPTH = 128;
const LEAF = Buffer.from([0]), NODE = Buffer.from([1]);

/** Shows the number of one account (0: it has none) under a root. `salt` keeps outsiders from guessing other leaves. */
export interface NumberProof { readonly number: number; readonly salt: Buffer; /** Hashes that are not those of empty subtrees, from the leaf upward, each with its level. */ readonly path: readonly { readonly level: number; readonly hash: Buffer }[] }

/** Hash of an empty subtree by its height: EMPTY[0] is that of an absent leaf. */
const EMPTY: Buffer[] = [sha256(LEAF)];
for (let level = 1; level <= DEPTH; level++) EMPTY.push(sha256(NODE, EMPTY[level - 1]!, EMPTY[level - 1]!));

interface Leaf { readonly key: Buffer; readonly hash: Buffer }

/** The root over the last numbers of an epoch; `secret` (32 bytes) belongs to the epoch and makes the salts. */
export function numberRoot(epochId: string, secret: Buffer, numbers: Readonly<Record<string, number>>): Buffer {
  return subtree(leavesOf(epochId, secret, numbers), DEPTH);
}

/** Proof for one account, present or not. */
export function proveNumber(epochId: string, secret: Buffer, numbers: Readonly<Record<string, number>>, accountId: string): NumberProof {
  const key = keyOf(epochId, accountId), path: { level: number; hash: Buffer }[] = [];
  let leaves = leavesOf(epochId, secret, numbers);
  for (let level = DEPTH - 1; level >= 0; level--) {
    const side = bitOf(key, level), aside = leaves.filter((leaf) => bitOf(leaf.key, level) !== side);
    leaves = leaves.filter((leaf) => bitOf(leaf.key, level) === side);
    if (aside.length > 0) path.unshift({ level, hash: subtree(aside, level) });
  }
  return { number: Object.hasOwn(numbers, accountId) ? numbers[accountId]! : 0, salt: saltOf(secret, accountId), path };
}

/** The root a proof leads to. Compare it with the one on record. */
export function rootOfNumber(epochId: string, accountId: string, proof: NumberProof): Buffer {
  const key = keyOf(epochId, accountId), byLevel = new Map(proof.path.map((one) => [one.level, one.hash]));
  let hash = proof.number === 0 ? EMPTY[0]! : leafOf(key, proof.salt, proof.number);
  for (let level = 0; level < DEPTH; level++) {
    const sibling = byLevel.get(level) ?? EMPTY[level]!;
    hash = bitOf(key, level) ? sha256(NODE, sibling, hash) : sha256(NODE, hash, sibling);
  }
  return hash;
}

function leavesOf(epochId: string, secret: Buffer, numbers: Readonly<Record<string, number>>): Leaf[] {
  return Object.entries(numbers).filter(([, number]) => number > 0).map(([accountId, number]) => {
    const key = keyOf(epochId, accountId);
    return { key, hash: leafOf(key, saltOf(secret, accountId), number) };
  });
}

/** Hash of the subtree of this height that holds these leaves. */
function subtree(leaves: readonly Leaf[], height: number): Buffer {
  if (leaves.length === 0) return EMPTY[height]!;
  if (height === 0) return leaves[0]!.hash;
  const level = height - 1, right = leaves.filter((leaf) => bitOf(leaf.key, level)), left = leaves.filter((leaf) => !bitOf(leaf.key, level));
  return sha256(NODE, subtree(left, level), subtree(right, level));
}

function keyOf(epochId: string, accountId: string): Buffer { return sha256(epochId, '/', accountId).subarray(0, DEPTH / 8); }
function saltOf(secret: Buffer, accountId: string): Buffer { return createHmac('sha256', secret).update(accountId).digest().subarray(0, 16); }
function leafOf(key: Buffer, salt: Buffer, number: number): Buffer { return sha256(LEAF, key, salt, String(number)); }
/** Whether the key goes right where subtrees of height `level` part; level 127 is the first bit. */
function bitOf(key: Buffer, level: number): boolean { return (key[(DEPTH - 1 - level) >> 3]! & (0x80 >> ((DEPTH - 1 - level) & 7))) !== 0; }
