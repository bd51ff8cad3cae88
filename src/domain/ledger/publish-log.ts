// The log as plain files under HOME/log, written from the database: tiles first, the checkpoint last, each by an atomic rename.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Checkpoint } from './checkpoint.view.js';
import { formatKeyList } from './log/key-list.js';
import { edgeTiles, hashesAtLevel, TILE_WIDTH, tilePath, type TileId } from './log/tile-rules.js';
import { readHandovers } from './keys.view.js';
import type { LogKey } from './log-key.js';
import { readPublishedFile } from './published-file.js';
import type { Reader } from './reader.js';

const FULL = BigInt(TILE_WIDTH);

export interface Publisher {
  /** Brings the files up to this checkpoint. Idempotent; the first call of a process also writes again what is missing below it. */
  publish(checkpoint: Checkpoint): Promise<void>;
}

/** Path of the published checkpoint: the copy outside the database that a restored or cut database is held against. */
export function anchorFile(home: string): string { return join(home, 'log', 'checkpoint'); }

/** The published checkpoint's note; undefined when nothing was published. */
export async function readAnchor(home: string): Promise<string | undefined> {
  try { return await readFile(anchorFile(home), 'utf8'); } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts a file in its place, whole or not at all. */
export type PutFile = (target: string, body: Buffer) => Promise<void>;

export const putFile: PutFile = async (target, body) => {
  const temporary = `${target}.${process.pid}.${randomBytes(3).toString('hex')}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  try {
    // Flushed before the rename: a power cut must not leave a checkpoint that names tiles the disk never got.
    await writeFile(temporary, body, { flush: true });
    await rename(temporary, target);
  } catch (error) {
    // A full disk must not fill up with beginnings of files.
    await rm(temporary, { force: true });
    throw error;
  }
};

/** A publisher into HOME/log. One per process; two processes may write the same folder, tiles being the same bytes whoever writes them. */
export function createPublisher({ home, reader, key, put = putFile }: { home: string; reader: Reader; key: LogKey; put?: PutFile }): Publisher {
  const folder = join(home, 'log');
  let repaired = false;

  const write = (path: string, body: Buffer): Promise<void> => put(join(folder, path), body);
  const writeTile = async (tile: TileId): Promise<void> => {
    const path = tilePath(tile), file = await readPublishedFile(reader, path, () => key.verifierKey);
    if (!file) throw new Error(`${path} cannot be made from the database; run "holdfast verify"`);
    await write(path, file.body);
  };

  return {
    publish: async (checkpoint) => {
      key.follow(await readHandovers(reader));
      const note = await readAnchor(home);
      const done = note === undefined ? 0n : key.open(note).treeSize;
      if (done > checkpoint.treeSize || (done === checkpoint.treeSize && repaired)) return;
      const full = tilesBetween(repaired ? done : 0n, checkpoint.treeSize);
      for await (const tile of repaired ? full : missingIn(folder, full)) await writeTile(tile);
      // Partial tiles too, so that the folder alone proves the checkpoint; the ones of earlier checkpoints stay until their tile is full.
      for (const tile of partialTiles(checkpoint.treeSize)) await writeTile(tile);
      // The keys before the checkpoint that may need them, and only when they changed.
      const keys = Buffer.from(formatKeyList({ first: key.verifierKey, handovers: key.handovers }));
      if (!(await readFile(join(folder, 'keys')).catch(() => undefined))?.equals(keys)) await write('keys', keys);
      // Commit point of publishing: with this rename the new tree is the published one. A crash before it repeats the tiles.
      await write('checkpoint', Buffer.from(checkpoint.note));
      for (const tile of tilesBetween(done, checkpoint.treeSize)) await rm(join(folder, `${tilePath(tile)}.p`), { recursive: true, force: true });
      repaired = true;
    },
  };
}

/** Full tiles and bundles a tree of `to` leaves has and one of `from` leaves had not, folder by folder. */
function* tilesBetween(from: bigint, to: bigint): Generator<TileId> {
  for (let level = 0; hashesAtLevel(to, level) >= FULL; level++) {
    for (const kind of level === 0 ? [level, 'entries' as const] : [level]) {
      for (let index = hashesAtLevel(from, level) / FULL; index < hashesAtLevel(to, level) / FULL; index++) yield { level: kind, index, width: TILE_WIDTH };
    }
  }
}

function partialTiles(size: bigint): TileId[] {
  return edgeTiles(size).flatMap((tile) => (tile.level === 0 ? [tile, { ...tile, level: 'entries' as const }] : [tile]));
}

/** Those of `tiles` that are not in the folder. One listing for each thousand names: 780 listings for a hundred million leaves. */
async function* missingIn(folder: string, tiles: Iterable<TileId>): AsyncGenerator<TileId> {
  let listed = '', names = new Set<string>();
  for (const tile of tiles) {
    const path = join(folder, tilePath(tile)), parent = dirname(path);
    if (parent !== listed) { listed = parent; names = new Set(await readdir(parent).catch(() => [])); }
    if (!names.has(basename(path))) yield tile;
  }
}
