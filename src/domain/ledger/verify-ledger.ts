// `holdfast verify` over the database.
import type { Checkpoint } from './checkpoint.view.js';
import type { CertifiedPurge, Problem, Verdict } from './verdicts.js';

export interface VerifyOptions {
  /** Every certified purge, read after the records were; its leaves may be absent. */
  certifiedPurges(): Promise<readonly CertifiedPurge[]>;
  /** How many records a hold keeps, for the `held` count; 0 when not given. */
  heldRecords?(): Promise<number>;
  onProgress?(done: bigint, total: bigint): void;
}

export interface LedgerReport {
  /** No record is missing, altered or duplicate, and every checkpoint holds. */
  readonly intact: boolean;
  readonly treeSize: bigint;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The first thousand findings; the counts cover all. */
  readonly problems: readonly Problem[];
  readonly checkpoint: Checkpoint | undefined;
  readonly tookMs: number;
}
