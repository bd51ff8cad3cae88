// The machine-readable side of a pack. records.ndjson and proofs.tlog follow from pack.json alone, so a verifier can make them again.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { formatLogProof } from '../ledger/offline.js';
import type { PackDocument, PackRecord } from './pack-document.js';
import { packJsonPieces, PIECE_RECORDS } from './pack-json.js';

export const MANIFEST_FORMAT = 'holdfast.evidence-manifest.v1';

/** Names of the attachments, in the order in which they stand in the file. */
export const ATTACHMENTS = ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json'] as const;
/** The single-file verifier, in every pack of a program that was built with it. */
export const VERIFIER = 'verify.mjs';
export type AttachmentName = (typeof ATTACHMENTS)[number] | typeof VERIFIER;
/** `pieces` is read once. */
export interface PackAttachment { readonly name: AttachmentName; readonly type: string; readonly description: string; readonly pieces: Iterable<Buffer> }

/** One record a line: the canonical record as it was hashed, with its item id, salt and commitment. */
export function* recordsNdjson(document: PackDocument): Generator<Buffer> {
  for (const records of inPieces(document)) {
    yield Buffer.from(records.map(({ item, salt, commitment, redacted, table, version, row }) => `${canonicalJson({ item, salt, commitment, ...(redacted ? { redacted } : {}), record: { table, version, row } } as Json)}\n`).join(''));
  }
}

/** A C2SP tlog-proof for each record, in the order of the items; a new one starts at each header line. The extra line is the salt. */
export function* proofsTlog(document: PackDocument): Generator<Buffer> {
  const hashes = new Map<string, Buffer>();
  let first = true;
  for (const records of inPieces(document)) {
    const text = records.map((record) => formatLogProof({
      index: BigInt(record.leaf_index), path: record.path.map((hash) => bytesOf(hashes, hash)), checkpoint: document.checkpoint.note, ...(record.salt === null ? {} : { extra: Buffer.from(record.salt, 'hex') }),
    })).join('\n');
    yield Buffer.from(first ? text : `\n${text}`);
    first = false;
  }
}

/** All attachments but the manifest, each made when it is read. `json` are the bytes of pack.json where they are at hand. */
export function packAttachments(document: PackDocument, verifier?: Buffer, json: Iterable<Buffer> = packJsonPieces(document)): PackAttachment[] {
  return [
    { name: 'pack.json', type: 'application/json', description: 'Everything this pack says, in RFC 8785 form', pieces: json },
    { name: 'records.ndjson', type: 'application/x-ndjson', description: 'The records with their salts, one a line', pieces: recordsNdjson(document) },
    { name: 'proofs.tlog', type: 'text/plain', description: 'C2SP tlog-proof of each record', pieces: proofsTlog(document) },
    ...(verifier ? [{ name: VERIFIER, type: 'text/javascript', description: 'Checks this pack: node verify.mjs FILE', pieces: [verifier] } as const] : []),
  ];
}

/** The last attachment: it names the digest of each other one. */
export function packManifest(document: PackDocument, attachments: readonly { readonly name: string; readonly type: string; readonly bytes: number; readonly sha256: string }[]): PackAttachment {
  const manifest = { format: MANIFEST_FORMAT, pack_id: document.pack.pack_id, attachments };
  return { name: 'manifest.json', type: 'application/json', description: 'SHA-256 of each other attachment', pieces: [Buffer.from(canonicalJson(manifest))] };
}

function* inPieces({ records }: PackDocument): Generator<PackRecord[]> {
  for (let start = 0; start < records.length; start += PIECE_RECORDS) yield records.slice(start, start + PIECE_RECORDS);
}

/** The bytes of a hash of a path; most are in many paths. */
function bytesOf(known: Map<string, Buffer>, hex: string): Buffer {
  let bytes = known.get(hex);
  if (!bytes) known.set(hex, bytes = Buffer.from(hex, 'hex'));
  return bytes;
}
