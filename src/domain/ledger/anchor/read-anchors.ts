// What stands outside the database about the log: the published checkpoint, copies of it, time stamps; and the hand-overs of the key.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { coerceError } from '../../../kernel/errors.js';
import { openHandover, readKeyChain } from '../log/key-chain.js';
import type { LogKey } from '../log-key.js';
import { anchorFile, readAnchor } from '../publish-log.js';
import type { Reader } from '../reader.js';
import type { Problem } from '../verdicts.js';
import { readStamps } from './anchors.view.js';
import { openStamp } from './stamp-file.js';

/** published: HOME/log, on our own disk · copy: HOLDFAST_ANCHOR_DIR · timestamp: an authority's · handover: of the log's key. */
export type AnchorKind = 'published' | 'copy' | 'timestamp' | 'handover';
export interface Anchor { readonly kind: AnchorKind; /** As people find it: a path, an authority. */ readonly name: string; readonly treeSize: bigint; readonly root: Buffer; /** When it was made, as far as it says. */ readonly at: Date | undefined }

export interface AnchorSource { readonly reader: Reader; readonly key: LogKey; readonly home: string; readonly anchorDir: string | undefined }

/** Every anchor that verifies, and a problem for each that does not. `key` must follow the hand-overs already. */
export async function readAnchors({ reader, key, home, anchorDir }: AnchorSource): Promise<{ anchors: Anchor[]; problems: Problem[] }> {
  const anchors: Anchor[] = [], problems: Problem[] = [];
  const open = (kind: AnchorKind, name: string, note: string, at: Date | undefined): void => {
    try { anchors.push({ kind, name, at, ...key.open(note) }); } catch (error) { problems.push({ verdict: 'altered', message: `the ${kind === 'copy' ? 'copied' : 'published'} checkpoint (${name}) does not verify: ${coerceError(error).message}` }); }
  };
  const published = await readAnchor(home);
  if (published !== undefined) open('published', anchorFile(home), published, undefined);
  for (const path of anchorDir === undefined ? [] : await copiesIn(anchorDir)) open('copy', path, await readFile(path, 'utf8'), (await stat(path)).mtime);
  const chain = readKeyChain(key.verifierKey, key.handovers);
  for (const stamp of await readStamps(reader)) {
    try {
      const { treeSize, root, at } = openStamp(stamp, chain);
      anchors.push({ kind: 'timestamp', name: `${stamp.authority}, ${at.toISOString()}`, treeSize, root, at });
    } catch (error) { problems.push({ verdict: 'altered', table: 'ledger_anchors', id: stamp.anchorId, message: `ledger_anchors ${stamp.anchorId}: the time stamp does not verify: ${coerceError(error).message}` }); }
  }
  for (const { treeSize, root, at } of key.handovers.map(openHandover)) anchors.push({ kind: 'handover', name: `hand-over of the log key at ${treeSize} leaves`, treeSize, root, at: new Date(at) });
  return { anchors, problems };
}

/** `checkpoint`, and the hourly ones. An anchor folder that is not there has none. */
async function copiesIn(folder: string): Promise<string[]> {
  const hourly = await readdir(join(folder, 'checkpoints')).catch(() => []), newest = join(folder, 'checkpoint');
  return [...hourly.filter((name) => /^\d+$/.test(name)).map((name) => join(folder, 'checkpoints', name)), ...await stat(newest).then(() => [newest], () => [])];
}
