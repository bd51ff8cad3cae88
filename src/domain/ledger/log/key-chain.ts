// The keys of one log, one after another: each hand-over is a note signed by the key before and the key after, at a size and root.
import { checkpointText, parseCheckpointText, type CheckpointText } from './checkpoint.js';
import { HASH_BYTES } from './merkle.js';
import { decodeBase64, NoteError, openNote, parseVerifierKey, signNote, type NoteKey, type NoteSigner } from './signed-note.js';

const SECOND_LINE = 'key hand-over';

/** From this size on (excluded) the new key signs; a checkpoint of a larger tree by the old one is none of this log. */
export interface Handover { readonly origin: string; readonly treeSize: bigint; readonly root: Buffer; readonly from: string; readonly to: string; readonly at: string }
/** A key and the sizes of trees it may sign: larger than `after`, up to `until` (no limit when undefined). */
export interface KeySpan { readonly key: NoteKey; readonly verifierKey: string; readonly after: bigint; readonly until: bigint | undefined }

/** The signed note of a hand-over. Its second line is no number, so it can never pass as a checkpoint. */
export function signHandover({ origin, treeSize, root, from, to, at }: Handover, signers: readonly [NoteSigner, NoteSigner]): string {
  return signNote([origin, SECOND_LINE, treeSize, root.toString('base64'), from, to, at, ''].join('\n'), signers);
}

/** Reads a hand-over and checks both signatures. Throws NoteError. */
export function openHandover(note: string): Handover {
  // The keys that must have signed stand in the text; that they are the right ones is for the chain to say.
  const lines = note.split('\n'), [origin = '', second, size = '', encoded = '', from = '', to = '', at = '', end] = lines;
  const root = decodeBase64(encoded);
  if (second !== SECOND_LINE || end !== '' || !/^(?:0|[1-9]\d{0,18})$/.test(size) || root?.length !== HASH_BYTES || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at)) throw new NoteError('not a hand-over of a log key');
  const keys = [parseVerifierKey(from), parseVerifierKey(to)];
  if (keys.some((key) => key.name !== origin) || from === to) throw new NoteError('a hand-over is between two keys of one log');
  const { text, verified } = openNote(note, keys);
  if (verified.length !== 2) throw new NoteError('a hand-over is signed by both keys');
  if (text !== `${lines.slice(0, 7).join('\n')}\n`) throw new NoteError('a hand-over has seven lines');
  return { origin, treeSize: BigInt(size), root, from, to, at };
}

/**
 * The keys of a log as who trusts `pinned` may take them, oldest first. The hand-overs must follow one another and `pinned` must be
 * among their keys: both keys sign, so trust goes along the chain in both directions. Throws NoteError.
 */
export function readKeyChain(pinned: string, handovers: readonly string[]): KeySpan[] {
  const opened = handovers.map(openHandover);
  for (const [index, one] of opened.entries()) {
    const before = opened[index - 1];
    if (before && (before.to !== one.from || before.origin !== one.origin || one.treeSize < before.treeSize)) throw new NoteError('the hand-overs of the log keys do not follow one another');
  }
  const keys = opened.length === 0 ? [pinned] : [opened[0]!.from, ...opened.map((one) => one.to)];
  if (!keys.includes(pinned.trim())) throw new NoteError('the hand-overs of the log keys do not lead to the key you trust');
  if (new Set(keys).size !== keys.length) throw new NoteError('a log key that was given up comes back');
  return keys.map((verifierKey, index) => ({ key: parseVerifierKey(verifierKey.trim()), verifierKey: verifierKey.trim(), after: opened[index - 1]?.treeSize ?? -1n, until: opened[index]?.treeSize }));
}

/** Opens a checkpoint of the log with the key its size asks for. Throws NoteError, in plain words for a key that was given up before. */
export function openCheckpoint(note: string | Uint8Array, chain: readonly KeySpan[]): CheckpointText & { readonly span: KeySpan } {
  const { text, verified } = openNote(note, chain.map((span) => span.key));
  const checkpoint = parseCheckpointText(text);
  const signer = chain.find((span) => span.key === verified[0])!, span = spanAt(chain, checkpoint.treeSize);
  if (checkpoint.origin !== signer.key.name) throw new NoteError(`the checkpoint is of ${checkpoint.origin}, not of ${signer.key.name}`);
  if (!span || !verified.includes(span.key)) {
    throw new NoteError(signer.until !== undefined && checkpoint.treeSize > signer.until
      ? `a checkpoint of ${checkpoint.treeSize} leaves is signed by the key that was given up at ${signer.until}`
      : `a checkpoint of ${checkpoint.treeSize} leaves is signed by a key that signs only from ${signer.after} on`);
  }
  return { ...checkpoint, span };
}

/** Signs a checkpoint; the caller chose the signer by `spanAt`. */
export function signCheckpoint(checkpoint: CheckpointText, signer: NoteSigner): string { return signNote(checkpointText(checkpoint), [signer]); }

/** The key that signs trees of this size. */
export function spanAt(chain: readonly KeySpan[], treeSize: bigint): KeySpan | undefined {
  return chain.find((span) => treeSize > span.after && (span.until === undefined || treeSize <= span.until));
}
