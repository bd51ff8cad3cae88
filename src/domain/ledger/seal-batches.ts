// Sealing: committed batches get the next leaves, the tree grows, a checkpoint is signed; all in one transaction, one sealer at a time.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Checkpoint } from './checkpoint.view.js';
import { HASH_BYTES, leafHash } from './log/merkle.js';
import { edgeTiles } from './log/tile-rules.js';
import { TreeBuilder } from './log/tree-builder.js';
import type { LogKey } from './log-key.js';
import type { LeafRange, SealStore } from './seal.store.js';

/** Leaves a pass takes at most (a batch is never split). On a busy machine 5,000 took 0.13 to 0.3 s; 20,000 sealed half again as many a second, but in transactions of 0.3 to 0.9 s. */
export const MAX_LEAVES = 5_000;
/** A sealer that dies is replaced after this; one that lives renews with every pass. What keeps two apart is the row lock of the pass, not this. */
export const LEASE_MS = 2_000;

export interface SealDeps {
  readonly bookkeeping: Act; readonly clock: Clock; readonly key: LogKey; readonly store: SealStore;
  /** Unique to this process and run. */
  readonly holder: string;
  /** Refuses (by throwing) when what was published outside the database is not a prefix of this tree. */
  checkAnchor(last: Checkpoint | undefined): Promise<void>;
}
/** What a pass did; `busy`: another sealer holds the lease. */
export type SealPass = { readonly busy: true } | { readonly busy: false; readonly leaves: number; readonly checkpoint: Checkpoint | undefined; readonly full: boolean };

/**
 * One pass, after which the lease stays ours for `leaseMs`. Throws `verification_failed` rather than sign a checkpoint that does not extend the last one; anything else that fails
 * leaves the database as it was, and the next pass starts from the rows again: no state is kept between passes.
 */
export async function sealPass(deps: SealDeps, leaseMs: number): Promise<SealPass> {
  return deps.bookkeeping(systemActor('sealer'), async (tx): Promise<SealPass> => {
    if (!await deps.store.claimLease(tx, deps.holder, leaseMs)) return { busy: true };
    deps.key.follow(await deps.store.handovers(tx));
    const last = await deps.store.lastCheckpoint(tx);
    // Whatever is committed and has no leaves, oldest first. Never by a highest id seen: a transaction that commits late would be skipped.
    const batches = await deps.store.takeBatches(tx, MAX_LEAVES);
    if (batches.length === 0) return { busy: false, leaves: 0, checkpoint: last, full: false };
    await deps.checkAnchor(last);
    const tree = await resumeTree(tx, deps, last);
    const before = tree.size;
    const ranges: LeafRange[] = batches.map(({ batchId, commitments }) => {
      const firstLeaf = tree.size;
      for (let at = 0; at < commitments.length; at += HASH_BYTES) tree.append(leafHash(commitments.subarray(at, at + HASH_BYTES)));
      return { batchId, firstLeaf };
    });
    const at = deps.clock.now(), treeSize = BigInt(tree.size), root = tree.root();
    const checkpoint = { treeSize, root, note: deps.key.sign(treeSize, root), at };
    await deps.store.assignLeaves(tx, ranges, at);
    await deps.store.saveTiles(tx, tree.takeTiles());
    await deps.store.insertCheckpoint(tx, checkpoint);
    // Commit point: the transaction ends with this return. A crash before it seals nothing, and the signature was shown to nobody;
    // after it leaves, tiles and checkpoint exist together, and publishing can be repeated from them at any time.
    return { busy: false, leaves: tree.size - before, checkpoint, full: tree.size - before >= MAX_LEAVES };
  });
}

/** The tree of the last checkpoint, from its edge tiles, proven to have the root that was signed. */
async function resumeTree(tx: Tx, deps: SealDeps, last: Checkpoint | undefined): Promise<TreeBuilder> {
  if (!last) return new TreeBuilder();
  const signed = opened(deps.key, last);
  const stored = await deps.store.readTiles(tx, edgeTiles(last.treeSize));
  const tree = attempt(() => TreeBuilder.resume(Number(last.treeSize), (level, index) => stored.get(`${level}/${index}`)));
  if (signed.treeSize !== last.treeSize || !signed.root.equals(last.root) || !tree.root().equals(last.root)) {
    throw refused(`the tiles of the ${last.treeSize} sealed leaves do not have the root that was signed`);
  }
  return tree;
}

function opened(key: LogKey, last: Checkpoint): { treeSize: bigint; root: Buffer } {
  try { return key.open(last.note); } catch (error) {
    throw refused(`the last checkpoint is not one of ${key.origin} with the key in keys/ (${coerceError(error).message}); restore that key, or HOLDFAST_LOG_ORIGIN`);
  }
}
function attempt<T>(read: () => T): T {
  try { return read(); } catch (error) { throw refused(coerceError(error).message); }
}
/** The sealer stops at this and says why; `holdfast verify` names what is wrong. */
export function refused(reason: string): HoldfastError {
  return new HoldfastError('verification_failed', `nothing was sealed: ${reason}; run "holdfast verify"`);
}
