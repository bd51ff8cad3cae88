// What the published folder says about the log, read without trusting the database: checkpoint, hand-overs, entries.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldfastError } from '../../../kernel/errors.js';
import type { CheckpointText } from '../log/checkpoint.js';
import { openCheckpoint, readKeyChain } from '../log/key-chain.js';
import { parseKeyList } from '../log/key-list.js';
import { HASH_BYTES } from '../log/merkle.js';
import { BUNDLE_ENTRY_BYTES, tilePath, tileWidth, TILE_WIDTH } from '../log/tile-rules.js';
import { readNote } from '../publish-log.js';

/** A published checkpoint that verifies by a chain of keys that begins with ours. */
export interface Published extends Pick<CheckpointText, 'treeSize' | 'root'> { readonly note: string; readonly handovers: readonly string[]; readonly path: string }

/** The furthest checkpoint among the log folder and its copy in the anchor folder; those that do not verify are left to the sealer, which refuses them. */
export async function readPublished({ home, anchorDir, firstKey }: { home: string; anchorDir: string | undefined; firstKey: string }): Promise<Published | undefined> {
  let best: Published | undefined;
  for (const folder of [join(home, 'log'), ...anchorDir === undefined ? [] : [anchorDir]]) {
    const path = join(folder, 'checkpoint'), note = await readNote(path), keys = await readNote(join(folder, 'keys'));
    if (note === undefined) continue;
    try {
      const handovers = keys === undefined ? [] : parseKeyList(keys).handovers;
      const { treeSize, root } = openCheckpoint(note, readKeyChain(firstKey, handovers));
      if (!best || treeSize > best.treeSize) best = { treeSize, root, note, handovers, path };
    } catch { /* another log's, or broken: nothing is concluded from it */ }
  }
  return best;
}

/** Reads single entries (commitments) of the folder's log of `size` leaves. Throws `not_found` when a bundle is not there, or cut. */
export function entryReader(home: string, size: bigint): (leaf: bigint) => Promise<Buffer> {
  let held: { readonly index: bigint; readonly bundle: Buffer } | undefined;
  return async (leaf) => {
    const index = leaf / BigInt(TILE_WIDTH);
    if (held?.index !== index) held = { index, bundle: await readBundleFile(home, index, tileWidth(size, 0, index)) };
    const at = Number(leaf % BigInt(TILE_WIDTH)) * BUNDLE_ENTRY_BYTES;
    return held.bundle.subarray(at + 2, at + 2 + HASH_BYTES);
  };
}

async function readBundleFile(home: string, index: bigint, width: number): Promise<Buffer> {
  for (const one of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const bundle = await readFile(join(home, 'log', tilePath({ level: 'entries', index, width: one }))).catch(() => undefined);
    if (bundle && bundle.length >= width * BUNDLE_ENTRY_BYTES) return bundle;
  }
  throw new HoldfastError('not_found', `log/${tilePath({ level: 'entries', index, width })} is not there or cut off; without it the log cannot go on: put back a copy of the folder HOME/log`);
}
