// Finds out what a file or folder is, and verifies it. The command line and the single-file verifier both end here.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { verifyPack } from '../../domain/evidence/index.js';
import { checkCheckpointNote, checkLogFolder, checkProofFile, looksLikeProofFile, parseKeyList, unreadableFile, type FileReport, type KeyList } from '../../domain/ledger/index.js';

export interface VerifyFileOptions {
  /** The log's verifier key as the reader got it by another way: name+id+base64. */
  readonly trustedKey?: string;
  /** A list of keys as /log/keys gives it, with the hand-overs since the trusted one. */
  readonly keys?: KeyList;
  /** Print the pages of a pack again; only the program that made it can. */
  readonly reprint: boolean;
}

const NOT_REPRINTED = { name: 'printed pages', ok: true, message: 'The pages were not printed again: this verifier has no printer. That the pages say what pack.json says rests on the seal; `holdfast verify` prints them.' };

/** Verifies the file or folder at `path`. Throws what the file system throws. */
export async function verifyFile(path: string, options: VerifyFileOptions): Promise<FileReport & { readonly pack?: object }> {
  const trusted = options.trustedKey === undefined ? {} : { trustedKey: options.trustedKey.trim() };
  if (statSync(path).isDirectory()) return checkLogFolder((name) => readIfThere(join(path, name)), trusted);
  const bytes = readFileSync(path);
  if (bytes.toString('latin1', 0, 5) === '%PDF-') {
    const report = await verifyPack(bytes, { ...trusted, ...(options.keys ? { handovers: options.keys.handovers } : {}), reprint: options.reprint });
    return { kind: 'evidence pack', ...report, checks: options.reprint || report.verdict === 'unreadable' ? report.checks : [...report.checks, NOT_REPRINTED] };
  }
  const text = bytes.toString('utf8');
  if (looksLikeProofFile(text)) return checkProofFile(text, { ...trusted, handovers: options.keys?.handovers ?? [] });
  // The dash that begins a signature line of a note.
  if (text.includes('\n\n\u2014 ')) return checkCheckpointNote(bytes, { ...trusted, ...(options.keys ? { keys: options.keys } : {}) });
  return unreadableFile('this is no file of ours: neither a pack, a proof, a checkpoint nor a folder of a log; or too little of it is left');
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
