// Verifies a copy of the published log with nothing but its files: checkpoint, entries, tiles, keys. Pure but for `read`.
import { coerceError } from '../../kernel/errors.js';
import { openStamp, parseStampFile, type Attested } from './anchor/stamp-file.js';
import { checkOf, reportOf, unreadableFile, type FileCheck, type FileReport } from './file-report.js';
import type { CheckpointText } from './log/checkpoint.js';
import { openCheckpoint, openHandover, readKeyChain, type KeySpan } from './log/key-chain.js';
import { parseKeyList, type KeyList } from './log/key-list.js';
import { HASH_BYTES, leafHash } from './log/merkle.js';
import { tilePath, tileWidth, TILE_WIDTH, type TileId } from './log/tile-rules.js';
import { TreeBuilder, type Tile } from './log/tree-builder.js';

/** A file of the folder by its path below it; undefined when it is not there. */
export type ReadFile = (path: string) => Buffer | undefined;
export interface LogFolderOptions { readonly trustedKey?: string }

const ENTRY_BYTES = 2 + HASH_BYTES;
const CANNOT_PROVE = [
  "what the entries stand for: they are salted commitments; a record is shown by its proof, with its salt",
  'that this is the only history the log ever showed: compare the checkpoint with copies others kept, or with its time stamps',
] as const;

export function checkLogFolder(read: ReadFile, { trustedKey }: LogFolderOptions = {}): FileReport {
  const note = read('checkpoint');
  if (!note) return unreadableFile('this folder holds no checkpoint of a log');
  const checks: FileCheck[] = [], listed = readList(read), list = typeof listed === 'string' ? undefined : listed;
  if (typeof listed === 'string') checks.push(checkOf('keys', '', [listed]));
  const pinned = trustedKey ?? list?.first;
  if (pinned === undefined) return { ...unreadableFile('there is no key to check the checkpoint with: the folder has no list of keys, and none was given'), kind: 'log folder' };
  let chain: KeySpan[] | undefined, checkpoint: CheckpointText | undefined;
  try {
    chain = readKeyChain(pinned, list?.handovers ?? []);
    checkpoint = openCheckpoint(note, chain);
    if (list) checks.push(checkOf('keys', `The list of keys leads from the log's first key over ${list.handovers.length} hand-overs.`, list.first === chain[0]!.verifierKey ? [] : ['the list of keys was changed: it begins with another key']));
    checks.push(checkOf('checkpoint', `The checkpoint of ${checkpoint.origin} at ${checkpoint.treeSize} leaves is signed by the key of its time.`, []));
  } catch (error) { checks.push(checkOf('checkpoint', '', [`the checkpoint does not verify: ${coerceError(error).message}`])); }
  checks.push({ name: 'log key', ok: true, message: trustedKey === undefined ? `No key was given to compare with: the key is the folder's own. Compare it with one you got by another way: ${pinned}` : 'The log key is the one you trust, or was handed over by it.' });
  if (!checkpoint) return reportOf('log folder', checks, CANNOT_PROVE);
  const stamp = chain && readStamp(read, chain);
  if (typeof stamp === 'string') checks.push(checkOf('time stamp', '', [`the time stamp of a checkpoint does not verify: ${stamp}`]));
  const attested = typeof stamp === 'object' ? stamp : undefined;
  return reportOf('log folder', [...checks, ...checkTree(read, checkpoint, list?.handovers ?? [], attested)], CANNOT_PROVE, [
    `The log ${checkpoint.origin} with its ${checkpoint.treeSize} leaves is whole: every entry and every tile is the one that was signed.`,
    ...(attested ? [`Its first ${attested.treeSize} leaves existed at ${attested.at.toISOString()}, as ${attested.authority} attests; whether that authority is to be trusted is yours to judge.`] : []),
  ]);
}

function readStamp(read: ReadFile, chain: readonly KeySpan[]): Attested | string | undefined {
  const bytes = read('timestamp');
  if (!bytes) return undefined;
  try { return openStamp(parseStampFile(bytes.toString()), chain); } catch (error) { return coerceError(error).message; }
}

function readList(read: ReadFile): KeyList | string | undefined {
  const bytes = read('keys');
  if (!bytes) return undefined;
  try { return parseKeyList(bytes.toString()); } catch (error) { return `the list of keys was changed: ${coerceError(error).message}`; }
}

/** Builds the tree again from the entries, and holds root, tiles and hand-overs against it. */
function checkTree(read: ReadFile, checkpoint: CheckpointText, handovers: readonly string[], attested: Attested | undefined): FileCheck[] {
  const size = checkpoint.treeSize, tree = new TreeBuilder(), entries: string[] = [], tiles: string[] = [], roots = new Map<bigint, Buffer>();
  const wanted = new Set([...handovers.map((note) => openHandover(note).treeSize), ...(attested ? [attested.treeSize] : [])]);
  for (let index = 0n; tileWidth(size, 0, index) > 0 && entries.length === 0; index += 1n) {
    const width = tileWidth(size, 0, index), path = tilePath({ level: 'entries', index, width }), bundle = read(path) ?? readWhole(read, index);
    if (!bundle || bundle.length < width * ENTRY_BYTES || (width === TILE_WIDTH && bundle.length !== width * ENTRY_BYTES)) { entries.push(`${path} is ${bundle ? 'of another length than its entries' : 'missing'}`); break; }
    for (let at = 0; at < width; at++) {
      if (bundle.readUInt16BE(at * ENTRY_BYTES) !== HASH_BYTES) { entries.push(`${path}: entry ${at} is no commitment of 32 bytes`); break; }
      tree.append(leafHash(bundle.subarray(at * ENTRY_BYTES + 2, (at + 1) * ENTRY_BYTES)));
      if (wanted.has(BigInt(tree.size))) roots.set(BigInt(tree.size), tree.root());
    }
    // Full tiles as they come about, so that memory stays with the edge of the tree.
    if (tree.size % TILE_WIDTH === 0) compareTiles(read, tree.takeTiles().filter((tile) => tile.width === TILE_WIDTH), tiles);
  }
  if (entries.length === 0) compareTiles(read, [...tree.takeTiles().filter((tile) => tile.width === TILE_WIDTH), ...tree.edgeNow()], tiles);
  const rootFits = tree.root().equals(checkpoint.root);
  const moved = handovers.map((note) => openHandover(note)).filter((one) => one.treeSize <= size && one.treeSize > 0n && !roots.get(one.treeSize)?.equals(one.root)).map((one) => `the key was handed over at ${one.treeSize} leaves of another tree than this`);
  return [
    checkOf('entries', `All ${size} entries, hashed again, have the root that was signed.`, entries.length > 0 ? entries : rootFits ? [] : ['the entries do not have the root that was signed: one of them was changed']),
    checkOf('tiles', 'Every tile is the one that follows from the entries.', tiles),
    ...(attested && entries.length === 0 ? [checkOf('time stamp', `The time stamp of ${attested.at.toISOString()} is of this tree at ${attested.treeSize} leaves.`, roots.get(attested.treeSize)?.equals(attested.root) ? [] : ['the time stamp is of another tree than this'])] : []),
    ...(handovers.length > 0 && entries.length === 0 ? [checkOf('hand-overs', `Each of the ${handovers.length} hand-overs of the key is about this tree.`, moved)] : []),
  ];
}

/** A folder may keep the full bundle where a partial one was enough. */
function readWhole(read: ReadFile, index: bigint): Buffer | undefined { return read(tilePath({ level: 'entries', index, width: TILE_WIDTH })); }

function compareTiles(read: ReadFile, made: readonly Tile[], problems: string[]): void {
  for (const { level, index, width, hashes } of made) {
    const id: TileId = { level, index: BigInt(index), width }, path = tilePath(id), stored = read(path);
    if (!stored) problems.push(`${path} is missing`);
    else if (!stored.equals(hashes)) problems.push(`${path} is not the tile of these entries`);
  }
}
