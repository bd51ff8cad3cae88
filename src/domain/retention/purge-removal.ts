// What the journal of removals keeps of a certified run: its certificate, the leaves and the ids of what went. Pure.
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { sha256 } from '../../kernel/digest.js';
import { HoldfastError } from '../../kernel/errors.js';
import type { Removal } from '../ledger/index.js';
import { verifyCertificate, type CertificateBody } from './certificate.js';
import type { PurgeCertificate } from './purge.js';
import { leavesDigest } from './purged-leaves.js';

/** An item as it is replayed: `leaves` packed as in the database; `rows` are keys of a table whose rows are no ledger records. */
export interface RemovedItem { readonly position: number; readonly leaves: Buffer | null; readonly rows: readonly string[] }
export interface PurgeRemoval { readonly certificate: PurgeCertificate; readonly items: readonly RemovedItem[] }

/** As an entry of the journal. */
export function writePurgeRemoval({ certificate, items }: PurgeRemoval): Removal {
  return { kind: 'purge', subject: certificate.runId, body: {
    certificate: { certificate_id: certificate.certificateId, issued_at: certificate.issuedAt.toISOString(), body: certificate.body, signature: certificate.signature.toString('hex'), public_key: certificate.publicKey.toString('hex') },
    items: items.map(({ position, leaves, rows }) => ({ position, leaves: leaves?.toString('base64') ?? null, rows: rows.length === 0 ? null : gzipSync(rows.join('\n')).toString('base64') })),
  } };
}

/** Reads it back. Throws `verification_failed` unless our key signed the certificate and the leaves are the ones it names. */
export function readPurgeRemoval({ subject, body }: Pick<Removal, 'subject' | 'body'>, trustedKey: Buffer): PurgeRemoval {
  const { certificate: raw, items } = body as unknown as { certificate: { certificate_id: string; issued_at: string; body: CertificateBody; signature: string; public_key: string }; items: { position: number; leaves: string | null; rows: string | null }[] };
  const signature = Buffer.from(raw.signature, 'hex');
  if (raw.body['run_id'] !== subject || raw.body['certificate_id'] !== raw.certificate_id || !verifyCertificate(raw.body, signature, trustedKey)) throw new HoldfastError('verification_failed', `certificate ${raw.certificate_id} does not verify; nothing is removed on its word`);
  const named = itemsOf(raw.body), read = items.map(({ position, leaves, rows }) => ({ position, leaves: leaves === null ? null : Buffer.from(leaves, 'base64'), rows: rows === null ? [] : gunzipSync(Buffer.from(rows, 'base64')).toString().split('\n') }));
  for (const { position, leaves } of read) {
    const expected = named.find((item) => item['position'] === position)?.['purged_leaves'] as { sha256?: Json } | null | undefined;
    if ((leaves === null ? undefined : leavesDigest(leaves)) !== (expected?.sha256 ?? undefined)) throw new HoldfastError('verification_failed', `certificate ${raw.certificate_id} names other leaves for item ${position} than the journal has; nothing is removed on its word`);
  }
  return { items: read, certificate: { certificateId: raw.certificate_id, runId: subject, body: raw.body, bodyDigest: sha256(canonicalJson(raw.body)), signature, publicKey: Buffer.from(raw.public_key, 'hex'), issuedAt: new Date(raw.issued_at) } };
}

/** The items a certificate names. */
export function itemsOf(body: CertificateBody): readonly { readonly [key: string]: Json }[] { return Array.isArray(body['items']) ? body['items'] as readonly { readonly [key: string]: Json }[] : []; }
