// Hashes, with the algorithm in the name.
import { createHash, hash as hashOnce } from 'node:crypto';

/** SHA-256 over the concatenation of the parts; 32 bytes. */
export function sha256(...parts: (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** SHA-256 in lower-case hex, 64 characters. */
export function sha256Hex(...parts: (Uint8Array | string)[]): string {
  return parts.length === 1 ? hashOnce('sha256', parts[0]!, 'hex') : sha256(...parts).toString('hex');
}
