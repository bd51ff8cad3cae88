// What is not there: purged with a valid certificate, removed by a run that says so and is not certified yet, lost on record, or missing.
import type { Reader } from '../reader.js';
import type { CertifiedPurge, OpenRemoval } from '../verdicts.js';
import type { LedgerReport } from '../verify-ledger.js';
import { nameOwners, type RecordCheck } from './check-records.js';
import type { TreeCheck } from './check-tree.js';
import { leaves, type Findings } from './findings.js';
import { LeafSet } from './leaf-set.js';
import { readBatchOfLeaf, type Loss } from './streams.view.js';

/** What accounts for leaves without a record. */
export interface Accounts { readonly purges: readonly CertifiedPurge[]; readonly open: readonly OpenRemoval[]; readonly losses: readonly Loss[] }

/** Whether nothing accounts for some leaf without a record. */
export function somethingIsMissing(size: number, tree: TreeCheck, records: RecordCheck, { purges, open, losses }: Accounts): boolean {
  const accounted = purgedLeaves(size, purges);
  for (const { leaves: listed } of open) for (const leaf of listed) accounted.add(leaf);
  for (const { from, to } of losses) accounted.addRange(from, Math.min(to, size));
  return !LeafSet.absent(size, records.seen, records.claimed, tree.uncovered, accounted).next().done;
}

export interface Absences { readonly uncertified: LedgerReport['uncertified']; readonly lost: LedgerReport['lost']; /** Whether more is gone from a range of lost leaves than was lost. */ readonly exceeded: boolean }

/** Judges every leaf no record agrees with, and every purged leaf a record still agrees with. */
export async function checkAbsences(options: { reader: Reader; size: number; tree: TreeCheck; records: RecordCheck; accounts: Accounts; findings: Findings }): Promise<Absences> {
  const { reader, size, tree, records, accounts: { purges, losses }, findings } = options;
  const purged = purgedLeaves(size, purges), uncertified = new Map<string, { runId: string; state: string; leaves: number }>(), lost = new Map<Loss, number>();
  const open = options.accounts.open.map((run) => ({ run, set: leafSetOf(size, run.leaves) }));
  for (const leaf of LeafSet.absent(size, records.seen, records.claimed, tree.uncovered)) {
    if (purged.has(leaf)) { findings.counts.purged_with_certificate += 1; continue; }
    const remover = open.find((one) => one.set.has(leaf))?.run;
    if (remover) { uncertified.set(remover.runId, { runId: remover.runId, state: remover.state, leaves: (uncertified.get(remover.runId)?.leaves ?? 0) + 1 }); continue; }
    const loss = losses.find((one) => leaf >= one.from && leaf < one.to);
    if (loss) { lost.set(loss, (lost.get(loss) ?? 0) + 1); continue; }
    const batch = findings.describing ? await readBatchOfLeaf(reader, leaf) : undefined;
    const claim = findings.describing ? purges.find((purge) => !purge.valid && includes(purge.leaves, BigInt(leaf))) : undefined;
    const place = batch ? ` (batch ${batch.batchId} of ${batch.writer}, ${batch.at.toISOString()}, position ${batch.position})` : '';
    findings.report({ verdict: 'missing', leafIndex: BigInt(leaf), message: `leaf ${leaf}${place}: no record stands at its place, and ${claim ? `certificate ${claim.certificateId}, which lists it, is not valid` : 'no purge certificate lists it'}` });
  }
  for (const [{ from, to, at, leaves: known }, count] of lost) findings.report({ verdict: 'missing', leafIndex: BigInt(from), message: `${count} of ${leaves(from, to)}: lost with the database that a backup replaced; on record as ledger.resume of ${at.toISOString()}${count > known ? `, which says ${known}: the others went later` : ''}` }, count);
  const back = new Map<number, string>();
  for (const { certificateId, valid, leaves: listed } of purges) {
    if (!valid) { findings.report({ verdict: 'altered', table: 'purge_certificates', id: certificateId, message: `purge_certificates ${certificateId} is not valid` }); continue; }
    for (const leaf of listed) if (records.seen.has(Number(leaf))) back.set(Number(leaf), certificateId);
  }
  // A row may have been read, then purged and certified, while this ran: only one that is there now is too much.
  const there = await nameOwners(reader, tree, new Set(back.keys()));
  for (const [leaf, certificateId] of back) if (there.has(leaf)) findings.report({ verdict: 'altered', leafIndex: BigInt(leaf), table: 'purge_certificates', id: certificateId, message: `purge_certificates ${certificateId} says leaf ${leaf} was removed, but its record is there` });
  return { uncertified: [...uncertified.values()], lost: [...lost].map(([{ from, to, at }, count]) => ({ from: BigInt(from), to: BigInt(to), leaves: count, at })), exceeded: [...lost].some(([loss, count]) => count > loss.leaves) };
}

function leafSetOf(size: number, listed: readonly number[]): LeafSet {
  const set = new LeafSet(size);
  for (const leaf of listed) set.add(leaf);
  return set;
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
