// What is not there: purged with a valid certificate, or missing.
import type { Reader } from '../reader.js';
import type { CertifiedPurge } from '../verdicts.js';
import type { RecordCheck } from './check-records.js';
import type { TreeCheck } from './check-tree.js';
import type { Findings } from './findings.js';
import { LeafSet } from './leaf-set.js';
import { readBatchOfLeaf } from './streams.view.js';

/** Whether some leaf has neither record nor valid certificate. */
export function somethingIsMissing(size: number, tree: TreeCheck, records: RecordCheck, purges: readonly CertifiedPurge[]): boolean {
  return !LeafSet.absent(size, records.seen, records.claimed, tree.uncovered, purgedLeaves(size, purges)).next().done;
}

/** Judges every leaf no record agrees with, and every purged leaf a record still agrees with. */
export async function checkAbsences(options: { reader: Reader; size: number; tree: TreeCheck; records: RecordCheck; purges: readonly CertifiedPurge[]; findings: Findings }): Promise<void> {
  const { reader, size, tree, records, purges, findings } = options;
  const purged = purgedLeaves(size, purges);
  for (const leaf of LeafSet.absent(size, records.seen, records.claimed, tree.uncovered)) {
    if (purged.has(leaf)) { findings.counts.purged_with_certificate += 1; continue; }
    const batch = findings.describing ? await readBatchOfLeaf(reader, leaf) : undefined;
    const claim = findings.describing ? purges.find((purge) => !purge.valid && includes(purge.leaves, BigInt(leaf))) : undefined;
    const place = batch ? ` (batch ${batch.batchId} of ${batch.writer}, ${batch.at.toISOString()}, position ${batch.position})` : '';
    findings.report({ verdict: 'missing', leafIndex: BigInt(leaf), message: `leaf ${leaf}${place}: no record stands at its place, and ${claim ? `certificate ${claim.certificateId}, which lists it, is not valid` : 'no purge certificate lists it'}` });
  }
  for (const { certificateId, valid, leaves } of purges) {
    if (!valid) { findings.report({ verdict: 'altered', table: 'purge_certificates', id: certificateId, message: `purge_certificates ${certificateId} is not valid` }); continue; }
    for (const leaf of leaves) if (records.seen.has(Number(leaf))) findings.report({ verdict: 'altered', leafIndex: leaf, table: 'purge_certificates', id: certificateId, message: `purge_certificates ${certificateId} says leaf ${leaf} was removed, but its record is there` });
  }
}

function purgedLeaves(size: number, purges: readonly CertifiedPurge[]): LeafSet {
  const purged = new LeafSet(size);
  for (const purge of purges) if (purge.valid) for (const leaf of purge.leaves) purged.add(Number(leaf));
  return purged;
}

/** Binary search in ascending leaves. */
function includes(leaves: readonly bigint[], leaf: bigint): boolean {
  let low = 0, high = leaves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leaves[middle]! < leaf) low = middle + 1; else high = middle;
  }
  return leaves[low] === leaf;
}
