// Authenticated encryption of bytes: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D), the context bound as associated data.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 1, NONCE_BYTES = 12, TAG_BYTES = 16;
/** What sealing adds: version, nonce, tag. */
export const SEAL_OVERHEAD = 1 + NONCE_BYTES + TAG_BYTES;

/** version ‖ nonce ‖ ciphertext ‖ tag. `key` has 32 bytes; `context` must be given again to open. */
export function sealBytes(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealBytes` made; throws when key, bytes or context differ. */
export function openBytes(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed[0] !== VERSION || sealed.length < SEAL_OVERHEAD) throw new Error(`not sealed by version ${VERSION}`);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
