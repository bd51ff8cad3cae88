// `holdfast verify` over the database: the tree against what was signed, then every record against the tree. Reads only.
import { readAnchors, type Anchor, type AnchorKind, type AnchorSource } from './anchor/read-anchors.js';
import { readLatestCheckpoint, type Checkpoint } from './checkpoint.view.js';
import { readHandovers } from './keys.view.js';
import type { Reader } from './reader.js';
import { checkAbsences, somethingIsMissing, type Accounts } from './verify/check-absences.js';
import { checkRecords, lookAgain } from './verify/check-records.js';
import { checkTiles } from './verify/check-tiles.js';
import { checkTree } from './verify/check-tree.js';
import { Findings, leaves } from './verify/findings.js';
import { readLosses, readSealedEnd } from './verify/streams.view.js';
import type { CertifiedPurge, OpenRemoval, Problem, Verdict } from './verdicts.js';

export interface VerifyOptions {
  /** Every certified purge; read after the records, whose leaves may then be absent. */
  certifiedPurges(): Promise<readonly CertifiedPurge[]>;
  /** What runs that are not certified yet have removed, read before the certificates; without it such leaves are missing. */
  openRemovals?(): Promise<readonly OpenRemoval[]>;
  /** How many records a hold keeps, for the `held` count; 0 when not given. */
  heldRecords?(): Promise<number>;
  /** Leaves and rows checked so far, and about how many there are. */
  onProgress?(done: bigint, total: bigint): void;
}

export interface LedgerReport {
  /** Nothing is missing, altered or duplicate, and every checkpoint holds. */
  readonly intact: boolean;
  readonly treeSize: bigint;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Leaves that runs removed which are not certified yet, by run; they are in none of the counts until their certificate is there. */
  readonly uncertified: readonly { readonly runId: string; readonly state: string; readonly leaves: number }[];
  /** Ranges of leaves lost with a database that a backup replaced, as the ledger itself has it; they count as missing. */
  readonly lost: readonly { readonly from: bigint; readonly to: bigint; readonly leaves: number; readonly at: Date }[];
  /** Whether every problem there is stands on record as such a loss. */
  readonly explained: boolean;
  /** The first thousand problems; the counts cover all. */
  readonly problems: readonly Problem[];
  readonly checkpoint: Checkpoint | undefined;
  readonly tookMs: number;
  /** The newest anchor of each kind that verifies. */
  readonly anchors: readonly { readonly kind: AnchorKind; readonly name: string; readonly treeSize: bigint; readonly at: Date | undefined }[];
}

/**
 * Verifies the whole ledger. Needs no lock and no long transaction: what is sealed never changes, so the newest checkpoint at the start
 * bounds the check, and what comes later counts as unsealed. Memory grows by four bits a leaf.
 */
export async function verifyLedger(deps: AnchorSource & { readonly stamps: boolean }, options: VerifyOptions): Promise<LedgerReport> {
  const { reader, key } = deps;
  const started = performance.now(), findings = new Findings();
  key.follow(await readHandovers(reader));
  // The anchors first: the database is ahead of what stands outside it, never behind.
  const { anchors, problems } = await readAnchors(deps);
  for (const problem of problems) findings.report(problem);
  const checkpoint = await readLatestCheckpoint(reader);
  const size = Number(checkpoint?.treeSize ?? 0n), total = BigInt(size) * 2n;
  const progress = (done: number): void => options.onProgress?.(BigInt(Math.min(done, size * 2)), total);
  const furthest = anchors.reduce<Anchor | undefined>((best, one) => (best && best.treeSize >= one.treeSize ? best : one), undefined);
  if (furthest && furthest.treeSize > BigInt(size)) {
    const end = Number(furthest.treeSize);
    findings.report({ verdict: 'missing', leafIndex: BigInt(size), message: `the ${furthest.kind === 'published' ? 'published checkpoint' : furthest.kind} (${furthest.name}) covers ${end} leaves, the database ${size}: ${leaves(size, end)} are gone; the database was restored from an older backup, or cut` }, end - size);
  }
  findings.counts.unanchored = Math.max(0, size - Number(newestOutside(anchors, deps)));
  const tree = await checkTree({ reader, key, size, anchors, findings, onLeaves: progress });
  await checkTiles({ reader, size, findings, badTiles: tree.badTiles });
  const records = await checkRecords({ reader, size, tree, findings, onRows: (rows) => progress(size + rows) });
  // Open runs before certificates: a run that is certified in between is in both, never in neither.
  const readAccounts = async (): Promise<Accounts> => ({ losses: await readLosses(reader), open: await options.openRemovals?.() ?? [], purges: await options.certifiedPurges() });
  let accounts = await readAccounts();
  if (somethingIsMissing(size, tree, records, accounts)) {
    await lookAgain(reader, size, tree, records, findings);
    accounts = await readAccounts();
  }
  const { uncertified, lost, exceeded } = await checkAbsences({ reader, size, tree, records, accounts, findings });
  await checkEnd(reader, findings);
  findings.counts.held = await options.heldRecords?.() ?? 0;
  progress(size * 2);
  return { intact: findings.total === 0, explained: findings.total === lost.length && !exceeded, uncertified, lost, treeSize: BigInt(size), counts: findings.counts, problems: findings.problems, checkpoint, tookMs: Math.round(performance.now() - started),
    anchors: newestOfKind(anchors) };
}

function newestOfKind(anchors: readonly Anchor[]): LedgerReport['anchors'] {
  const newest = new Map<AnchorKind, Anchor>();
  for (const one of anchors) if ((newest.get(one.kind)?.treeSize ?? -1n) <= one.treeSize) newest.set(one.kind, one);
  return [...newest.values()].map(({ kind, name, treeSize, at }) => ({ kind, name, treeSize, at }));
}

/**
 * How many leaves the newest anchor covers. Where the operator keeps anchors elsewhere (a folder, an authority) those count alone: the
 * published folder lies on the same machine. Hand-overs stand in the database and count for nothing here.
 */
function newestOutside(anchors: readonly Anchor[], { anchorDir, stamps }: { anchorDir: string | undefined; stamps: boolean }): bigint {
  const elsewhere = anchorDir !== undefined || stamps, kinds: readonly AnchorKind[] = elsewhere ? ['copy', 'timestamp'] : ['published'];
  return anchors.reduce((most, one) => (kinds.includes(one.kind) && one.treeSize > most ? one.treeSize : most), 0n);
}

/** Leaves are given out and signed in one transaction: there are none beyond the newest checkpoint. */
async function checkEnd(reader: Reader, findings: Findings): Promise<void> {
  const end = await readSealedEnd(reader), size = Number((await readLatestCheckpoint(reader))?.treeSize ?? 0n);
  if (end > size) findings.report({ verdict: 'altered', leafIndex: BigInt(size), table: 'ledger_checkpoints', message: `batches were given ${leaves(size, end)}, but no checkpoint covers them: the newest ones were removed` }, end - size);
}
