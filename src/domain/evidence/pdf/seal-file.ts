// Signs a finished PDF in place: fills in the byte range, hashes everything but the hole for the signature, writes the signature into it.
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Signer } from '../../../platform/crypto/pack-signer.js';
import type { Timestamper } from '../../../platform/timestamp/timestamp.js';
import { signDigest } from './cms.js';
import { BYTE_RANGE_HOLE, SIGNATURE_ROOM } from './signature-field.js';

const HOLE = `[0 ${[1, 2, 3].map(() => `/${BYTE_RANGE_HOLE}`).join(' ')}]`;
const CONTENTS = `\n/Contents <`;
const WINDOW = 1 << 16;

export interface Sealed { /** Hex digest of the whole signed file. */ readonly sha256: string; readonly bytes: number }

/** Signs the file at `path`, made by `openDocument(…).finish`. Throws when there is not exactly one place for a signature. */
export async function sealFile(path: string, signer: Signer, stamp?: Timestamper): Promise<Sealed> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const hole = await findHole(file, size);
    const contents = hole + HOLE.length + CONTENTS.length - 1;
    const after = contents + 2 * SIGNATURE_ROOM + 2;
    const byteRange = `[0 ${contents} ${after} ${size - after}]`;
    await file.write(byteRange.padEnd(HOLE.length), hole, 'latin1');
    const hash = createHash('sha256');
    await feed(path, hash, 0, contents);
    await feed(path, hash, after, size);
    const cms = await signDigest(hash.digest(), signer, stamp);
    if (cms.length > SIGNATURE_ROOM) throw new Error(`the signature has ${cms.length} bytes; there is room for ${SIGNATURE_ROOM}`);
    await file.write(cms.toString('hex'), contents + 1, 'latin1');
    await file.sync();
    const whole = createHash('sha256');
    await feed(path, whole, 0, size);
    return { sha256: whole.digest('hex'), bytes: size };
  } finally { await file.close(); }
}

async function findHole(file: FileHandle, size: number): Promise<number> {
  const found: number[] = [];
  const needle = HOLE + CONTENTS;
  for (let start = 0; start < size; start += WINDOW) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(WINDOW + needle.length - 1), 0, WINDOW + needle.length - 1, start);
    const at = buffer.subarray(0, bytesRead).indexOf(needle, 0, 'latin1');
    if (at >= 0 && at < WINDOW) found.push(start + at);
  }
  if (found.length !== 1) throw new Error(`the document has ${found.length} places for a signature, not one`);
  return found[0]!;
}

async function feed(path: string, hash: Hash, start: number, end: number): Promise<void> {
  if (end > start) for await (const chunk of createReadStream(path, { start, end: end - 1 })) hash.update(chunk as Buffer);
}
