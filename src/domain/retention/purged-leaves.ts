// The leaf indexes a purge removed: ascending, each as LEB128 of the difference to the one before, gzipped. Pure.
import { gunzipSync, gzipSync } from 'node:zlib';
import { sha256Hex } from '../../kernel/digest.js';

/** Gathers ascending leaf indexes (below 2^53) in about a byte each. */
export class LeafList {
  #bytes = Buffer.alloc(1024);
  #length = 0;
  #last = 0;
  count = 0;

  /** Throws RangeError when not above the one before. */
  add(leaf: number): void {
    if (!Number.isSafeInteger(leaf) || leaf < 0 || (this.count > 0 && leaf <= this.#last)) throw new RangeError(`leaf ${leaf} is not above ${this.#last}`);
    let rest = leaf - this.#last;
    this.#last = leaf;
    this.count += 1;
    if (this.#length + 8 > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#bytes.length)]);
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** The stored form. */
  pack(): Buffer { return gzipSync(this.#bytes.subarray(0, this.#length)); }
}

/** The indexes again. Throws for what `pack` did not make. */
export function unpackLeaves(packed: Uint8Array): number[] {
  const leaves: number[] = [];
  let last = 0, value = 0, factor = 1;
  for (const byte of gunzipSync(packed)) {
    value += (byte & 127) * factor;
    if (byte & 128) { factor *= 128; continue; }
    leaves.push(last += value);
    value = 0;
    factor = 1;
  }
  if (factor !== 1) throw new RangeError('the list of leaves is cut off');
  return leaves;
}

/** How many there are: the number of last bytes. Makes no list of them. */
export function countLeaves(packed: Uint8Array): number {
  let count = 0;
  for (const byte of gunzipSync(packed)) if (byte < 128) count += 1;
  return count;
}

/** Several lists as one. Takes eight bytes a leaf while it sorts. */
export function mergeLeaves(parts: readonly Uint8Array[]): LeafList {
  const all = new Float64Array(parts.reduce((sum, part) => sum + countLeaves(part), 0)), list = new LeafList();
  let filled = 0;
  for (const part of parts) for (const leaf of unpackLeaves(part)) all[filled++] = leaf;
  for (const leaf of all.sort()) list.add(leaf);
  return list;
}

/** SHA-256 (hex) of the uncompressed list: independent of the compressor's version. */
export function leavesDigest(packed: Uint8Array): string { return sha256Hex(gunzipSync(packed)); }
