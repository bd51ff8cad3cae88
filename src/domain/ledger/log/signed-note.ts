// C2SP signed-note with Ed25519 keys (signature type 0x01): a text and the signatures of one or more keys over it.
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { sha256 } from '../../../kernel/digest.js';

const ED25519 = 0x01;
/** Notes with more signatures are refused; the format asks verifiers to take at least 16. */
export const MAX_SIGNATURES = 16;
const SIGNATURE_LINE = /^\u2014 (\S+) (\S+)$/u;
// Names without spaces and plus; control characters are barred from the whole note.
const NAME = /^[^\s+]+$/u;

/** A key that may sign notes: its name and 32-byte Ed25519 public key. */
export interface NoteKey { readonly name: string; readonly id: number; readonly publicKey: Buffer }
/** A key with its private half behind it; `sign` answers with the 64 bytes of an Ed25519 signature. */
export interface NoteSigner { readonly key: NoteKey; sign(message: Buffer): Buffer }
/** Why a note was not accepted. */
export class NoteError extends Error { override readonly name = 'NoteError'; }

/** The key of this name; its id is the first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key). Throws NoteError for a bad name or length. */
export function noteKey(name: string, publicKey: Buffer): NoteKey {
  if (!NAME.test(name) || hasControls(name) || !name.isWellFormed()) throw new NoteError(`"${name}" is not a key name: no spaces, no plus, not empty`);
  if (publicKey.length !== 32) throw new NoteError('an Ed25519 public key has 32 bytes');
  return { name, publicKey, id: sha256(name, '\n', Buffer.from([ED25519]), publicKey).readUInt32BE() };
}

/** The verifier key as one line: name+id+base64(0x01 ‖ public key). */
export function formatVerifierKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${hexId(id)}+${Buffer.concat([Buffer.from([ED25519]), publicKey]).toString('base64')}`;
}

/** Reads a verifier key; throws NoteError when it is malformed, of another type, or its id is not the one of its key. */
export function parseVerifierKey(vkey: string): NoteKey {
  const [name = '', id = '', encoded] = splitThree(vkey);
  const bytes = decodeBase64(encoded ?? '');
  if (bytes?.[0] !== ED25519 || bytes.length !== 33) throw new NoteError('not an Ed25519 verifier key of the form name+id+base64');
  const key = noteKey(name, bytes.subarray(1));
  if (hexId(key.id) !== id) throw new NoteError(`the verifier key of ${name} does not have the id it states`);
  return key;
}

/** Signs `text` (ending in a newline) with each signer; the note is text, blank line, one line a signature. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || hasControls(text) || !text.isWellFormed()) throw new NoteError('a note text ends in a newline and has no other control characters');
  const lines = signers.map((signer) => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE(signer.key.id);
    return `\u2014 ${signer.key.name} ${Buffer.concat([id, signer.sign(Buffer.from(text))]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Opens a note with the keys we trust. Signatures of other keys are passed over; one by a known key that does not verify refuses the
 * whole note, as does the absence of any that verifies. Throws NoteError. Returns the text and the names that verified.
 */
export function openNote(note: string | Uint8Array, keys: readonly NoteKey[]): { text: string; verified: NoteKey[] } {
  const { text, signatures } = splitNote(typeof note === 'string' ? note : decodeUtf8(note));
  const message = Buffer.from(text);
  const verified = new Set<NoteKey>();
  for (const { name, bytes } of signatures) {
    const key = keys.find((one) => one.name === name && one.id === bytes.readUInt32BE());
    if (!key) continue;
    if (bytes.length !== 68 || !verify(null, message, keyObject(key), bytes.subarray(4))) throw new NoteError(`the signature of ${name} does not match the text`);
    verified.add(key);
  }
  if (verified.size === 0) throw new NoteError('no signature of a known key');
  return { text, verified: [...verified] };
}

/** Text and signature lines of a note, unverified. */
function splitNote(note: string): { text: string; signatures: { name: string; bytes: Buffer }[] } {
  if (!note.isWellFormed() || hasControls(note)) throw new NoteError('a note is UTF-8 text without control characters');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || end + 2 >= note.length) throw new NoteError('not a note: text, blank line, signature lines');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new NoteError(`more than ${MAX_SIGNATURES} signatures`);
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(encoded);
    if (!NAME.test(name) || !bytes || bytes.length < 5) throw new NoteError('a signature line is malformed');
    return { name, bytes };
  });
  return { text: note.slice(0, end + 1), signatures };
}

/** Standard base64 with padding, strictly: undefined for any other spelling of the same bytes. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}

function keyObject(key: NoteKey): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key.publicKey.toString('base64url') }, format: 'jwk' });
}
function decodeUtf8(bytes: Uint8Array): string {
  try { return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw new NoteError('a note is UTF-8 text'); }
}
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 0x20 && text[at] !== '\n') return true;
  return false;
}
function splitThree(vkey: string): string[] {
  const first = vkey.indexOf('+'), second = vkey.indexOf('+', first + 1);
  return first < 0 || second < 0 ? [] : [vkey.slice(0, first), vkey.slice(first + 1, second), vkey.slice(second + 1)];
}
function hexId(id: number): string { return id.toString(16).padStart(8, '0'); }
