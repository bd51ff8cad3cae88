import type pg from 'pg';
import { BUNDLE_ENTRY_BYTES, bundleEntry, placeOfNode, nodeInTile, TILE_WIDTH, type TileId } from './log/tile-rules.js';
import { HASH_BYTES } from './log/merkle.js';
import type { NodeSource, TreeNode } from './log/proof-nodes.js';

/** The first `width` hashes of a tile; undefined when the stored tile is missing or narrower. */
export async function readTile(reader: pg.Pool, level: number, index: bigint, width: number): Promise<Buffer | undefined> {
  const { rows: [row] } = await reader.query<{ hashes: Buffer }>(
    'SELECT substring(hashes FROM 1 FOR $3 * 32) AS hashes FROM ledger_tiles WHERE level = $1 AND tile_index = $2 AND width >= $3', [level, String(index), width]);
  return row?.hashes;
}

/** Where a tile stands. */
export interface TilePlace { readonly level: number; readonly index: bigint }

/** These tiles as stored, in one query; missing ones are left out. */
export async function readTiles(reader: pg.Pool, places: readonly TilePlace[]): Promise<(TilePlace & { readonly hashes: Buffer })[]> {
  const { rows } = await reader.query<{ level: number; tile_index: string; hashes: Buffer }>(
    'SELECT t.level, t.tile_index, t.hashes FROM unnest($1::smallint[], $2::bigint[]) AS w (level, tile_index) JOIN ledger_tiles t USING (level, tile_index)',
    [places.map((tile) => tile.level), places.map((tile) => String(tile.index))]);
  return rows.map((row) => ({ level: row.level, index: BigInt(row.tile_index), hashes: row.hashes }));
}

/** A source for exactly these nodes, with every tile they need read in one query. The source throws RangeError for a tile that is missing or too narrow. */
export async function readNodes(reader: pg.Pool, nodes: Iterable<TreeNode>): Promise<NodeSource> {
  const wanted = new Map<string, TilePlace>();
  for (const node of nodes) {
    const { level, index } = placeOfNode(node);
    wanted.set(`${level}/${index}`, { level, index });
  }
  const tiles = new Map((await readTiles(reader, [...wanted.values()])).map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
  return (node) => {
    const { level, index } = placeOfNode(node);
    const hashes = tiles.get(`${level}/${index}`);
    if (!hashes) throw new RangeError(`tile ${level}/${index} is missing`);
    return nodeInTile(node, hashes);
  };
}

/** The entry bundle beside level-0 tile `index`, cut to `width` entries; undefined when the batches do not cover it without a gap. */
export async function readBundle(reader: pg.Pool, index: bigint, width: number): Promise<Buffer | undefined> {
  const from = index * BigInt(TILE_WIDTH), to = from + BigInt(width);
  // Only the part asked for leaves the server: a batch may hold thousands of commitments.
  const { rows } = await reader.query<{ first: string; part: Buffer }>(`
    SELECT greatest(first_leaf, $1) AS first,
      substring(commitments FROM (greatest($1 - first_leaf, 0) * 32 + 1)::int FOR (least($2 - greatest(first_leaf, $1), record_count) * 32)::int) AS part
    FROM ledger_batches WHERE first_leaf >= (SELECT max(first_leaf) FROM ledger_batches WHERE first_leaf <= $1) AND first_leaf < $2 ORDER BY first_leaf`, [String(from), String(to)]);
  const entries: Buffer[] = [];
  for (const { first, part } of rows) {
    if (part.length > 0 && BigInt(first) !== from + BigInt(entries.length)) return undefined;
    for (let at = 0; at < part.length; at += HASH_BYTES) entries.push(bundleEntry(part.subarray(at, at + HASH_BYTES)));
  }
  return entries.length === width ? Buffer.concat(entries) : undefined;
}

/** Bytes of a full tile, or of a full bundle of entries. */
export function fullSize(level: TileId['level']): number { return TILE_WIDTH * (level === 'entries' ? BUNDLE_ENTRY_BYTES : HASH_BYTES); }

/** Up to `count` full tiles (or bundles) from `first` on, by index, in one query; those that cannot be made are left out. */
export async function readFullTiles(reader: pg.Pool, level: TileId['level'], first: bigint, count: number): Promise<Map<bigint, Buffer>> {
  if (level === 'entries') {
    const all = await readBundle(reader, first, count * TILE_WIDTH), size = fullSize(level);
    return new Map(all ? Array.from({ length: count }, (_, at) => [first + BigInt(at), all.subarray(at * size, (at + 1) * size)]) : []);
  }
  const { rows } = await reader.query<{ index: string; hashes: Buffer }>(`SELECT tile_index AS index, hashes FROM ledger_tiles
    WHERE level = $1 AND tile_index >= $2 AND tile_index < $3 AND width = ${TILE_WIDTH} ORDER BY tile_index`, [level, String(first), String(first + BigInt(count))]);
  return new Map(rows.map((row) => [BigInt(row.index), row.hashes]));
}
