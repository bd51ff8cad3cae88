// Inclusion proofs of records against the newest checkpoint, from the stored tiles.
import type { Checkpoint } from './checkpoint.view.js';
import type { CanonicalRecord } from './record.js';
import type { RecordTableName } from './record-tables.js';

export interface RecordProof {
  readonly table: RecordTableName;
  readonly id: string;
  readonly record: CanonicalRecord;
  /** 16 bytes. */
  readonly salt: Buffer;
  /** SHA-256(salt ‖ canonical record), the entry of the leaf. */
  readonly commitment: Buffer;
  /** null: its batch is not sealed yet; `path` is empty then. */
  readonly leafIndex: bigint | null;
  /** From the leaf's sibling upward, at most one hash a level of the tree. */
  readonly path: readonly Buffer[];
}
/** Proofs against one checkpoint; `checkpoint` is undefined before the first seal. */
export interface RecordProofs { readonly checkpoint: Checkpoint | undefined; readonly proofs: readonly RecordProof[] }
