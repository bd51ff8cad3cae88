// `holdfast verify` over the database: the tree against what was signed, then every record against the tree. Reads only.
import { coerceError } from '../../kernel/errors.js';
import { readLatestCheckpoint, type Checkpoint } from './checkpoint.view.js';
import type { CheckpointText } from './log/checkpoint.js';
import { readHandovers } from './keys.view.js';
import type { LogKey } from './log-key.js';
import { anchorFile, readAnchor } from './publish-log.js';
import type { Reader } from './reader.js';
import { checkAbsences, somethingIsMissing } from './verify/check-absences.js';
import { checkRecords, lookAgain } from './verify/check-records.js';
import { checkTiles } from './verify/check-tiles.js';
import { checkTree } from './verify/check-tree.js';
import { Findings, leaves } from './verify/findings.js';
import { readSealedEnd } from './verify/streams.view.js';
import type { CertifiedPurge, Problem, Verdict } from './verdicts.js';

export interface VerifyOptions {
  /** Every certified purge; read after the records, whose leaves may then be absent. */
  certifiedPurges(): Promise<readonly CertifiedPurge[]>;
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
  /** The first thousand problems; the counts cover all. */
  readonly problems: readonly Problem[];
  readonly checkpoint: Checkpoint | undefined;
  readonly tookMs: number;
}

/**
 * Verifies the whole ledger. Needs no lock and no long transaction: what is sealed never changes, so the newest checkpoint at the start
 * bounds the check, and what comes later counts as unsealed. Memory grows by four bits a leaf.
 */
export async function verifyLedger(deps: { reader: Reader; key: LogKey; home: string }, options: VerifyOptions): Promise<LedgerReport> {
  const { reader, key } = deps;
  const started = performance.now(), findings = new Findings();
  key.follow(await readHandovers(reader));
  // The anchor first: the database is ahead of what is published, never behind.
  const anchor = await openAnchor(deps, findings);
  const checkpoint = await readLatestCheckpoint(reader);
  const size = Number(checkpoint?.treeSize ?? 0n), total = BigInt(size) * 2n;
  const progress = (done: number): void => options.onProgress?.(BigInt(Math.min(done, size * 2)), total);
  if (anchor && anchor.treeSize > BigInt(size)) {
    const end = Number(anchor.treeSize);
    findings.report({ verdict: 'missing', leafIndex: BigInt(size), message: `the published checkpoint (${anchorFile(deps.home)}) covers ${end} leaves, the database ${size}: ${leaves(size, end)} are gone; the database was restored from an older backup, or cut` }, end - size);
  }
  findings.counts.unanchored = Math.max(0, size - Number(anchor?.treeSize ?? 0n));
  const tree = await checkTree({ reader, key, size, anchor, findings, onLeaves: progress });
  await checkTiles({ reader, size, findings, badTiles: tree.badTiles });
  const records = await checkRecords({ reader, size, tree, findings, onRows: (rows) => progress(size + rows) });
  let purges = await options.certifiedPurges();
  if (somethingIsMissing(size, tree, records, purges)) {
    await lookAgain(reader, size, tree, records, findings);
    purges = await options.certifiedPurges();
  }
  await checkAbsences({ reader, size, tree, records, purges, findings });
  await checkEnd(reader, findings);
  findings.counts.held = await options.heldRecords?.() ?? 0;
  progress(size * 2);
  return { intact: findings.total === 0, treeSize: BigInt(size), counts: findings.counts, problems: findings.problems, checkpoint, tookMs: Math.round(performance.now() - started) };
}

async function openAnchor({ key, home }: { key: LogKey; home: string }, findings: Findings): Promise<CheckpointText | undefined> {
  const note = await readAnchor(home);
  if (note === undefined) return undefined;
  try { return key.open(note); } catch (error) {
    findings.report({ verdict: 'altered', message: `the published checkpoint (${anchorFile(home)}) does not verify: ${coerceError(error).message}` });
    return undefined;
  }
}

/** Leaves are given out and signed in one transaction: there are none beyond the newest checkpoint. */
async function checkEnd(reader: Reader, findings: Findings): Promise<void> {
  const end = await readSealedEnd(reader), size = Number((await readLatestCheckpoint(reader))?.treeSize ?? 0n);
  if (end > size) findings.report({ verdict: 'altered', leafIndex: BigInt(size), table: 'ledger_checkpoints', message: `batches were given ${leaves(size, end)}, but no checkpoint covers them: the newest ones were removed` }, end - size);
}
