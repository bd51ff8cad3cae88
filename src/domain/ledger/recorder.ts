// Group commit: many calls share one statement, one transaction and one ledger batch. `write` resolves when it is durable.
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { batchStatement, type LedgerRecord } from './write-records.js';

/** Runs one statement in a transaction of its own; rejects when it is not known to be committed. */
export type RunStatement = (text: string, values: unknown[]) => Promise<void>;

export interface Recorder {
  /** Durable when it resolves. Rejects with `records_unavailable` when the records could not be written: then nothing may leave. */
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

/**
 * A recorder for one process. Two statements may be in flight whatever they carry, so that an idle gateway waits for nobody; two more
 * when enough has gathered, so that a slow disk does not hold up the calls. Meanwhile arrivals gather into the next statement, so
 * batches grow with the load. A full queue refuses at once; it never drops.
 */
export function createRecorder(options: { run: RunStatement; writer: string; clock: Clock; parallel?: number; worth?: number }): Recorder {
  const parallel = options.parallel ?? PARALLEL, worth = options.worth ?? WORTH_A_STATEMENT;
  let waiting: Waiting[] = [];
  let inFlight = 0;
  let queued = 0;
  const idle: (() => void)[] = [];

  const pump = (): void => {
    while (waiting.length > 0 && (inFlight < 2 || (inFlight < parallel && waiting.length >= worth))) {
      const group = waiting.splice(0, MAX_BATCH);
      inFlight += 1;
      void flush(group);
    }
  };
  const flush = async (group: Waiting[]): Promise<void> => {
    try {
      const { text, values } = batchStatement(group.flatMap((one) => one.records), options.writer, options.clock.now());
      await options.run(text, values);
      // Commit point passed: from here on the records exist, whatever happens to this process.
      for (const one of group) one.resolve();
    } catch {
      await Promise.all(group.map((one) => flushAlone(one)));
    } finally {
      inFlight -= 1;
      queued -= group.length;
      pump();
      if (queued === 0) for (const done of idle.splice(0)) done();
    }
  };
  // One bad record must not take its neighbours along: after a failed group each is tried by itself, under a new batch.
  // A group that was committed but reported failed shows as a unique violation of ids that only we mint: it is written.
  const flushAlone = async (one: Waiting): Promise<void> => {
    try {
      const { text, values } = batchStatement(one.records, options.writer, options.clock.now());
      await options.run(text, values);
      one.resolve();
    } catch (error) {
      if (isUniqueViolation(error)) one.resolve();
      else one.reject(unavailable(error));
    }
  };
  return {
    write: (records) => new Promise<void>((resolve, reject) => {
      if (queued >= MAX_WAITING) { reject(new HoldfastError('records_unavailable', 'the record queue is full')); return; }
      queued += 1;
      waiting.push({ records, resolve, reject });
      // Leave the current tick first, so that calls that arrive together are written together.
      setImmediate(pump);
    }),
    get depth() { return queued; },
    drain: () => new Promise<void>((resolve) => { if (queued === 0) resolve(); else idle.push(resolve); }),
  };
}

function unavailable(error: unknown): HoldfastError {
  return new HoldfastError('records_unavailable', 'the record could not be written', { cause: coerceError(error) });
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
