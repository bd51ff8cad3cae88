// Verifies bytes that a stranger brought, within bounds of memory and time, and keeps nothing of them.
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { unreadableFile } from '../ledger/index.js';
import { sha256Hex } from '../../kernel/digest.js';
import { verifyBytesInThread } from './pack-thread.js';
import type { BytesReport, VerifyBytesOptions } from './verify-bytes.js';

/** A volume of 10,000 records takes about 5 seconds on an idle machine. */
const PATIENCE_MS = 3 * 60_000;
/** Files that wait behind the one being verified; each may have 64 MB. */
const MOST_WAITING = 4;

export type VerifyUpload = (bytes: Uint8Array, options?: Partial<VerifyBytesOptions>) => Promise<BytesReport>;

/** One file at a time: memory is that of one thread, whoever sends how many. Throws `rate_limited` when too many wait. */
export function createVerifyUpload(): VerifyUpload {
  let last: Promise<unknown> = Promise.resolve(), waiting = 0;
  return async (bytes, options = {}) => {
    if (waiting > MOST_WAITING) throw new HoldfastError('rate_limited', 'several files are being verified; try again in a minute, or use verify.mjs on your own machine');
    waiting += 1;
    const mine = last.then(() => verifyWithin(bytes, { reprint: true, ...options }));
    last = mine.catch(() => undefined);
    try { return await mine; } finally { waiting -= 1; }
  };
}

async function verifyWithin(bytes: Uint8Array, options: VerifyBytesOptions): Promise<BytesReport> {
  try { return await verifyBytesInThread(bytes, options, { patience: PATIENCE_MS }); } catch (error) {
    const problem = coerceError(error), why = 'code' in problem && problem.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'more memory' : problem.message.startsWith('it took longer') ? 'more time' : undefined;
    if (why === undefined) throw error;
    return { ...unreadableFile(`reading this file takes ${why} than any file of ours does; verify.mjs on a machine of your own has no such bound`), sha256: sha256Hex(bytes) };
  }
}
