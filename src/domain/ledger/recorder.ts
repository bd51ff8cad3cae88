// Group commit: many calls share one statement, one transaction and one ledger batch. `write` resolves when it is durable.
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import type { Uuid } from '../../kernel/ids.js';
import { batchStatement, type LedgerRecord } from './write-records.js';

/** What the recorder needs of the database. */
export interface RecordStore {
  /** Runs one statement in a transaction of its own; rejects when it is not known to be committed, within `limitMs`. */
  run(text: string, values: unknown[], limitMs: number): Promise<void>;
  /** Whether one of these batches is committed. */
  hasBatch(batchIds: readonly Uuid[], limitMs: number): Promise<boolean>;
}

export interface Recorder {
  /**
   * Durable when it resolves. Rejects within about 12 s, whatever the server does: with `records_unavailable` when the records are not known to be written,
   * so that nothing may leave; with `conflict` when somebody else wrote one of these ids before.
   */
  write(records: readonly LedgerRecord[]): Promise<void>;
  /** Records waiting or in flight. */
  readonly depth: number;
  /** Waits until everything accepted is written. */
  drain(): Promise<void>;
}

interface Waiting { readonly records: readonly LedgerRecord[]; resolve(): void; reject(error: Error): void }
const MAX_BATCH = 200;
const MAX_WAITING = 20_000;

/** Statements in flight at once, and how many writes must wait before a third or fourth is worth its costs. */
const PARALLEL = 4, WORTH_A_STATEMENT = 16;

/** How long a statement may take, and how long its second try may, ms. A server that hangs would otherwise hold the calls for ever. */
export const WRITE_MS = 6_000, AGAIN_MS = 2_000;

/**
 * A recorder for one process. A second statement may be in flight as soon as half of what the first carries has gathered, so that an
 * idle gateway waits for nobody and a busy one writes large batches: a statement costs PostgreSQL ten times what a call in it does. Two
 * more fly when enough has gathered, so that a slow disk does not hold up the calls. A full queue refuses at once; it never drops.
 */
export function createRecorder(options: { store: RecordStore; writer: string; clock: Clock; parallel?: number; worth?: number }): Recorder {
  const parallel = options.parallel ?? PARALLEL, worth = options.worth ?? WORTH_A_STATEMENT;
  let waiting: Waiting[] = [];
  let inFlight = 0;
  /** Writes in the largest statement in flight. */
  let largest = 0;
  let queued = 0, pumping = false;
  const idle: (() => void)[] = [];

  const pump = (): void => {
    pumping = false;
    while (waiting.length > 0 && (inFlight === 0 || (inFlight === 1 && waiting.length * 2 >= largest) || (inFlight > 1 && inFlight < parallel && waiting.length >= Math.max(worth, largest)))) {
      const group = waiting.splice(0, MAX_BATCH);
      inFlight += 1;
      largest = Math.max(largest, group.length);
      void flush(group);
    }
  };
  const attempt = async (records: readonly LedgerRecord[], tried: Uuid[], limitMs: number): Promise<void> => {
    const { text, values, batchId } = batchStatement(records, options.writer, options.clock.now());
    tried.push(batchId);
    await options.store.run(text, values, limitMs);
  };
  const flush = async (group: Waiting[]): Promise<void> => {
    const tried: Uuid[] = [], records = group.flatMap((one) => one.records);
    try {
      await attempt(records, tried, WRITE_MS);
      // Commit point passed: from here on the records exist, whatever happens to this process.
      for (const one of group) one.resolve();
    } catch (error) {
      if (isAboutRows(error)) await Promise.all(group.map((one) => flushAlone(one, []))); else await flushAgain(group, records, tried);
    } finally {
      inFlight -= 1;
      if (inFlight === 0) largest = 0;
      queued -= group.length;
      pump();
      if (queued === 0) for (const done of idle.splice(0)) done();
    }
  };
  // Nobody knows whether a statement was committed whose connection broke or whose answer did not come: the same ids once more tell.
  const flushAgain = async (group: Waiting[], records: readonly LedgerRecord[], tried: Uuid[]): Promise<void> => {
    try {
      await attempt(records, tried, AGAIN_MS);
      for (const one of group) one.resolve();
    } catch (error) {
      if (isAboutRows(error)) await Promise.all(group.map((one) => flushAlone(one, tried))); else giveUp(group, error);
    }
  };
  /** The store is away. Whoever waits behind has not been tried at all and need not wait for the same. */
  const giveUp = (group: Waiting[], error: unknown): void => {
    const behind = waiting.splice(0);
    queued -= behind.length;
    for (const one of [...group, ...behind]) one.reject(unavailable(error));
  };
  // One bad record must not take its neighbours along: each is tried by itself, under a new batch.
  const flushAlone = async (one: Waiting, before: readonly Uuid[]): Promise<void> => {
    const tried = [...before];
    try {
      await attempt(one.records, tried, AGAIN_MS);
      one.resolve();
    } catch (error) {
      if (!isUniqueViolation(error)) { one.reject(unavailable(error)); return; }
      // The ids are there: by a statement of ours that was reported failed, or by somebody else's (a sweep that took us for dead).
      const ours = await options.store.hasBatch(tried, AGAIN_MS).catch(unavailable);
      if (ours === true) one.resolve();
      else one.reject(ours === false ? new HoldfastError('conflict', 'another process has put these on record', { cause: coerceError(error) }) : ours);
    }
  };
  return {
    write: (records) => new Promise<void>((resolve, reject) => {
      if (queued >= MAX_WAITING) { reject(new HoldfastError('records_unavailable', 'the record queue is full')); return; }
      queued += 1;
      waiting.push({ records, resolve, reject });
      // Leave the current tick first, so that calls that arrive together are written together.
      if (!pumping) { pumping = true; setImmediate(pump); }
    }),
    get depth() { return queued; },
    drain: () => new Promise<void>((resolve) => { if (queued === 0) resolve(); else idle.push(resolve); }),
  };
}

function unavailable(error: unknown): HoldfastError {
  return new HoldfastError('records_unavailable', 'the record could not be written', { cause: coerceError(error) });
}

function isUniqueViolation(error: unknown): boolean { return sqlState(error) === '23505'; }

/** Whether the server found fault with the rows (classes 22 and 23), or no text could be made of them: no other failure gets better by trying each by itself. */
function isAboutRows(error: unknown): boolean { return error instanceof TypeError || /^2[23]/.test(sqlState(error)); }

/** PostgreSQL's five letters; '' for anything else, such as a broken connection or a time-out. */
function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : '';
}
