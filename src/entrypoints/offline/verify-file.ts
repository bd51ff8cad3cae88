// Verifies files and folders by their paths. The command line and the single-file verifier both end here.
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkVolumes, verifyBytes, type BytesReport, type VerifyBytesOptions } from '../../domain/evidence/index.js';
import { checkLogFolder, parseKeyList, unreadableFile, type FileReport, type KeyList } from '../../domain/ledger/index.js';

export type PathReport = FileReport & Partial<BytesReport>;
/** Above what anything of ours has; a file beyond it is not read. */
const LARGEST_FILE = 1 << 30;

/** Verifies the file or folder at `path`. Throws what the file system throws. */
export async function verifyFile(path: string, options: VerifyBytesOptions): Promise<PathReport> {
  const about = statSync(path);
  if (about.isDirectory()) {
    if (options.kind !== undefined && options.kind !== 'log') return unreadableFile('this is a folder, not a file');
    return checkLogFolder((name) => readIfThere(join(path, name)), options.trustedKey === undefined ? {} : { trustedKey: options.trustedKey.trim() });
  }
  if (about.size > LARGEST_FILE) return unreadableFile(`the file has ${Math.round(about.size / (1 << 20))} MB; no file of ours is larger than ${LARGEST_FILE >> 20} MB`);
  return verifyBytes(readFileSync(path), options);
}

/** The paths, with a folder of packs replaced by the packs in it: a master and its volumes are handed over together. Throws what the file system throws. */
export function expandFolders(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    let entries: string[];
    try { entries = statSync(path).isDirectory() ? readdirSync(path) : []; } catch { return [path]; }
    const packs = entries.includes('checkpoint') ? [] : entries.filter((name) => /\.pdf$/i.test(name)).sort();
    return packs.length > 0 ? packs.map((name) => join(path, name)) : [path];
  });
}

/** Whether volumes that were verified together with their master are the ones it names; one report a master. */
export function verifyVolumes(files: readonly { readonly file: string; readonly report: PathReport }[]): FileReport[] {
  return files.length < 2 ? [] : checkVolumes(files.map(({ file, report }) => ({ name: file, ...report })));
}

/** The list of keys in a file. Throws NoteError. */
export function readKeys(path: string): KeyList { return parseKeyList(readFileSync(path, 'utf8')); }

function readIfThere(path: string): Buffer | undefined {
  let file: number;
  try { file = openSync(path, 'r'); } catch { return undefined; }
  try {
    const { size } = statSync(path), bytes = Buffer.alloc(size);
    for (let at = 0; at < size;) { const read = readSync(file, bytes, at, size - at, at); if (read === 0) return bytes.subarray(0, at); at += read; }
    return bytes;
  } finally { closeSync(file); }
}
