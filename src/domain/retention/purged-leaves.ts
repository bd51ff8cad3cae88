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

/** Several lists as one. */
export function mergeLeaves(parts: readonly Uint8Array[]): LeafList {
  const all = Float64Array.from(parts.flatMap((part) => unpackLeaves(part))).sort();
  const list = new LeafList();
  for (const leaf of all) list.add(leaf);
  return list;
}

/** SHA-256 (hex) of the uncompressed list: independent of the compressor's version. */
export function leavesDigest(packed: Uint8Array): string { return sha256Hex(gunzipSync(packed)); }
