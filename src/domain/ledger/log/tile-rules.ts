// C2SP tlog-tiles: which tiles a tree of a size has, how wide they are, where they live, and which tile holds a node.
import { HASH_BYTES, perfectRoot } from './merkle.js';
import type { TreeNode } from './proof-nodes.js';

/** Hashes in a full tile; a hash of level l+1 stands for one full tile of level l. */
export const TILE_WIDTH = 256;
const TILE_BITS = 8n;
/** A tile by place; `level` 'entries' is the bundle of entries beside the level-0 tile of the same index. */
export interface TileId { readonly level: number | 'entries'; readonly index: bigint; /** 1 to 256; 256 is a full tile. */ readonly width: number }

/** How many hashes level `level` has in all for a tree of `size` leaves. */
export function hashesAtLevel(size: bigint, level: number): bigint { return size >> (TILE_BITS * BigInt(level)); }

/** Width of tile `index` of `level` for a tree of `size` leaves: 0 when there is none, 256 when it is full. */
export function tileWidth(size: bigint, level: number, index: bigint): number {
  const rest = hashesAtLevel(size, level) - index * BigInt(TILE_WIDTH);
  return rest <= 0n ? 0 : rest >= BigInt(TILE_WIDTH) ? TILE_WIDTH : Number(rest);
}

/** The partial tiles at the right edge of a tree of `size` leaves, lowest level first; levels that end in a full tile have none. */
export function edgeTiles(size: bigint): { level: number; index: bigint; width: number }[] {
  const tiles = [];
  for (let level = 0; hashesAtLevel(size, level) > 0n; level++) {
    const index = hashesAtLevel(size, level) / BigInt(TILE_WIDTH);
    const width = tileWidth(size, level, index);
    if (width > 0) tiles.push({ level, index, width });
  }
  return tiles;
}

/** Path of a tile below the log's prefix: tile/0/x001/x234/067, tile/1/000.p/17, tile/entries/003. */
export function tilePath({ level, index, width }: TileId): string {
  const groups = [];
  for (let rest = index; groups.length === 0 || rest > 0n; rest /= 1000n) groups.unshift(String(rest % 1000n).padStart(3, '0'));
  const number = groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile a path names, or undefined for anything not written exactly as `tilePath` writes it. */
export function parseTilePath(path: string): TileId | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) return undefined;
  const [, level = '', number = '', width] = match;
  const tile: TileId = { level: level === 'entries' ? level : Number(level), index: BigInt(number.replaceAll(/[x/]/g, '')), width: width === undefined ? TILE_WIDTH : Number(width) };
  const sound = (tile.level === 'entries' || tile.level < 64) && tile.width >= 1 && (width === undefined || tile.width < TILE_WIDTH);
  return sound && tilePath(tile) === path ? tile : undefined;
}

/** The tile that holds a node (or from whose hashes it is made), the first hash in it, and how many: node.level 11 is 8 hashes of level 1. */
export function placeOfNode(node: TreeNode): { level: number; index: bigint; offset: number; count: number } {
  const level = Math.floor(node.level / 8), rise = BigInt(node.level % 8);
  const first = node.index << rise;
  return { level, index: first >> TILE_BITS, offset: Number(first & 255n), count: 1 << Number(rise) };
}

/** Reads a node out of the hashes of its tile. Throws RangeError when the tile is too narrow. */
export function nodeInTile(node: TreeNode, hashes: Buffer): Buffer {
  const { offset, count } = placeOfNode(node);
  const part = hashes.subarray(offset * HASH_BYTES, (offset + count) * HASH_BYTES);
  if (part.length !== count * HASH_BYTES) throw new RangeError(`the tile is too narrow for node ${node.index} of level ${node.level}`);
  return perfectRoot(part);
}

/** Bytes of an entry in a bundle: our entries are commitments. */
export const BUNDLE_ENTRY_BYTES = 2 + HASH_BYTES;

/** One entry of a bundle: big-endian uint16 length, then the entry. */
export function bundleEntry(entry: Uint8Array): Buffer {
  const bytes = Buffer.alloc(2 + entry.length);
  bytes.writeUInt16BE(entry.length);
  bytes.set(entry, 2);
  return bytes;
}
