// Inclusion proofs of records against the newest checkpoint, from the stored tiles.
import { readLatestCheckpoint, type Checkpoint } from './checkpoint.view.js';
import { foldSteps, inclusionSteps } from './log/proof-nodes.js';
import type { Reader } from './reader.js';
import { canonicalRecord, commitmentOf, type CanonicalRecord } from './record.js';
import { readRecords } from './record-rows.view.js';
import type { RecordTableName } from './record-tables.js';
import { readNodes } from './tiles.view.js';
import type { RecordRef } from './verdicts.js';

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
  /** From the leaf's sibling upward, one hash a level of the tree at most: 27 at a hundred million leaves. */
  readonly path: readonly Buffer[];
}
/** Proofs against one checkpoint; `checkpoint` is undefined before the first seal. */
export interface RecordProofs { readonly checkpoint: Checkpoint | undefined; readonly proofs: readonly RecordProof[] }

/**
 * Proofs of these records, in the order asked for; a ref without a row is left out. The commitment is recomputed from the row as it is
 * now, so an altered row yields a proof that does not verify. Reads one query a table, the checkpoint, and the tiles in one query.
 */
export async function proveRecords(reader: Reader, refs: readonly RecordRef[]): Promise<RecordProofs> {
  const found = new Map<string, Omit<RecordProof, 'path'>>();
  for (const table of new Set(refs.map((ref) => ref.table))) {
    for (const stored of await readRecords(reader, table, refs.filter((ref) => ref.table === table).map((ref) => ref.id))) {
      const record = canonicalRecord(table, stored.row);
      found.set(`${table}/${stored.id}`, { table, id: stored.id, record, salt: stored.salt, commitment: commitmentOf(record, stored.salt),
        leafIndex: stored.firstLeaf === null ? null : stored.firstLeaf + BigInt(stored.position) });
    }
  }
  // Read after the rows: leaves and the checkpoint over them appear in one transaction, so this one covers every leaf seen above.
  const checkpoint = await readLatestCheckpoint(reader);
  const records = refs.flatMap((ref) => found.get(`${ref.table}/${ref.id}`) ?? []);
  const steps = records.map((one) => (one.leafIndex === null || !checkpoint || one.leafIndex >= checkpoint.treeSize ? [] : inclusionSteps(one.leafIndex, checkpoint.treeSize)));
  const source = await readNodes(reader, steps.flat(2));
  return { checkpoint, proofs: records.map((one, at) => ({ ...one, path: foldSteps(steps[at]!, source) })) };
}
