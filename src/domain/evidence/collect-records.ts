// The records of one file of a pack, proven against one checkpoint and turned into bytes of pack.json slice by slice: paths are two
// thirds of a pack and are never all at hand at once. What is kept of each record is what the facts around them are made from.
import { setImmediate } from 'node:timers/promises';
import type { Checkpoint, Ledger, RecordProof, RecordRef } from '../ledger/index.js';
import type { PackRecord } from './pack-document.js';
import { PIECE_RECORDS, recordsPiece } from './pack-json.js';
import { redactRecord, removedValues } from './pack-redaction.js';
import { recordProblems } from './seal-gate.js';

const TURN_MS = 10;

export interface CollectRules {
  /** The item id of the nth record that is in, from 0. */
  readonly numbered: (index: number) => string;
  /** Columns that are taken out. */
  readonly columns: ReadonlySet<string>;
  readonly packId: string;
  /** Whose data may be in it; undefined: everybody's. */
  readonly accountId: string | undefined;
}

export interface CollectedRecords {
  /** Redacted and without their paths; of what is no audit record only id and time, if nothing is taken out: the rest is let go once it is bytes. */
  readonly records: PackRecord[];
  /** What the gate finds in the records. */
  readonly problems: readonly string[];
  /** The first of them as they are in pack.json. */
  readonly first: readonly PackRecord[];
  readonly json: readonly Buffer[];
  /** Values that were taken out. */
  readonly removed: ReadonlySet<string>;
  /** Records that must be in and are not under the checkpoint; the rest says nothing then. */
  readonly unsealed: number;
}

/** Refs of rows that are not there are left out; who calls counts. */
export async function collectRecords(ledger: Pick<Ledger, 'proveRecords'>, checkpoint: Checkpoint, refs: readonly RecordRef[], { numbered, columns, packId, accountId }: CollectRules): Promise<CollectedRecords> {
  const records: PackRecord[] = [], json: Buffer[] = [], removed = new Set<string>(), problems: string[] = [];
  // What was taken out must be nowhere, and is known only behind the last record: such a pack keeps its rows until then.
  const keepsRows = columns.size > 0;
  // A megabyte of text takes the gate 60 ms: one record in each turn of the event loop, if they are of that kind.
  const judge = async (some: readonly PackRecord[]): Promise<void> => {
    for (let start = 0, since = 0; start < some.length; start += 1) {
      if (performance.now() - since > TURN_MS) { await setImmediate(); since = performance.now(); }
      problems.push(...recordProblems([some[start]!], removed, accountId));
    }
  };
  let first: PackRecord[] | undefined, unsealed = 0;
  for (let start = 0; start < refs.length; start += PIECE_RECORDS) {
    const { proofs } = await ledger.proveRecords(refs.slice(start, start + PIECE_RECORDS), checkpoint);
    const isSealed = ({ leafIndex }: RecordProof): boolean => leafIndex !== null && leafIndex < checkpoint.treeSize;
    // What the query found and this request must be proven; other custody entries of this very moment may be left out, and are counted.
    unsealed += proofs.filter((proof) => !isSealed(proof) && (proof.table !== 'audit_records' || proof.record.row['subject_id'] === packId && proof.record.row['action'] === 'pack.request')).length;
    const whole = proofs.filter(isSealed).map((proof, index) => recordOf(proof, numbered(records.length + index)));
    for (const value of removedValues(whole, columns)) removed.add(value);
    const piece = whole.map((record) => redactRecord(record, columns));
    if (piece.length > 0) json.push(recordsPiece(piece, records.length === 0));
    first ??= piece.length > 0 ? piece : undefined;
    if (!keepsRows) await judge(piece);
    for (const record of piece) records.push(keepsRows || record.table === 'audit_records' ? { ...record, path: [] } : { ...record, salt: null, commitment: '', path: [], row: { at: record.row['at']! } });
    await setImmediate();
  }
  if (keepsRows) await judge(records);
  return { records, first: first ?? [], json, removed, unsealed, problems };
}

function recordOf(proof: RecordProof, item: string): PackRecord {
  return {
    item, table: proof.table, id: proof.id, version: proof.record.version, row: proof.record.row as PackRecord['row'],
    salt: proof.salt.toString('hex'), commitment: proof.commitment.toString('hex'), leaf_index: String(proof.leafIndex), path: proof.path.map((hash) => hash.toString('hex')),
  };
}
