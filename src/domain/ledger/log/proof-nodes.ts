// Which stored nodes make up an inclusion or consistency proof (RFC 6962 §2.1.1, §2.1.2), and their folding into the path.
import { nodeHash } from './merkle.js';

/** The root of the perfect subtree over leaves index·2^level … (index+1)·2^level − 1. */
export interface TreeNode { readonly level: number; readonly index: bigint }
/** Reads one stored node. */
export type NodeSource = (node: TreeNode) => Uint8Array;
/** One hash of a proof, as the perfect subtrees it is folded from, left to right. */
export type ProofStep = readonly TreeNode[];

/** Steps of the inclusion proof of leaf `index` in the tree of `size` leaves, from the sibling upward. Throws RangeError outside the tree. */
export function inclusionSteps(index: bigint, size: bigint): ProofStep[] {
  if (index < 0n || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  return climb(index, 0n, size);
}

function climb(index: bigint, from: bigint, to: bigint): ProofStep[] {
  if (to - from === 1n) return [];
  const middle = from + splitOf(to - from);
  return index < middle ? [...climb(index, from, middle), perfectNodes(middle, to)] : [...climb(index, middle, to), perfectNodes(from, middle)];
}

/** Steps of the proof that the tree of `first` leaves is a prefix of the one of `second`; empty for 0 and for equal sizes. */
export function consistencySteps(first: bigint, second: bigint): ProofStep[] {
  if (first < 0n || first > second) throw new RangeError(`no tree of ${first} leaves comes before one of ${second}`);
  return first === 0n || first === second ? [] : descend(first, 0n, second, true);
}

function descend(first: bigint, from: bigint, to: bigint, whole: boolean): ProofStep[] {
  if (first === to) return whole ? [] : [perfectNodes(from, to)];
  const middle = from + splitOf(to - from);
  return first <= middle
    ? [...descend(first, from, middle, whole), perfectNodes(middle, to)]
    : [...descend(first, middle, to, false), perfectNodes(from, middle)];
}

/** The perfect subtrees that cover leaves `from` to `to` (excluded), largest first; `from` must be aligned as in a proof. */
export function perfectNodes(from: bigint, to: bigint): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = from; at < to;) {
    let level = 0;
    while ((2n << BigInt(level)) <= to - at) level += 1;
    nodes.push({ level, index: at >> BigInt(level) });
    at += 1n << BigInt(level);
  }
  return nodes;
}

/** The path of hashes for the steps, read from `source`. */
export function foldSteps(steps: readonly ProofStep[], source: NodeSource): Buffer[] {
  return steps.map((step) => foldNodes(step, source));
}

/** The root over adjoining perfect subtrees, largest first; at least one. */
export function foldNodes(nodes: ProofStep, source: NodeSource): Buffer {
  let root: Buffer | undefined;
  for (const node of nodes.toReversed()) root = root ? nodeHash(source(node), root) : Buffer.from(source(node));
  if (!root) throw new RangeError('a tree without leaves has no nodes');
  return root;
}

/** The largest power of two below `count` (at least 2). */
function splitOf(count: bigint): bigint {
  let split = 1n;
  while (split << 1n < count) split <<= 1n;
  return split;
}
