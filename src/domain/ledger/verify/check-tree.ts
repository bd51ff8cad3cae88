// Rebuilds the tree from the batches' commitments alone and holds every checkpoint, the published one and the level-0 tiles against it.
import { HASH_BYTES, leafHash } from '../log/merkle.js';
import { TreeBuilder } from '../log/tree-builder.js';
import type { Anchor } from '../anchor/read-anchors.js';
import { TILE_WIDTH } from '../log/tile-rules.js';
import type { LogKey } from '../log-key.js';
import type { Reader } from '../reader.js';
import { CheckpointCheck } from './check-checkpoints.js';
import { leaves, type Findings } from './findings.js';
import { LeafSet } from './leaf-set.js';
import { streamBatches, streamTiles, type SealedBatch, type StoredTile } from './streams.view.js';

/** What the tree check learned, for the checks that follow. */
export interface TreeCheck {
  /** Leaves whose batch is gone. */
  readonly uncovered: LeafSet;
  /** Leaf hashes the tree was signed with where the batch now says something else; few, or the checkpoints say it all. */
  readonly signedLeaves: ReadonlyMap<number, Buffer>;
  /** Names ("0/12") of level-0 tiles already reported. */
  readonly badTiles: Set<string>;
}

interface Difference { readonly leaf: number; readonly batch: SealedBatch; readonly tileHash: Buffer }

/**
 * Checks leaves 0 to `size` − 1. Where batch and tile disagree about a leaf two trees are grown, and the next checkpoint tells which is
 * the signed one. Memory: two tree edges and a page of batches and tiles.
 */
export async function checkTree(options: { reader: Reader; key: LogKey; size: number; anchors: readonly Anchor[]; findings: Findings; onLeaves(count: number): void }): Promise<TreeCheck> {
  const { reader, size, findings } = options;
  const uncovered = new LeafSet(size), signedLeaves = new Map<number, Buffer>(), badTiles = new Set<string>();
  const checkpoints = new CheckpointCheck(options);
  const tiles = new TileCursor(streamTiles(reader, 0));
  let fromBatches = new TreeBuilder();
  let fromTiles: TreeBuilder | undefined;
  let differences: Difference[] = [];

  const settle = (truth: 'batches' | 'tiles' | 'neither'): void => {
    for (const { leaf, batch, tileHash } of differences) {
      const tile = `0/${Math.floor(leaf / TILE_WIDTH)}`;
      if (truth === 'batches') { badTiles.add(tile); findings.report({ verdict: 'altered', leafIndex: BigInt(leaf), table: 'ledger_tiles', id: tile, message: `ledger_tiles ${tile}: the hash of leaf ${leaf} is not the one that was signed; the batch is right` }); }
      else if (truth === 'tiles') { signedLeaves.set(leaf, tileHash); findings.report({ verdict: 'altered', leafIndex: BigInt(leaf), table: 'ledger_batches', id: batch.batchId, message: `ledger_batches ${batch.batchId}: the commitment of leaf ${leaf} is not the one that was signed; the tile is right` }); }
      else findings.report({ verdict: 'altered', leafIndex: BigInt(leaf), table: 'ledger_batches', id: batch.batchId, message: `ledger_batches ${batch.batchId} and ledger_tiles ${tile} disagree about leaf ${leaf}, and no checkpoint says which is right` });
    }
    if (truth === 'tiles' && fromTiles) fromBatches = fromTiles;
    fromTiles = undefined;
    differences = [];
  };
  const append = async (hash: Buffer | undefined, batch: SealedBatch | undefined): Promise<void> => {
    const leaf = fromBatches.size;
    const tileHash = await tiles.hashOf(leaf);
    const batchHash = hash ?? tileHash ?? Buffer.alloc(HASH_BYTES);
    if (batch && tileHash && !tileHash.equals(batchHash)) { fromTiles ??= fromBatches.clone(); differences.push({ leaf, batch, tileHash }); }
    fromBatches.append(batchHash);
    fromTiles?.append(tileHash ?? batchHash);
    // Nobody takes the tiles here; without this they would pile up.
    if (fromBatches.size % TILE_WIDTH === 0) { fromBatches.takeTiles(); fromTiles?.takeTiles(); }
    const truth = await checkpoints.at(fromBatches.size, fromBatches, fromTiles);
    if (truth && differences.length > 0) settle(truth);
  };
  const fillGap = async (to: number): Promise<void> => {
    const from = fromBatches.size;
    findings.report({ verdict: 'missing', leafIndex: BigInt(from), table: 'ledger_batches', message: `no batch covers ${leaves(from, to)}: it was removed, with the commitments in it` }, to - from);
    uncovered.addRange(from, to);
    while (fromBatches.size < to) await append(undefined, undefined);
  };

  for await (const batch of streamBatches(reader, size)) {
    if (batch.firstLeaf > fromBatches.size) await fillGap(batch.firstLeaf);
    const count = Math.floor(batch.commitments.length / HASH_BYTES), skip = fromBatches.size - batch.firstLeaf;
    if (skip > 0) findings.report({ verdict: 'duplicate', leafIndex: BigInt(batch.firstLeaf), table: 'ledger_batches', id: batch.batchId, message: `ledger_batches ${batch.batchId} claims ${leaves(batch.firstLeaf, batch.firstLeaf + count)}, which another batch has` });
    if (count !== batch.recordCount) findings.report({ verdict: 'altered', leafIndex: BigInt(batch.firstLeaf), table: 'ledger_batches', id: batch.batchId, message: `ledger_batches ${batch.batchId} holds ${count} commitments for ${batch.recordCount} records` });
    for (let at = skip; at < count && fromBatches.size < size; at++) await append(leafHash(batch.commitments.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)), batch);
    options.onLeaves(fromBatches.size);
  }
  if (fromBatches.size < size) await fillGap(size);
  await checkpoints.finish();
  if (differences.length > 0) settle('neither');
  for (const missing of tiles.missing) { badTiles.add(`0/${missing}`); findings.report({ verdict: 'missing', table: 'ledger_tiles', id: `0/${missing}`, message: `ledger_tiles 0/${missing} is missing or too narrow` }); }
  return { uncovered, signedLeaves, badTiles };
}

/** Walks the level-0 tiles beside the leaves. */
class TileCursor {
  readonly missing = new Set<number>();
  private tile: StoredTile | undefined;
  private ended = false;
  private readonly tiles: AsyncGenerator<StoredTile>;
  constructor(tiles: AsyncGenerator<StoredTile>) { this.tiles = tiles; }

  /** The stored hash of a leaf; undefined when its tile is missing or too narrow. Leaves must be asked for in rising order. */
  async hashOf(leaf: number): Promise<Buffer | undefined> {
    const index = Math.floor(leaf / TILE_WIDTH), offset = leaf % TILE_WIDTH;
    while (!this.ended && (!this.tile || this.tile.index < index)) {
      const next = await this.tiles.next();
      if (next.done) this.ended = true; else this.tile = next.value;
    }
    if (this.tile?.index === index && offset < this.tile.width) return this.tile.hashes.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
    this.missing.add(index);
    return undefined;
  }
}
