// The right edge of a growing tree: appends leaf hashes, knows the root at once, and gives out the tiles that changed.
import { emptyRoot, HASH_BYTES, nodeHash, perfectRoot } from './merkle.js';
import { edgeTiles, TILE_WIDTH } from './tile-rules.js';

/** A tile with its hashes; `hashes` holds 32 bytes for each. */
export interface Tile { readonly level: number; readonly index: number; readonly width: number; readonly hashes: Buffer }
interface Edge { index: number; hashes: Buffer[]; changed: boolean }

/** Grows by `append`; memory is the edge alone: at most 255 hashes a level and one subtree root a bit of the size. */
export class TreeBuilder {
  /** Leaves so far; a number, exact to 2^53. */
  size = 0;
  private peaks: { level: number; hash: Buffer }[] = [];
  private edge: Edge[] = [];
  private full: Tile[] = [];

  /**
   * Takes up a tree of `size` leaves from its partial tiles; `read` gives the hashes of a tile, of at least the width asked for.
   * Throws RangeError when a tile is missing or too narrow.
   */
  static resume(size: number, read: (level: number, index: number) => Buffer | undefined): TreeBuilder {
    const builder = new TreeBuilder();
    builder.size = size;
    for (let level = 0, whole = size; whole > 0; level++, whole = Math.floor(whole / TILE_WIDTH)) builder.edge[level] = { index: Math.floor(whole / TILE_WIDTH), hashes: [], changed: false };
    for (const { level, index, width } of edgeTiles(BigInt(size)).toReversed()) {
      const hashes = read(level, Number(index))?.subarray(0, width * HASH_BYTES);
      if (hashes?.length !== width * HASH_BYTES) throw new RangeError(`tile ${level}/${index} of a tree of ${size} leaves is missing or narrower than ${width}`);
      builder.edge[level]!.hashes = Array.from({ length: width }, (_, at) => Buffer.from(hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)));
      for (let bit = 7, at = 0; bit >= 0; bit--) {
        if ((width & (1 << bit)) === 0) continue;
        builder.peaks.push({ level: level * 8 + bit, hash: perfectRoot(hashes.subarray(at * HASH_BYTES, (at + (1 << bit)) * HASH_BYTES)) });
        at += 1 << bit;
      }
    }
    return builder;
  }

  /** Appends one leaf hash. */
  append(leaf: Buffer): void {
    this.size += 1;
    let node = leaf, level = 0;
    this.addToTile(0, node);
    while (this.peaks.at(-1)?.level === level) {
      node = nodeHash(this.peaks.pop()!.hash, node);
      level += 1;
      // Only the root of a full tile enters the level above it.
      if (level % 8 === 0) this.addToTile(level / 8, node);
    }
    this.peaks.push({ level, hash: node });
  }

  private addToTile(level: number, hash: Buffer): void {
    const edge = this.edge[level] ??= { index: 0, hashes: [], changed: false };
    edge.hashes.push(hash);
    edge.changed = true;
    if (edge.hashes.length < TILE_WIDTH) return;
    this.full.push({ level, index: edge.index, width: TILE_WIDTH, hashes: Buffer.concat(edge.hashes) });
    this.edge[level] = { index: edge.index + 1, hashes: [], changed: false };
  }

  /** Root of the tree as it stands. */
  root(): Buffer {
    let root: Buffer | undefined;
    for (const peak of this.peaks.toReversed()) root = root ? nodeHash(peak.hash, root) : peak.hash;
    return root ?? emptyRoot();
  }

  /** Tiles that became full and partial tiles that grew since the last call, each once. */
  takeTiles(): Tile[] {
    const tiles = this.full;
    this.full = [];
    this.edge.forEach((edge, level) => {
      if (!edge.changed) return;
      tiles.push({ level, index: edge.index, width: edge.hashes.length, hashes: Buffer.concat(edge.hashes) });
      edge.changed = false;
    });
    return tiles;
  }

  /** The partial tiles at the right edge as they stand. */
  edgeNow(): Tile[] {
    return this.edge.flatMap((edge, level) => (edge.hashes.length > 0 ? [{ level, index: edge.index, width: edge.hashes.length, hashes: Buffer.concat(edge.hashes) }] : []));
  }

  /** An independent copy of the tree so far, without tiles to take. */
  clone(): TreeBuilder {
    const copy = new TreeBuilder();
    copy.size = this.size;
    copy.peaks = [...this.peaks];
    copy.edge = this.edge.map((edge) => ({ ...edge, hashes: [...edge.hashes], changed: false }));
    return copy;
  }
}
