// Inclusion proofs of records against the newest checkpoint, from the stored tiles.
import { askTogether, type Question } from '../../platform/db/index.js';
import { latestCheckpoint, type Checkpoint } from './checkpoint.view.js';
import { verifyInclusion } from './log/merkle.js';
import { foldSteps, inclusionSteps } from './log/proof-nodes.js';
import type { Reader } from './reader.js';
import { canonicalRecord, commitmentOf, type CanonicalRecord } from './record.js';
import { storedRecords, type StoredRecord } from './record-rows.view.js';
import { RECORD_TABLES, type RecordTableName } from './record-tables.js';
import type { TileCache } from './tile-cache.js';
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
 * now, so an altered row yields a proof that does not verify. Two round trips: records and checkpoint, then the tiles not read lately.
 * `against`: an earlier checkpoint instead of the newest; records it does not cover have no path.
 */
export async function proveRecords(reader: Reader, tiles: TileCache, refs: readonly RecordRef[], against?: Checkpoint): Promise<RecordProofs> {
  const tables = [...new Set(refs.map((ref) => ref.table))];
  // The checkpoint after the rows: leaves and the checkpoint over them appear in one transaction, so this one covers every leaf seen before.
  const questions: Record<string, Question<StoredRecord[]>> = Object.fromEntries(tables.map((table) => [table, storedRecords(table, refs.filter((ref) => ref.table === table).map((ref) => ref.id))]));
  const { checkpoint, ...rows } = await askTogether(reader, { ...questions, checkpoint: latestCheckpoint() });
  const found = new Map((Object.values(rows) as StoredRecord[][]).flat().map((one) => [`${one.table}/${idOf(one)}`, one]));
  return proveStored(reader, tiles, refs.flatMap((ref) => found.get(`${ref.table}/${ref.id}`) ?? []), against ?? checkpoint as Checkpoint | undefined);
}

/** Proofs of records that were read, against a checkpoint that was read after them. */
export async function proveStored(reader: Reader, tiles: TileCache, stored: readonly StoredRecord[], checkpoint: Checkpoint | undefined): Promise<RecordProofs> {
  const records = stored.map((one) => {
    const { table, row } = one, record = canonicalRecord(table, row);
    return { table, id: idOf(one), record, salt: row.salt, commitment: commitmentOf(record, row.salt), leafIndex: row.first_leaf === null ? null : BigInt(row.first_leaf) + BigInt(row.batch_position) };
  });
  const steps = records.map((one) => (one.leafIndex === null || !checkpoint || one.leafIndex >= checkpoint.treeSize ? [] : inclusionSteps(one.leafIndex, checkpoint.treeSize)));
  const fold = async (): Promise<RecordProof[]> => {
    const source = await tiles.nodes(reader, steps.flat(2));
    return records.map((one, at) => ({ ...one, path: foldSteps(steps[at]!, source) }));
  };
  const holds = (proof: RecordProof, at: number): boolean => steps[at]!.length === 0 || verifyInclusion(proof.commitment, proof.leafIndex!, checkpoint!.treeSize, proof.path, checkpoint!.root);
  let proofs = await fold();
  // What does not verify may be the record's fault or that of tiles kept from before a restore: what is answered is always what the database holds.
  if (!proofs.every(holds)) { tiles.clear(); proofs = await fold(); }
  return { checkpoint, proofs };
}

function idOf({ table, row }: StoredRecord): string { return String(row[RECORD_TABLES[table].key]); }
