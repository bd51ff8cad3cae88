// The log as plain files under HOME/log, written from the database: tiles first, the checkpoint last, each by an atomic rename.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Checkpoint } from './checkpoint.view.js';
import { formatKeyList } from './log/key-list.js';
import { edgeTiles, hashesAtLevel, TILE_WIDTH, tilePath, type TileId } from './log/tile-rules.js';
import { readHandovers } from './keys.view.js';
import type { LogKey } from './log-key.js';
import { readPublishedFile } from './published-file.js';
import type { Reader } from './reader.js';
import { fullSize, readFullTiles } from './tiles.view.js';

const FULL = BigInt(TILE_WIDTH);

export interface Publisher {
  /** Brings the files up to this checkpoint. Idempotent; the first call of a process also writes again what is missing below it. */
  publish(checkpoint: Checkpoint): Promise<void>;
}

/** Path of the published checkpoint: the copy outside the database that a restored or cut database is held against. */
export function anchorFile(home: string): string { return join(home, 'log', 'checkpoint'); }

/** The published checkpoint's note; undefined when nothing was published. */
export function readAnchor(home: string): Promise<string | undefined> { return readNote(anchorFile(home)); }

/** The text of a file; undefined when there is none. */
export async function readNote(path: string): Promise<string | undefined> {
  try { return await readFile(path, 'utf8'); } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean { return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'; }

/** Puts a file in its place, whole or not at all; `flush`: on the disk before it is there. */
export type PutFile = (target: string, body: Buffer, flush?: boolean) => Promise<void>;

export const putFile: PutFile = async (target, body, flush = true) => {
  const temporary = `${target}.${process.pid}.${randomBytes(3).toString('hex')}.tmp`;
  const write = (): Promise<void> => writeFile(temporary, body, { flush });
  try {
    await write().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await mkdir(dirname(target), { recursive: true });
      await write();
    });
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
  /** Folders of partial tiles this process wrote, to be removed when their tile is full. */
  const partial = new Set<string>();
  let repaired = false;

  // Tiles are not flushed one by one: at 15,000 leaves a second that was 120 flushes a second beside those of the commits. A power cut
  // may cost the newest ones; the first round of the next process finds them by their size and writes them again from the database.
  const writeTile = async (tile: TileId, body: Buffer | undefined): Promise<void> => {
    if (!body) throw new Error(`${tilePath(tile)} cannot be made from the database; run "holdfast verify"`);
    await put(join(folder, tilePath(tile)), body, false);
  };
  const writeRun = async (run: readonly TileId[]): Promise<void> => {
    const bodies = await readFullTiles(reader, run[0]!.level, run[0]!.index, run.length);
    for (const [at, tile] of run.entries()) await writeTile(tile, bodies.get(tile.index) ?? (at === 0 ? undefined : (await readFullTiles(reader, tile.level, tile.index, 1)).get(tile.index)));
  };

  return {
    publish: async (checkpoint) => {
      key.follow(await readHandovers(reader));
      const note = await readAnchor(home);
      const done = note === undefined ? 0n : key.open(note).treeSize;
      if (done > checkpoint.treeSize || (done === checkpoint.treeSize && repaired)) return;
      const full = tilesBetween(repaired ? done : 0n, checkpoint.treeSize);
      for await (const run of runsOf(repaired ? full : missingIn(folder, full, checkpoint.treeSize))) await writeRun(run);
      // Partial tiles too, so that the folder alone proves the checkpoint; the ones of earlier checkpoints stay until their tile is full.
      for (const tile of partialTiles(checkpoint.treeSize)) {
        await writeTile(tile, (await readPublishedFile(reader, tilePath(tile), () => key.verifierKey))?.body);
        partial.add(partialFolder(tile));
      }
      // The keys before the checkpoint that may need them, and only when they changed.
      const keys = Buffer.from(formatKeyList({ first: key.verifierKey, handovers: key.handovers }));
      if (!(await readFile(join(folder, 'keys')).catch(() => undefined))?.equals(keys)) await put(join(folder, 'keys'), keys);
      // Commit point of publishing: with this rename the new tree is the published one. A crash before it repeats the tiles.
      await put(join(folder, 'checkpoint'), Buffer.from(checkpoint.note));
      for (const tile of tilesBetween(done, checkpoint.treeSize)) {
        const of = partialFolder(tile);
        if (repaired && !partial.delete(of)) continue;
        await rm(join(folder, of), { recursive: true, force: true });
      }
      repaired = true;
    },
  };
}

/** Where the partial widths of a tile lie. */
function partialFolder(tile: TileId): string { return `${tilePath({ ...tile, width: TILE_WIDTH })}.p`; }

/** How many tiles are read and written at once. */
const RUN = 32;

/** Tiles that follow each other on one level, together. */
async function* runsOf(tiles: Iterable<TileId> | AsyncIterable<TileId>): AsyncGenerator<TileId[]> {
  let run: TileId[] = [];
  for await (const tile of tiles) {
    const last = run.at(-1);
    if (last && (run.length === RUN || last.level !== tile.level || last.index + 1n !== tile.index)) { yield run; run = []; }
    run.push(tile);
  }
  if (run.length > 0) yield run;
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

/** How many of the newest tiles of a level are looked at for their size: far more than a disk holds back. */
const UNFLUSHED = 8_192n;

/** Those of `tiles` that are not in the folder whole. One listing for each thousand names: 780 listings for a hundred million leaves. */
async function* missingIn(folder: string, tiles: Iterable<TileId>, treeSize: bigint): AsyncGenerator<TileId> {
  let listed = '', names = new Set<string>();
  for (const tile of tiles) {
    const path = join(folder, tilePath(tile)), parent = dirname(path);
    if (parent !== listed) { listed = parent; names = new Set(await readdir(parent).catch(() => [])); }
    if (!names.has(basename(path)) || (tile.index + UNFLUSHED > hashesAtLevel(treeSize, tile.level === 'entries' ? 0 : tile.level) / FULL && (await stat(path)).size !== fullSize(tile.level))) yield tile;
  }
}
