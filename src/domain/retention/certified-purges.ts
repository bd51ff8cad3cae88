// What the ledger's verification may take as purged: the leaves of runs whose certificate holds, and of no others.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { sha256 } from '../../kernel/digest.js';
import { verifyCertificate } from './certificate.js';
import type { CertifiedPurge } from '../ledger/index.js';
import type { PurgeCertificate } from './purge.js';
import { leavesDigest, unpackLeaves } from './purged-leaves.js';
import type { Query } from './query.store.js';
import { readCertificates, readPurgedLeaves } from './runs.view.js';

/**
 * Every certificate, valid only when our key signed exactly this body and the stored leaves are the ones it names. `trustedKey` is the raw
 * Ed25519 key from outside the database: who can write to the database could put a key of its own beside a certificate of its own.
 */
export async function readCertifiedPurges(query: Query, trustedKey: Buffer): Promise<CertifiedPurge[]> {
  const answers: CertifiedPurge[] = [];
  for (const certificate of await readCertificates(query)) {
    const leaves = signatureHolds(certificate, trustedKey) ? await matchingLeaves(query, certificate) : undefined;
    answers.push({ certificateId: certificate.certificateId, valid: leaves !== undefined, leaves: leaves ?? [] });
  }
  return answers;
}

function signatureHolds(certificate: PurgeCertificate, trustedKey: Buffer): boolean {
  return certificate.body['certificate_id'] === certificate.certificateId && certificate.body['run_id'] === certificate.runId
    && sha256(canonicalJson(certificate.body)).equals(certificate.bodyDigest) && verifyCertificate(certificate.body, certificate.signature, trustedKey);
}

async function matchingLeaves(query: Query, certificate: PurgeCertificate): Promise<bigint[] | undefined> {
  const stored = await readPurgedLeaves(query, certificate.runId);
  const items = Array.isArray(certificate.body['items']) ? certificate.body['items'] as readonly { readonly [key: string]: Json }[] : [];
  const named = new Map(items.filter((item) => item['purged_leaves'] !== null).map((item) => [item['position'], item['purged_leaves'] as { readonly [key: string]: Json }]));
  if (named.size !== stored.length) return undefined;
  const lists: number[][] = [];
  for (const { position, leaves: packed } of stored) {
    try {
      if (leavesDigest(packed) !== named.get(position)?.['sha256']) return undefined;
      lists.push(unpackLeaves(packed));
    } catch { return undefined; }
  }
  return Array.from(Float64Array.from(lists.flat()).sort(), BigInt);
}
