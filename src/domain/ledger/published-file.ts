// The files of the published log, straight from the database (C2SP tlog-tiles §paths).
import { readLatestStamp } from './anchor/anchors.view.js';
import { formatStampFile } from './anchor/stamp-file.js';
import { readLatestCheckpoint } from './checkpoint.view.js';
import { readHandovers } from './keys.view.js';
import { formatKeyList } from './log/key-list.js';
import { parseTilePath } from './log/tile-rules.js';
import type { Reader } from './reader.js';
import { readBundle, readTile } from './tiles.view.js';

export interface PublishedFile { readonly body: Buffer; readonly contentType: string; /** Tiles never change; the checkpoint does. */ readonly immutable: boolean }

/** The file at `path` below the log's prefix: the checkpoint, the list of keys, or a tile or bundle of any width the tree has reached. Undefined when there is none. */
export async function readPublishedFile(reader: Reader, path: string, firstKey: () => string): Promise<PublishedFile | undefined> {
  if (path === 'checkpoint') {
    const latest = await readLatestCheckpoint(reader);
    return latest && { body: Buffer.from(latest.note), contentType: 'text/plain; charset=utf-8', immutable: false };
  }
  if (path === 'keys') return { body: Buffer.from(formatKeyList({ first: firstKey(), handovers: await readHandovers(reader) })), contentType: 'application/json', immutable: false };
  if (path === 'timestamp') {
    const stamp = await readLatestStamp(reader);
    return stamp && { body: Buffer.from(formatStampFile(stamp)), contentType: 'application/json', immutable: false };
  }
  const tile = parseTilePath(path);
  const body = tile && await (tile.level === 'entries' ? readBundle(reader, tile.index, tile.width) : readTile(reader, tile.level, tile.index, tile.width));
  return body && { body, contentType: 'application/octet-stream', immutable: true };
}
