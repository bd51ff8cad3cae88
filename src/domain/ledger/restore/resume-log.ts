// The log goes on over a restored database: the leaves it lacks are taken from the published files, so that there is one history, not two.
import type { Clock } from '../../../kernel/clock.js';
import { coerceError } from '../../../kernel/errors.js';
import { mintId } from '../../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { Tx } from '../../../platform/db/index.js';
import type { AppendRecord } from '../append-record.js';
import { handovers, insertKey, lockSealer } from '../keys.store.js';
import { openHandover } from '../log/key-chain.js';
import { HASH_BYTES, leafHash } from '../log/merkle.js';
import { edgeTiles } from '../log/tile-rules.js';
import { TreeBuilder } from '../log/tree-builder.js';
import type { LogKey } from '../log-key.js';
import type { SealStore, UnsealedBatch } from '../seal.store.js';
import { entryReader, readPublished, type Published } from './published-log.js';
import { allUnsealed, insertLost } from './resume.store.js';

/** What lies between the database's tree and the published one. `lost` leaves have no record any more; `found` ones have, in batches the backup holds unsealed. */
export interface LogGap { readonly fromSize: bigint; readonly toSize: bigint; readonly lost: bigint; readonly found: bigint }
/** Refuses with `confirmation_required` unless `acceptLost` is the number of lost leaves (or 'any', for trials); undefined when there is no gap. */
export type ResumeLog = (tx: Tx, acceptLost: bigint | 'any' | undefined) => Promise<LogGap | undefined | Refusal>;

export interface ResumeDeps { readonly home: string; readonly anchorDir: string | undefined; readonly key: LogKey; readonly store: SealStore; readonly append: AppendRecord; readonly clock: Clock }

/** Leaves a batch of lost ones has at most, and how many go by between two writings of tiles. */
const LOST_BATCH = 4_096, TILES_EVERY = 65_536;

/**
 * Binds it. All in one transaction: hand-overs of the key, batches, tiles, and the published checkpoint as the database's newest. A crash
 * before the commit changes nothing. Refuses with `conflict` when the published log does not go on from the database's tree.
 */
export function createResumeLog(deps: ResumeDeps): ResumeLog {
  return async (tx, acceptLost) => {
    const published = await readPublished({ ...deps, firstKey: deps.key.verifierKey });
    if (!published || published.treeSize <= ((await deps.store.lastCheckpoint(tx))?.treeSize ?? 0n)) return undefined;
    await lockSealer(tx);
    const last = await deps.store.lastCheckpoint(tx), fromSize = last?.treeSize ?? 0n;
    const followed = await takeHandovers(tx, deps.key, published);
    if (isRefusal(followed)) return followed;
    const stored = await deps.store.readTiles(tx, edgeTiles(fromSize));
    const tree = TreeBuilder.resume(Number(fromSize), (level, index) => stored.get(`${level}/${index}`));
    if (last && !tree.root().equals(last.root)) return refuse('conflict', 'the tiles of the database do not have the root that was signed; run `holdfast verify`');
    const gap = await fillGap(tx, deps, tree, published);
    if (!tree.root().equals(published.root)) return refuse('conflict', `the entries in HOME/log do not go on from the database's ${fromSize} leaves to the root of ${published.path}; this home belongs to another database, or its files were changed`);
    if (gap.lost > 0n && acceptLost !== 'any' && acceptLost !== gap.lost) return refuse('confirmation_required', describeLoss(gap, published), 'accept-lost');
    const at = deps.clock.now();
    await deps.store.insertCheckpoint(tx, { treeSize: published.treeSize, root: published.root, note: published.note, at });
    await deps.append(tx, { action: 'ledger.resume', subjectKind: 'ledger', subjectId: 'log', purpose: 'compliance_retention', reason: 'the database was restored from a backup; its log goes on from the published one',
      after: { from_size: fromSize.toString(), to_size: published.treeSize.toString(), lost: gap.lost.toString(), found: gap.found.toString(), root: published.root.toString('base64') } });
    return gap;
  };
}

function describeLoss({ fromSize, toSize, lost, found }: LogGap, { path }: Published): string {
  return `the database ends at ${fromSize} leaves, ${path} at ${toSize}: ${lost} records written since the backup are lost (${found} are there, not sealed yet); their commitments stay in the log. If no newer database can be had, say --accept-lost ${lost}`;
}

/** The key may have been handed over since the backup: the published notes, which both keys signed, stand for the lost rows. */
async function takeHandovers(tx: Tx, key: LogKey, published: Published): Promise<Refusal | undefined> {
  const known = await handovers(tx), all = published.handovers;
  if (!known.every((note, at) => note === all[at])) return all.length < known.length ? undefined : refuse('conflict', 'the hand-overs of the log key in HOME/log/keys are not those of the database');
  for (const [index, handover] of all.slice(known.length).entries()) {
    const { to, treeSize, at } = openHandover(handover);
    await insertKey(tx, { place: known.length + index + 2, verifierKey: to, fromSize: treeSize, handover, at: new Date(at) });
  }
  try { key.follow(all); } catch (error) { return refuse('conflict', coerceError(error).message); }
  return undefined;
}

async function fillGap(tx: Tx, { home, store, clock }: ResumeDeps, tree: TreeBuilder, published: Published): Promise<LogGap> {
  const fromSize = BigInt(tree.size), toSize = published.treeSize, at = clock.now(), entryOf = entryReader(home, toSize);
  const byFirst = new Map((await allUnsealed(tx)).map((batch) => [batch.commitments.subarray(0, HASH_BYTES).toString('base64'), batch]));
  let lost: Buffer[] = [], lostFrom = fromSize, found = 0n;
  const flush = async (): Promise<void> => {
    if (lost.length > 0) await insertLost(tx, { batchId: mintId(at), commitments: Buffer.concat(lost), firstLeaf: lostFrom, at });
    lost = [];
  };
  const appendLeaf = async (commitment: Buffer): Promise<void> => {
    tree.append(leafHash(commitment));
    if (tree.size % TILES_EVERY === 0) await store.saveTiles(tx, tree.takeTiles());
  };
  for (let leaf = fromSize; leaf < toSize;) {
    const commitment = Buffer.from(await entryOf(leaf)), batch = byFirst.get(commitment.toString('base64'));
    if (batch && await standsAt(batch, leaf, toSize, entryOf)) {
      await flush();
      await store.assignLeaves(tx, [{ batchId: batch.batchId, firstLeaf: Number(leaf) }], at);
      for (let from = 0; from < batch.commitments.length; from += HASH_BYTES) await appendLeaf(batch.commitments.subarray(from, from + HASH_BYTES));
      const count = BigInt(batch.commitments.length / HASH_BYTES);
      found += count;
      leaf += count;
      continue;
    }
    if (lost.length === 0) lostFrom = leaf;
    lost.push(commitment);
    await appendLeaf(commitment);
    if (lost.length === LOST_BATCH) await flush();
    leaf += 1n;
  }
  await flush();
  await store.saveTiles(tx, tree.takeTiles());
  return { fromSize, toSize, found, lost: toSize - fromSize - found };
}

/** Commitments are salted, so one that is equal is the same record; a batch is taken whole or not at all. */
async function standsAt({ commitments }: UnsealedBatch, leaf: bigint, end: bigint, entryOf: (leaf: bigint) => Promise<Buffer>): Promise<boolean> {
  const count = commitments.length / HASH_BYTES;
  if (leaf + BigInt(count) > end) return false;
  for (let at = 0; at < count; at++) if (!(await entryOf(leaf + BigInt(at))).equals(commitments.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))) return false;
  return true;
}
