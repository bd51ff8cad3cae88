// The face of the ledger slice.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Actor } from '../../kernel/actor.js';
import type { Refusal } from '../../kernel/result.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Clock } from '../../kernel/clock.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import { createAppendRecord, createRecordReading, type AppendRecord, type RecordReading } from './append-record.js';
import { createTimestamper } from '../../platform/timestamp/timestamp.js';
import { createAnchors, type Anchors } from './anchor/keep-anchors.js';
import { createAnchorCheck } from './check-anchor.js';
import { proveCalls, type AskedProof, type ProveOptions } from './complete/prove-calls.js';
import { readHandovers } from './keys.view.js';
import { createRotateKey, type RotateKey } from './rotate-key.js';
import { latestCheckpoint, readLatestCheckpoint, type Checkpoint } from './checkpoint.view.js';
import { readLedgerStatus, type LedgerStatus } from './ledger-status.view.js';
import { createLogKey } from './log-key.js';
import { proveRecords, proveStored, type RecordProofs } from './prove-records.js';
import { createPublisher, type Publisher } from './publish-log.js';
import { readPublishedFile, type PublishedFile } from './published-file.js';
import { createRecorder, WRITE_MS, type Recorder } from './recorder.js';
import { withoutKnown } from './known-records.view.js';
import { createRecordStore } from './run-statement.js';
import { batchStatement, type LedgerRecord } from './write-records.js';
import { createSealer } from './run-sealer.js';
import { sealStore } from './seal.store.js';
import { createRemovals, type Removals } from './removals/keep-removals.js';
import { createResumeLog, type ResumeLog } from './restore/resume-log.js';
import { readStanding, type Standing } from './restore/standing.js';
import type { StoredRecord } from './record-rows.view.js';
import { thinOldCheckpoints } from './thin-checkpoints.js';
import { createTileCache } from './tile-cache.js';
import type { RecordRef } from './verdicts.js';
import { verifyLedger, type LedgerReport, type VerifyOptions } from './verify-ledger.js';

export type { AppendRecord, AuditEntry, RecordReading } from './append-record.js';
export type { Checkpoint } from './checkpoint.view.js';
export type { LedgerStatus } from './ledger-status.view.js';
export { EPOCHS_CHANNEL } from './complete/ask-closing.js';
export { MAX_CALLS, type AskedProof, type ProveOptions } from './complete/prove-calls.js';
export type { RotatedKey } from './rotate-key.js';
export type { RecordProof, RecordProofs } from './prove-records.js';
export { storedFrom, type StoredRecord, type StoredRow } from './record-rows.view.js';
export type { PublishedFile } from './published-file.js';
export type { Recorder } from './recorder.js';
export type { Removal, RemovalKind, WrittenEntry } from './removals/removal-entry.js';
export type { Removals } from './removals/keep-removals.js';
export type { LogGap, ResumeLog } from './restore/resume-log.js';
export type { Standing } from './restore/standing.js';
export { VERDICTS, type CertifiedPurge, type OpenRemoval, type Problem, type RecordRef, type Verdict } from './verdicts.js';
export type { LedgerReport, VerifyOptions } from './verify-ledger.js';
export type { LedgerRecord } from './write-records.js';
export { decodeRecords, encodeRecords } from './journal-records.js';
export * from './offline.js';

export interface LedgerDeps {
  readonly clock: Clock; readonly database: Database; readonly keys: KeyRing; readonly act: Act; readonly bookkeeping: Act; readonly log: Logger;
  readonly home: string; readonly origin: string;
  /** Where checkpoints are copied to, outside this machine if the operator is wise. */
  readonly anchorDir: string | undefined;
  /** A time stamp authority (RFC 3161 over HTTP). */
  readonly tsaUrl: string | undefined;
}

/** `at(size)` is the key that signs trees of that size. */
export interface LogKeys { readonly first: string; readonly handovers: readonly string[]; at(treeSize: bigint): string }

export interface Ledger {
  /** Appends an audit record in the caller's transaction. */
  readonly append: AppendRecord;
  /** Records that somebody read something, by itself and before it is shown. */
  readonly recordReading: RecordReading;
  /** The group commit of one process. */
  createRecorder(writer: string): Recorder;
  /** Makes the recorder's connections ready with groups of records like those to come; none of them stays. */
  warmRecorder(samples: () => readonly (readonly LedgerRecord[])[]): Promise<void>;
  /** Those of the records that are not in the database yet, in their order. */
  withoutKnown(records: readonly LedgerRecord[]): Promise<LedgerRecord[]>;
  /** Resolves when every batch visible at the call is sealed, by us or by who holds the lease; counts the leaves we sealed. */
  sealOnce(): Promise<{ leaves: number; treeSize: bigint }>;
  /** Seals and publishes until the signal fires; failures are logged and tried again. Resolves after a clean stop. */
  runSealer(signal: AbortSignal): Promise<void>;
  /** The newest signed checkpoint; undefined before the first seal. */
  latestCheckpoint(): Promise<Checkpoint | undefined>;
  /** The records with salts and inclusion proofs against one checkpoint, the newest unless one is given; refs of rows that are not there are left out. */
  proveRecords(refs: readonly RecordRef[], against?: Checkpoint): Promise<RecordProofs>;
  /** The newest checkpoint as a question, for who asks more in the same round trip. */
  readonly checkpointQuestion: typeof latestCheckpoint;
  /** Proofs of records already read, against a checkpoint read after them. */
  proveStored(stored: readonly StoredRecord[], checkpoint: Checkpoint | undefined): Promise<RecordProofs>;
  /** A file of the published log by its path below /log: 'checkpoint', 'tile/0/x001/067.p/12', 'tile/entries/000'; undefined when there is none. */
  publishedFile(path: string): Promise<PublishedFile | undefined>;
  /** The log's first verifier key, name+id+base64: the one to keep; hand-overs lead from it to later ones. */
  verifierKey(): string;
  /** The first key and the hand-overs since, for who opens checkpoints. */
  logKeys(): Promise<LogKeys>;
  /** Hands the log over to a new key from the last checkpoint on. */
  readonly rotateKey: RotateKey;
  /** The text of a file that proves: these are all calls of an account in a window, there is no such call, or this call is on record. */
  proveCalls(actor: Actor, asked: AskedProof, options: ProveOptions): Promise<string | Refusal>;
  /** Checks the whole database against what was signed; reads only. */
  verify(options: VerifyOptions): Promise<LedgerReport>;
  /** What is removed for good, in files outside the database. */
  readonly removals: Removals;
  /** Whether this database is the one that was last, or an older one out of a backup. */
  standing(): Promise<Standing>;
  /** Takes the leaves a restored database lacks from the published log. */
  readonly resumeLog: ResumeLog;
  /** Takes away old checkpoints that nothing needs; returns how many. */
  thinCheckpoints(): Promise<number>;
  /** Tree size, lag and last checkpoint, for metrics and the home board. */
  status(): Promise<LedgerStatus>;
}

/** Builds the slice's face; the signing key is made at the first use, not here. */
export function createLedger(deps: LedgerDeps): Ledger {
  const { reader } = deps.database;
  const key = createLogKey(deps.keys, deps.origin), recordStore = createRecordStore(deps.database, deps.clock), tiles = createTileCache();
  const { anchorDir, tsaUrl } = deps, at = { home: deps.home, anchorDir, reader, key, stamps: tsaUrl !== undefined }, append = createAppendRecord(deps.clock);
  const anchors = createAnchors({ ...at, bookkeeping: deps.bookkeeping, clock: deps.clock, log: deps.log, stamp: tsaUrl === undefined ? undefined : { url: tsaUrl, timestamper: createTimestamper(tsaUrl) } });
  const sealer = createSealer({
    bookkeeping: deps.bookkeeping, clock: deps.clock, key, store: sealStore, holder: `${hostname()}/${process.pid}/${randomUUID()}`,
    checkAnchor: createAnchorCheck(at), reader, publisher: anchored(createPublisher(at), anchors), log: deps.log,
  });
  const removals = createRemovals({ home: deps.home, anchorDir, keys: deps.keys, reader, bookkeeping: deps.bookkeeping, clock: deps.clock, log: deps.log });
  return {
    append, removals, recordReading: createRecordReading(deps.clock, () => createRecorder({ writer: 'readings', clock: deps.clock, store: recordStore })),
    standing: () => readStanding({ home: deps.home, anchorDir, reader, key, removals }),
    resumeLog: createResumeLog({ home: deps.home, anchorDir, key, store: sealStore, append, clock: deps.clock }),
    withoutKnown: (records) => withoutKnown(deps.database.writer, records, WRITE_MS),
    createRecorder: (writer) => createRecorder({ writer, clock: deps.clock, store: recordStore }),
    warmRecorder: (samples) => recordStore.warm(() => samples().map((records) => batchStatement(records, 'warm-up', deps.clock.now()))),
    ...sealer,
    latestCheckpoint: () => readLatestCheckpoint(reader),
    proveRecords: (refs, against) => proveRecords(reader, tiles, refs, against), checkpointQuestion: latestCheckpoint, proveStored: (stored, checkpoint) => proveStored(reader, tiles, stored, checkpoint),
    publishedFile: (path) => readPublishedFile(reader, path, () => key.verifierKey),
    verifierKey: () => key.verifierKey,
    logKeys: async () => { key.follow(await readHandovers(reader)); return { first: key.verifierKey, handovers: key.handovers, at: (size) => key.verifierKeyAt(size) }; },
    rotateKey: createRotateKey({ key, store: sealStore, append, clock: deps.clock }),
    proveCalls: (actor, asked, options) => proveCalls({ reader, tiles, key, act: deps.act, append }, actor, asked, options),
    verify: (options) => verifyLedger(at, options),
    thinCheckpoints: () => thinOldCheckpoints({ act: deps.act, append, clock: deps.clock }),
    status: () => readLedgerStatus(reader, deps.clock, anchorDir),
  };
}

/** What is published is anchored as well; whatever becomes of that, sealing goes on. */
function anchored(publisher: Publisher, anchors: Anchors): Publisher {
  return { publish: async (checkpoint) => { await publisher.publish(checkpoint); await anchors.keep(checkpoint); } };
}
