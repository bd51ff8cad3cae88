// The machine-readable side of a pack. records.ndjson and proofs.tlog follow from pack.json alone, so a verifier can make them again.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/digest.js';
import { formatLogProof } from '../ledger/index.js';
import type { PackDocument } from './pack-document.js';

export const MANIFEST_FORMAT = 'holdfast.evidence-manifest.v1';

/** Names of the attachments, in the order in which they stand in the file. */
export const ATTACHMENTS = ['pack.json', 'records.ndjson', 'proofs.tlog', 'manifest.json'] as const;
/** The single-file verifier, in every pack of a program that was built with it. */
export const VERIFIER = 'verify.mjs';
export type AttachmentName = (typeof ATTACHMENTS)[number] | typeof VERIFIER;
export interface PackAttachment { readonly name: AttachmentName; readonly type: string; readonly description: string; readonly bytes: Buffer }

/** RFC 8785 bytes of pack.json. */
export function packJson(document: PackDocument): Buffer { return Buffer.from(canonicalJson(document as Json)); }

/** One record a line: the canonical record as it was hashed, with its item id, salt and commitment. */
export function recordsNdjson(document: PackDocument): Buffer {
  const lines = document.records.map(({ item, salt, commitment, redacted, table, version, row }) => `${canonicalJson({ item, salt, commitment, ...(redacted ? { redacted } : {}), record: { table, version, row } } as Json)}\n`);
  return Buffer.from(lines.join(''));
}

/** A C2SP tlog-proof for each record, in the order of the items; a new one starts at each header line. The extra line is the salt. */
export function proofsTlog(document: PackDocument): Buffer {
  return Buffer.from(document.records.map((record) => formatLogProof({
    index: BigInt(record.leaf_index), path: record.path.map((hash) => Buffer.from(hash, 'hex')), checkpoint: document.checkpoint.note, ...(record.salt === null ? {} : { extra: Buffer.from(record.salt, 'hex') }),
  })).join('\n'));
}

/** All attachments; the manifest, last, names the digest of each other one. */
export function packAttachments(document: PackDocument, verifier?: Buffer): PackAttachment[] {
  const others: PackAttachment[] = [
    { name: 'pack.json', type: 'application/json', description: 'Everything this pack says, in RFC 8785 form', bytes: packJson(document) },
    { name: 'records.ndjson', type: 'application/x-ndjson', description: 'The records with their salts, one a line', bytes: recordsNdjson(document) },
    { name: 'proofs.tlog', type: 'text/plain', description: 'C2SP tlog-proof of each record', bytes: proofsTlog(document) },
    ...(verifier ? [{ name: VERIFIER, type: 'text/javascript', description: 'Checks this pack: node verify.mjs FILE', bytes: verifier } as const] : []),
  ];
  const manifest = { format: MANIFEST_FORMAT, pack_id: document.pack.pack_id, attachments: others.map(({ name, type, bytes }) => ({ name, type, bytes: bytes.length, sha256: sha256Hex(bytes) })) };
  return [...others, { name: 'manifest.json', type: 'application/json', description: 'SHA-256 of each other attachment', bytes: Buffer.from(canonicalJson(manifest)) }];
}
