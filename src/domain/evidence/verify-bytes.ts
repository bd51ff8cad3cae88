// Finds out what kind of file these bytes are, and verifies it. Nothing but the bytes is needed.
import { sha256Hex } from '../../kernel/digest.js';
import { checkCheckpointNote, checkProofFile, looksLikeProofFile, unreadableFile, type FileReport, type KeyList } from '../ledger/offline.js';
import type { PackReport } from './pack-report.js';
import { checkCertificateFile, looksLikeCertificate } from './verify/check-purge.js';
import { verifyPack } from './verify-pack.js';

/** What can be verified, as people name it. */
export const FILE_KINDS = ['pack', 'proof', 'checkpoint', 'certificate', 'log'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface VerifyBytesOptions {
  /** The log's verifier key as the reader got it by another way: name+id+base64. */
  readonly trustedKey?: string;
  /** A list of keys as /log/keys gives it, with the hand-overs since the trusted one. */
  readonly keys?: KeyList;
  /** Print the pages of a pack again; only the program that made it can. */
  readonly reprint: boolean;
  /** What the file must be; another kind is refused, however sound. */
  readonly kind?: FileKind;
}

/** `sha256`: of the whole file, hex. */
export type BytesReport = FileReport & { readonly sha256: string; readonly pack?: NonNullable<PackReport['pack']> };

const KIND_WORDS: Readonly<Record<FileKind, string>> = { pack: 'an evidence pack', proof: 'a proof', checkpoint: 'a checkpoint', certificate: 'the certificate of a purge', log: 'a folder with a copy of a log' };
const NOT_REPRINTED = { name: 'printed pages', ok: true, message: 'The pages were not printed again: this verifier has no printer. That the pages say what pack.json says rests on the seal; `holdfast verify` prints them.' };

/** Of the beginnings of files that people confuse with ours: what they are, and what to do. */
const STRANGERS: readonly (readonly [RegExp, string])[] = [
  [/^\s*$/, 'the file holds nothing but spaces'],
  [/^\s*<(?:!doctype html|html|head|body)/i, 'this is a web page, perhaps an error page saved under the name of the file; download the file again'],
  [/^PK/, 'this is a ZIP archive; unpack it and verify the files in it'],
  [/^.\u008b/s, 'this is compressed with gzip; unpack it and verify the file in it'],
  [/^\{.*"format":"holdfast\.evidence-(?:pack|manifest)\.v1"/s, 'this is an attachment taken out of a pack; verify the PDF it came out of'],
  [/^\{"commitment":"[0-9a-f]{64}","item":"EP-/, 'this is records.ndjson, taken out of a pack; verify the PDF it came out of'],
  [/^c2sp\.org\/tlog-proof@v1\n/, 'these are the inclusion proofs taken out of a pack; verify the PDF they came out of'],
  [/^(?:#!.*\n)?\/\/ Holdfast \S+: offline verifier/, 'this is the verifier itself; give it the file to verify'],
];

/** The kind of the bytes by what stands in them; undefined for a file that is none of ours. */
export function kindOf(bytes: Buffer): Exclude<FileKind, 'log'> | undefined {
  if (bytes.toString('latin1', 0, 5) === '%PDF-') return 'pack';
  const text = bytes.toString('utf8', 0, 65_536);
  if (looksLikeProofFile(text)) return 'proof';
  if (looksLikeCertificate(text)) return 'certificate';
  // The dash that begins a signature line of a note; a note is short. Inclusion proofs end with one.
  return bytes.length <= 65_536 && !text.startsWith('c2sp.org/tlog-proof') && text.includes('\n\n\u2014 ') ? 'checkpoint' : undefined;
}

/** Verifies the bytes. Never throws for what they contain. */
export async function verifyBytes(bytes: Buffer, options: VerifyBytesOptions): Promise<BytesReport> {
  const found = kindOf(bytes), sha256 = sha256Hex(bytes);
  if (options.kind !== undefined && found !== options.kind) {
    const why = found ? `this is ${KIND_WORDS[found]}, not ${KIND_WORDS[options.kind]}` : `this is not ${KIND_WORDS[options.kind]}: ${strangerWords(bytes)}`;
    return { ...unreadableFile(why), sha256 };
  }
  const trusted = options.trustedKey === undefined ? {} : { trustedKey: options.trustedKey.trim() }, { keys } = options;
  switch (found) {
    case 'pack': {
      const report = await verifyPack(bytes, { ...trusted, ...(keys ? { handovers: keys.handovers } : {}), reprint: options.reprint });
      return { kind: 'evidence pack', ...report, sha256, checks: options.reprint || report.verdict === 'unreadable' ? report.checks : [...report.checks, NOT_REPRINTED] };
    }
    case 'proof': return { ...checkProofFile(bytes.toString('utf8'), { ...trusted, handovers: keys?.handovers ?? [] }), sha256 };
    case 'certificate': return { ...checkCertificateFile(bytes.toString('utf8')), sha256 };
    case 'checkpoint': return { ...checkCheckpointNote(bytes, { ...trusted, ...(keys ? { keys } : {}) }), sha256 };
    default: return { ...unreadableFile(strangerWords(bytes)), sha256 };
  }
}

function strangerWords(bytes: Buffer): string {
  if (bytes.length === 0) return 'the file is empty';
  const head = bytes.toString('latin1', 0, 4_096);
  return STRANGERS.find(([looks]) => looks.test(head))?.[1] ?? 'this is no file of ours: neither a pack, a proof, a checkpoint, a certificate nor a folder of a log; or too little of it is left';
}
