// The certificate of a purge: its body, its signature, its verification. Pure but for the key; needs no database to check.
import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { HoldfastError } from '../../kernel/errors.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';

export type CertificateBody = { readonly [key: string]: Json };
export interface SignedCertificate { readonly body: CertificateBody; readonly signature: Buffer; readonly publicKey: Buffer }

export const CERTIFICATE_KIND = 'holdfast/purge-certificate/v1';

/** What a run must be before anything is signed about it. */
export interface CertifiableRun {
  readonly runId: string; readonly state: string; readonly survivors: bigint | null;
  readonly items: readonly { readonly position: number; readonly state: string }[];
}

/**
 * Signs with the certificate key, Ed25519 over the RFC 8785 text of the body. Throws `verification_failed` unless the run was verified:
 * every item done and survivors counted as zero. There is no other way to a signature.
 */
export function signCertificate(keys: KeyRing, run: CertifiableRun, body: CertificateBody): SignedCertificate {
  const open = run.items.filter((item) => item.state !== 'done');
  if (open.length > 0) throw refused(run.runId, `${open.length} of its items are not done`);
  if (run.state !== 'verifying') throw refused(run.runId, `it is ${run.state}, not verifying`);
  if (run.survivors !== 0n) throw refused(run.runId, run.survivors === null ? 'its survivors were not counted' : `${run.survivors} rows survived`);
  if (body['kind'] !== CERTIFICATE_KIND || body['run_id'] !== run.runId) throw refused(run.runId, 'the body is about something else');
  return { body, signature: keys.sign('certificate', Buffer.from(canonicalJson(body))), publicKey: keys.publicKey('certificate') };
}

/** Whether the 64-byte signature of the body was made with the raw 32-byte Ed25519 key. False for anything malformed. */
export function verifyCertificate(body: CertificateBody, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') } });
    return verify(null, Buffer.from(canonicalJson(body)), key, signature);
  } catch { return false; }
}

function refused(runId: string, why: string): HoldfastError {
  return new HoldfastError('verification_failed', `no certificate for run ${runId}: ${why}`);
}
