// C2SP tlog-checkpoint: a signed note whose text is origin, tree size and root hash.
import { HASH_BYTES } from './merkle.js';
import { decodeBase64, NoteError, openNote, parseVerifierKey } from './signed-note.js';

/** What a checkpoint states: of the log `origin`, the first `treeSize` leaves have this root (32 bytes). */
export interface CheckpointText { readonly origin: string; readonly treeSize: bigint; readonly root: Buffer }

/** The text that is signed: three lines. */
export function checkpointText({ origin, treeSize, root }: CheckpointText): string {
  return `${origin}\n${treeSize}\n${root.toString('base64')}\n`;
}

/** Reads the text of a checkpoint; extension lines are allowed and ignored. Throws NoteError for leading zeros, other base64 spellings, a root not of 32 bytes. */
export function parseCheckpointText(text: string): CheckpointText {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 3 || lines.includes('')) throw new NoteError('a checkpoint has three lines: origin, tree size, root');
  const [origin = '', size = '', encoded = ''] = lines;
  if (!/^(?:0|[1-9]\d{0,18})$/.test(size)) throw new NoteError('the tree size is not a decimal number without leading zeros');
  const root = decodeBase64(encoded);
  if (root?.length !== HASH_BYTES) throw new NoteError('the root is not the base64 of 32 bytes');
  return { origin, treeSize: BigInt(size), root };
}

/**
 * Opens a signed checkpoint with the verifier key of the log (name+id+base64); the origin must be the key's name. Throws NoteError
 * when it is malformed, not signed by that key, or of another origin.
 */
export function openSignedNote(note: string | Uint8Array, vkey: string): CheckpointText {
  const key = parseVerifierKey(vkey);
  const checkpoint = parseCheckpointText(openNote(note, [key]).text);
  if (checkpoint.origin !== key.name) throw new NoteError(`the checkpoint is of ${checkpoint.origin}, not of ${key.name}`);
  return checkpoint;
}
