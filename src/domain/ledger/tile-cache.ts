// Tiles read lately. A tile's hashes never change and only follow one another, so what was read stays true for every later tree.
import { HASH_BYTES, nodeHash } from './log/merkle.js';
import { nodeInTile, placeOfNode, TILE_WIDTH } from './log/tile-rules.js';
import type { NodeSource, TreeNode } from './log/proof-nodes.js';
import type { Reader } from './reader.js';
import { readTiles, type TilePlace } from './tiles.view.js';

/** How many are kept: 16 MB at most with their inner nodes. Proofs of ten million leaves need 155 tiles again and again, and one each that is its own. */
const KEPT = 1_000;
/** A tile as kept; `inner`: of a full tile, level by level, the hashes above its own, once one was asked for. */
interface Kept { readonly hashes: Buffer; inner?: readonly Buffer[] }

export interface TileCache {
  /** A source for exactly these nodes; what is not kept is read in one query. It throws RangeError for a tile that is missing or too narrow. */
  nodes(reader: Reader, wanted: Iterable<TreeNode>): Promise<NodeSource>;
  /** Forgets everything: a database was restored under this process, or somebody wrote into it. */
  clear(): void;
}

export function createTileCache(limit = KEPT): TileCache {
  const kept = new Map<string, Kept>();
  return {
    nodes: async (reader, wanted) => {
      const used = new Map<string, Kept>(), missing = new Map<string, TilePlace>();
      for (const node of wanted) {
        const { level, index, offset, count } = placeOfNode(node), name = `${level}/${index}`, known = kept.get(name);
        if (known && known.hashes.length >= (offset + count) * HASH_BYTES) used.set(name, known); else missing.set(name, { level, index });
      }
      if (missing.size > 0) for (const { level, index, hashes } of await readTiles(reader, [...missing.values()])) used.set(`${level}/${index}`, { hashes });
      for (const [name, tile] of used) {
        // What was used last stands last; the first are given up. One proof of very many records must not push out what every proof needs.
        if (used.size > limit / 2) break;
        kept.delete(name);
        kept.set(name, tile);
        if (kept.size > limit) kept.delete(kept.keys().next().value!);
      }
      return sourceOf(used);
    },
    clear: () => { kept.clear(); },
  };
}

function sourceOf(tiles: ReadonlyMap<string, Kept>): NodeSource {
  const edge = new Map<string, Buffer>();
  return (node) => {
    const { level, index, offset, count } = placeOfNode(node), tile = tiles.get(`${level}/${index}`);
    if (!tile) throw new RangeError(`tile ${level}/${index} is missing`);
    if (count === 1) return nodeInTile(node, tile.hashes);
    if (tile.hashes.length < TILE_WIDTH * HASH_BYTES) {
      const name = `${node.level}/${node.index}`, found = edge.get(name) ?? nodeInTile(node, tile.hashes);
      edge.set(name, found);
      return found;
    }
    const row = (tile.inner ??= innerNodes(tile.hashes))[31 - Math.clz32(count) - 1]!, at = offset / count * HASH_BYTES;
    return row.subarray(at, at + HASH_BYTES);
  };
}

/** The hashes above those of a full tile: 128, 64, … 2 of them. */
function innerNodes(hashes: Buffer): Buffer[] {
  const rows: Buffer[] = [];
  for (let below = hashes; below.length >= 4 * HASH_BYTES; below = rows.at(-1)!) {
    const row = Buffer.allocUnsafeSlow(below.length / 2);
    for (let at = 0; at < below.length; at += 2 * HASH_BYTES) row.set(nodeHash(below.subarray(at, at + HASH_BYTES), below.subarray(at + HASH_BYTES, at + 2 * HASH_BYTES)), at / 2);
    rows.push(row);
  }
  return rows;
}
