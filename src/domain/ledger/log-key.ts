// The log's identity: its origin and the keys that sign checkpoints, one after another as the hand-overs on record say.
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import type { KeyRing, SigningKeyName } from '../../platform/crypto/keyring.js';
import type { CheckpointText } from './log/checkpoint.js';
import { openCheckpoint, readKeyChain, signCheckpoint, spanAt, type KeySpan } from './log/key-chain.js';
import { formatVerifierKey, noteKey, type NoteSigner } from './log/signed-note.js';

export interface LogKey {
  readonly origin: string;
  /** The log's first key, name+id+base64: the one to keep; hand-overs lead from it to later ones. */
  readonly verifierKey: string;
  /** Signed notes, oldest first. */
  readonly handovers: readonly string[];
  /** The key that signs trees of this size. */
  verifierKeyAt(treeSize: bigint): string;
  /** Takes up the hand-overs on record. Throws `verification_failed` when they do not go on from what is known here. */
  follow(handovers: readonly string[]): void;
  /** The signed checkpoint as a note. Throws `verification_failed` when the key in keys/ is not the one on record. */
  sign(treeSize: bigint, root: Buffer): string;
  /** Opens a checkpoint of this log; throws NoteError for any other, also for one by a key that was given up before. */
  open(note: string): CheckpointText;
  /** The key of this place in the chain, from 1; made when it is not there. */
  signer(place: number): NoteSigner;
}

/** Name of a key in the key ring by its place in the chain. */
function ringName(place: number): SigningKeyName { return place === 1 ? 'ledger' : `ledger.${place}`; }

/** Binds origin and key ring; the first key is made at first use. */
export function createLogKey(keys: KeyRing, origin: string): LogKey {
  const signer = (place: number): NoteSigner => ({ key: noteKey(origin, keys.publicKey(ringName(place))), sign: (message) => keys.sign(ringName(place), message) });
  let known: readonly string[] = [], chain: readonly KeySpan[] | undefined;
  const spans = (): readonly KeySpan[] => chain ??= readKeyChain(formatVerifierKey(signer(1).key), known);
  return {
    origin, signer,
    get verifierKey() { return spans()[0]!.verifierKey; },
    get handovers() { return known; },
    verifierKeyAt: (treeSize) => spanAt(spans(), treeSize)!.verifierKey,
    follow: (handovers) => {
      if (handovers.length === known.length && handovers.every((note, at) => note === known[at])) return;
      if (!known.every((note, at) => note === handovers[at])) throw broken('a hand-over that was on record is gone or another');
      let next: readonly KeySpan[];
      try { next = readKeyChain(formatVerifierKey(signer(1).key), handovers); } catch (error) { throw broken(coerceError(error).message); }
      if (next[0]!.verifierKey !== formatVerifierKey(signer(1).key)) throw broken('they do not begin with the first key of this log');
      known = [...handovers];
      chain = next;
    },
    sign: (treeSize, root) => {
      const span = spanAt(spans(), treeSize)!, place = spans().indexOf(span) + 1;
      if (formatVerifierKey(signer(place).key) !== span.verifierKey) throw new HoldfastError('verification_failed', `keys/${ringName(place)}.ed25519.pem is not the key that was handed over to; restore it`);
      return signCheckpoint({ origin, treeSize, root }, signer(place));
    },
    open: (note) => { const { treeSize, root } = openCheckpoint(note, spans()); return { origin, treeSize, root }; },
  };
}

function broken(why: string): HoldfastError { return new HoldfastError('verification_failed', `the hand-overs of the log key do not verify: ${why}; run "holdfast verify"`); }
