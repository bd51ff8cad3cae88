// The log's identity: its origin and the key that signs checkpoints.
import type { KeyRing } from '../../platform/crypto/keyring.js';
import { checkpointText, openSignedNote, type CheckpointText } from './log/checkpoint.js';
import { formatVerifierKey, noteKey, signNote } from './log/signed-note.js';

export interface LogKey {
  readonly origin: string;
  /** name+id+base64 */
  readonly verifierKey: string;
  /** The signed checkpoint as a note. */
  sign(treeSize: bigint, root: Buffer): string;
  /** Opens a checkpoint of this log; throws NoteError for any other. */
  open(note: string): CheckpointText;
}

/** Binds origin and key ring; the key is made at first use. */
export function createLogKey(keys: KeyRing, origin: string): LogKey {
  const key = () => noteKey(origin, keys.publicKey('ledger'));
  let line: string | undefined;
  const verifierKey = (): string => line ??= formatVerifierKey(key());
  return {
    origin, get verifierKey() { return verifierKey(); },
    sign: (treeSize, root) => signNote(checkpointText({ origin, treeSize, root }), [{ key: key(), sign: (message) => keys.sign('ledger', message) }]),
    open: (note) => openSignedNote(note, verifierKey()),
  };
}
