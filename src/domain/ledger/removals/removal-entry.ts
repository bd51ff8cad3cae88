// One entry of the journal of removals: numbered, chained to the one before, signed. Pure but for the key.
import { createPublicKey, verify } from 'node:crypto';
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { HoldfastError } from '../../../kernel/errors.js';
import type { KeyRing } from '../../../platform/crypto/keyring.js';

/** purge: a certified run, with what it removed · rewrap: content wrapped anew under a held key · shred: a key of the vault destroyed. */
export const REMOVAL_KINDS = ['purge', 'rewrap', 'shred'] as const;
export type RemovalKind = (typeof REMOVAL_KINDS)[number];
export interface Removal { readonly kind: RemovalKind; /** Run, or name of a key. */ readonly subject: string; readonly body: { readonly [key: string]: Json } }
/** `previous`: SHA-256 (hex) of the text of the entry before; null for the first. `at`: ISO 8601. */
export interface RemovalEntry extends Removal { readonly number: number; readonly previous: string | null; readonly at: string }
/** An entry as it stands in its file. `sha256` (hex) is over `text`. */
export interface WrittenEntry extends RemovalEntry { readonly text: string; readonly sha256: string }

const FORMAT = 'holdfast.removal.v1', HEAD_FORMAT = 'holdfast.removals-head.v1';

/** Name of the file of an entry; names sort like numbers. */
export function entryFile(number: number): string { return `${String(number).padStart(9, '0')}.json`; }
/** The number a file name stands for; undefined for any other file. */
export function entryNumber(name: string): number | undefined { return /^\d{9}\.json$/.test(name) ? Number(name.slice(0, 9)) : undefined; }

/** The text of the file, one line of RFC 8785 JSON signed with the certificate key. */
export function writeEntry(keys: KeyRing, { number, previous, at, kind, subject, body }: RemovalEntry): WrittenEntry {
  const text = signed(keys, { format: FORMAT, number, previous, at, kind, subject, body });
  return { number, previous, at, kind, subject, body, text, sha256: sha256Hex(text) };
}

/** Reads it back. Throws `verification_failed` for a file that was changed, cut, renamed, or signed by another key than the one in keys/. */
export function readEntry(keys: KeyRing, text: string, number: number): WrittenEntry {
  const json = opened(keys, text, FORMAT, `removals/${entryFile(number)}`);
  const { previous, at, kind, subject, body } = json as unknown as RemovalEntry;
  if (json['number'] !== number || !REMOVAL_KINDS.includes(kind)) throw changed(`removals/${entryFile(number)}`, 'it is another entry than its name says');
  return { number, previous, at, kind, subject, body, text, sha256: sha256Hex(text) };
}

/** How many entries the journal has and what the last one's SHA-256 is; published beside the log, so that a cut journal is seen. */
export interface RemovalsHead { readonly entries: number; readonly sha256: string }
export function formatHead(keys: KeyRing, { entries, sha256 }: RemovalsHead): string { return signed(keys, { format: HEAD_FORMAT, entries, sha256 }); }
/** Throws `verification_failed`. */
export function parseHead(keys: KeyRing, text: string, where: string): RemovalsHead {
  const { entries, sha256 } = opened(keys, text, HEAD_FORMAT, where) as unknown as RemovalsHead;
  return { entries, sha256 };
}

function signed(keys: KeyRing, json: { readonly [key: string]: Json }): string {
  return `${canonicalJson({ ...json, signature: keys.sign('certificate', Buffer.from(canonicalJson(json))).toString('hex') })}\n`;
}

function opened(keys: KeyRing, text: string, format: string, where: string): { readonly [key: string]: Json } {
  let json: { readonly [key: string]: Json };
  try { json = JSON.parse(text) as typeof json; } catch { throw changed(where, 'it is cut off, or no JSON'); }
  const { signature, ...rest } = json;
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: keys.publicKey('certificate').toString('base64url') } });
  if (json['format'] !== format || typeof signature !== 'string' || text !== `${canonicalJson(json)}\n` || !verify(null, Buffer.from(canonicalJson(rest)), key, Buffer.from(signature, 'hex'))) {
    throw changed(where, 'it is not what was signed with keys/certificate.ed25519.pem');
  }
  return json;
}

function changed(where: string, why: string): HoldfastError { return new HoldfastError('verification_failed', `${where} does not verify: ${why}; put back a copy of it`); }
