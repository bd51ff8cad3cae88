// Random bytes by the handful: one call to the system for many ids and salts.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 16_384;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;

/** Puts `size` fresh cryptographically random bytes (at most 16,384) into `target` from `offset`. No byte is given out twice. */
export function fillRandom(target: Buffer, offset: number, size: number): void {
  if (used + size > POOL_BYTES) { randomFillSync(pool); used = 0; }
  pool.copy(target, offset, used, used + size);
  // What was given out is wiped, so that a salt lives only where it was put.
  pool.fill(0, used, used + size);
  used += size;
}
