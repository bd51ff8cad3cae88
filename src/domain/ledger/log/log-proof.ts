// C2SP tlog-proof: index, inclusion path and checkpoint of one entry as a text file that verifies offline.
import { openSignedNote, type CheckpointText } from './checkpoint.js';
import { HASH_BYTES, verifyInclusion } from './merkle.js';
import { decodeBase64, NoteError } from './signed-note.js';

const HEADER = 'c2sp.org/tlog-proof@v1';

export interface LogProof {
  readonly index: bigint;
  /** From the leaf's sibling upward. */
  readonly path: readonly Buffer[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
  /** Not authenticated; we put the record's salt here. */
  readonly extra?: Buffer;
}

/** The text of a `.tlog-proof` file. */
export function formatLogProof({ index, path, checkpoint, extra }: LogProof): string {
  const lines = [HEADER, ...(extra ? [`extra ${extra.toString('base64')}`] : []), `index ${index}`, ...path.map((hash) => hash.toString('base64'))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Reads a `.tlog-proof` file without judging it. Throws NoteError. */
export function parseLogProof(text: string): LogProof {
  const end = text.indexOf('\n\n');
  const lines = end < 0 ? [] : text.slice(0, end).split('\n');
  if (lines.shift() !== HEADER) throw new NoteError(`a proof starts with ${HEADER}`);
  let extra: Buffer | undefined;
  if (lines[0]?.startsWith('extra ')) {
    extra = decodeBase64(lines.shift()!.slice('extra '.length));
    if (!extra) throw new NoteError('the extra line is not base64');
  }
  const index = /^index (0|[1-9]\d{0,18})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw new NoteError('the index line is missing or not a decimal number without leading zeros');
  const path = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw new NoteError('a line of the path is not the base64 of 32 bytes');
    return hash;
  });
  return { index: BigInt(index), path, checkpoint: text.slice(end + 2), ...(extra ? { extra } : {}) };
}

/** Checks that `entry` is in the log of `vkey` as the proof says; returns the checkpoint it is proven against. Throws NoteError. */
export function verifyLogProof(text: string, entry: Uint8Array, vkey: string): CheckpointText & { index: bigint } {
  const proof = parseLogProof(text);
  const checkpoint = openSignedNote(proof.checkpoint, vkey);
  if (!verifyInclusion(entry, proof.index, checkpoint.treeSize, proof.path, checkpoint.root)) throw new NoteError(`the entry is not leaf ${proof.index} of the log`);
  return { ...checkpoint, index: proof.index };
}
