// How one piece of content is sealed: under a key of its own, which is wrapped under the day's key. Pure but for randomness.
import { randomBytes } from 'node:crypto';
import { openBytes, sealBytes } from '../../platform/crypto/sealed-bytes.js';
import type { ContentSide } from './content-rules.js';

/** What binds a sealed piece to its place: moved to another row, it does not open. */
export interface ContentPlace { readonly side: ContentSide; readonly requestId: string; readonly accountId: string; readonly grantId: string }
export interface Envelope { readonly wrappedKey: Buffer; readonly sealed: Buffer }

function contextOf({ side, requestId, accountId, grantId }: ContentPlace): string { return `holdfast-content-1\n${side}\n${requestId}\n${accountId}\n${grantId}`; }

export function sealContent(dayKey: Uint8Array, plain: Uint8Array, place: ContentPlace): Envelope {
  const key = randomBytes(32), context = contextOf(place);
  return { wrappedKey: sealBytes(dayKey, key, context), sealed: sealBytes(key, plain, context) };
}

/** Throws when the key, the bytes or the place are not those it was sealed with. */
export function openContent(dayKey: Uint8Array, { wrappedKey, sealed }: Envelope, place: ContentPlace): Buffer {
  const context = contextOf(place);
  return openBytes(openBytes(dayKey, wrappedKey, context), sealed, context);
}

/** The wrapped key under another day key; the content itself is not touched. */
export function rewrapKey(from: Uint8Array, to: Uint8Array, wrappedKey: Uint8Array, place: ContentPlace): Buffer {
  const context = contextOf(place);
  return sealBytes(to, openBytes(from, wrappedKey, context), context);
}
