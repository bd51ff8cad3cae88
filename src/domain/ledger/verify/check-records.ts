// Holds every row of every record table against the commitment at its place, and every place against the rows.
import { coerceError } from '../../../kernel/errors.js';
import { leafHash } from '../log/merkle.js';
import type { Reader } from '../reader.js';
import { canonicalRecord, commitmentOf } from '../record.js';
import { RECORD_TABLES, type RecordTable, type RecordTableName } from '../record-tables.js';
import type { TreeCheck } from './check-tree.js';
import { MAX_PROBLEMS, type Findings } from './findings.js';
import { LeafSet } from './leaf-set.js';
import { streamRecords, type RecordRow } from './streams.view.js';

const TABLES = Object.keys(RECORD_TABLES) as RecordTableName[];
interface Suspect { readonly leaf: number; readonly table: string; readonly id: string; readonly why: string }

export interface RecordCheck {
  /** Leaves a record agrees with. */
  readonly seen: LeafSet;
  /** Leaves a record claims without agreeing; reported already. */
  readonly claimed: LeafSet;
}

/**
 * Streams all record tables in key order, a page at a time; memory is two bits a leaf and the first thousand suspects. Rows written
 * while this runs have leaves beyond `size` and count as unsealed.
 */
export async function checkRecords(options: { reader: Reader; size: number; tree: TreeCheck; findings: Findings; onRows(count: number): void }): Promise<RecordCheck> {
  const { reader, size, tree, findings } = options;
  const seen = new LeafSet(size), claimed = new LeafSet(size);
  const suspects: Suspect[] = [];
  let suspected = 0, rows = 0;
  for (const table of TABLES) {
    for await (const record of streamRecords(reader, table)) {
      if (++rows % 1_000 === 0) options.onRows(rows);
      const { leaf, why } = judge(record, tree);
      if (leaf === undefined) findings.report({ verdict: 'altered', table, id: record.id, message: `${table} ${record.id}: ${why ?? ''}` });
      else if (leaf === null || leaf >= size) {
        if (why === undefined) findings.counts.unsealed += 1; else findings.report({ verdict: 'altered', table, id: record.id, message: `${table} ${record.id}: ${why}` });
      } else if (why === undefined && !seen.has(leaf)) { seen.add(leaf); findings.counts.intact += 1; }
      else {
        if (why !== undefined) claimed.add(leaf);
        suspected += 1;
        if (suspects.length < MAX_PROBLEMS) suspects.push({ leaf, table, id: record.id, why: why ?? 'it is there twice' });
      }
    }
  }
  // Only now is it known who truly has a place: a row that does not match a leaf another row matches is a second claim, not a change.
  const owners = await nameOwners(reader, tree, new Set(suspects.filter((one) => seen.has(one.leaf)).map((one) => one.leaf)));
  for (const { leaf, table, id, why } of suspects) {
    const owner = owners.get(leaf);
    if (seen.has(leaf)) findings.report({ verdict: 'duplicate', leafIndex: BigInt(leaf), table, id, message: `${table} ${id} claims leaf ${leaf}, which is ${owner === `${table} ${id}` ? 'its own already: the row is there twice' : `that of ${owner}`}` });
    else findings.report({ verdict: 'altered', leafIndex: BigInt(leaf), table, id, message: `${table} ${id}: ${why}` });
  }
  findings.counts.altered += suspected - suspects.length;
  findings.total += suspected - suspects.length;
  return { seen, claimed };
}

/** Where a row claims to stand (null: not sealed, undefined: nowhere), and why it does not agree, if it does not. */
function judge(record: RecordRow, tree: TreeCheck): { leaf: number | null | undefined; why?: string } {
  const { batch, position, batchId, table } = record;
  if (!batch) return { leaf: undefined, why: `its batch ${batchId} does not exist` };
  if (position < 0 || position >= batch.recordCount) return { leaf: undefined, why: `position ${position} is outside its batch ${batchId} of ${batch.recordCount} records` };
  const leaf = batch.firstLeaf === null ? null : batch.firstLeaf + position;
  const place = leaf === null ? `position ${position} of its batch ${batchId}, not sealed yet` : `leaf ${leaf}`;
  const version = (RECORD_TABLES[table] as RecordTable).version;
  if (record.schemaVersion !== version) return { leaf, why: `it states schema version ${record.schemaVersion}; this program knows ${version}` };
  try {
    const commitment = commitmentOf(canonicalRecord(table, record.row), record.salt);
    const signed = leaf === null ? undefined : tree.signedLeaves.get(leaf);
    const agrees = signed ? leafHash(commitment).equals(signed) : commitment.equals(batch.commitment);
    return agrees ? { leaf } : { leaf, why: `row and salt do not match the commitment at ${place}` };
  } catch (error) { return { leaf, why: `it has no canonical form (${coerceError(error).message})` }; }
}

/** Which record agrees with each of these leaves; a second pass over the tables, made only when there are double claims, or records of purged leaves. */
export async function nameOwners(reader: Reader, tree: TreeCheck, wanted: ReadonlySet<number>): Promise<Map<number, string>> {
  const owners = new Map<number, string>();
  if (wanted.size === 0) return owners;
  for (const table of TABLES) for await (const record of streamRecords(reader, table)) {
    const { leaf, why } = judge(record, tree);
    if (typeof leaf === 'number' && wanted.has(leaf) && why === undefined) owners.set(leaf, `${table} ${record.id}`);
  }
  return owners;
}

/** A second look for leaves no record was seen at: a purge that swaps partitions hides rows for a moment. */
export async function lookAgain(reader: Reader, size: number, tree: TreeCheck, check: RecordCheck, findings: Findings): Promise<void> {
  for (const table of TABLES) for await (const record of streamRecords(reader, table)) {
    const { leaf, why } = judge(record, tree);
    if (typeof leaf === 'number' && leaf < size && why === undefined && !check.seen.has(leaf) && !check.claimed.has(leaf)) { check.seen.add(leaf); findings.counts.intact += 1; }
  }
}
