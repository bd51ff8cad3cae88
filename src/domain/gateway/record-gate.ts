// The gateway's door to its recorder. While the record store is away the door is shut: calls are refused at once, nothing leaves.
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { mintId } from '../../kernel/ids.js';
import type { Logger } from '../../platform/log/log.js';
import type { LedgerRecord, Recorder } from '../ledger/index.js';

export interface RecordGate {
  /** Whether the last write went well; while not, nothing may be numbered or sent. */
  readonly open: boolean;
  /** Durable when it resolves. Rejects with `records_unavailable` when it is not known to be. */
  write(records: readonly LedgerRecord[]): Promise<void>;
  /** For facts that happened and could not be written: written as soon as the store is back. Lost only with this process; the sweep of orphans closes those. */
  later(records: readonly LedgerRecord[]): void;
  /** Counts a call that was turned away unrecorded while the door was shut; one event tells of them all afterwards. */
  turnedAway(): void;
  /** Records waiting or in flight. */
  readonly depth: number;
  drain(): Promise<void>;
  stop(): void;
}

const PROBE_MS = 250;

export function createRecordGate(deps: { recorder: Recorder; clock: Clock; log: Logger; epochId: string }): RecordGate {
  const { recorder, clock, log } = deps;
  const overdue: (readonly LedgerRecord[])[] = [];
  let shutSince: Date | undefined, turnedAway = 0, timer: NodeJS.Timeout | undefined;

  const shut = (error: unknown): void => {
    if (shutSince) return;
    shutSince = clock.now();
    log.error('records cannot be written; calls are refused until they can', { error: coerceError(error).cause ?? coerceError(error) });
    timer = setTimeout(() => { void probe(); }, PROBE_MS);
  };
  const failed = (error: unknown): never => {
    if (!isUnwritable(error)) shut(error);
    throw error;
  };
  // Opens the door again by writing down that it was shut; then what is overdue.
  const probe = async (): Promise<void> => {
    try {
      const at = clock.now(), count = turnedAway;
      await recorder.write([{ table: 'security_events', row: { event_id: mintId(at), at, kind: 'gateway.records_unavailable', severity: 'high', account_id: null, key_id: null,
        operator_id: null, address: null, detail: { epoch_id: deps.epochId, since: shutSince!.toISOString(), until: at.toISOString(), calls_turned_away: count } } }]);
      turnedAway -= count;
      shutSince = undefined;
      log.warn('records can be written again', { calls_turned_away: count, overdue: overdue.length });
      for (const records of overdue.splice(0)) catchUp(records);
    } catch { timer = setTimeout(() => { void probe(); }, PROBE_MS); }
  };
  const catchUp = (records: readonly LedgerRecord[]): void => {
    recorder.write(records).catch((error: unknown) => {
      if (isUnwritable(error)) { log.error('records that no database would take were given up', { tables: records.map((one) => one.table), error }); return; }
      overdue.push(records);
      shut(error);
    });
  };
  return {
    get open() { return shutSince === undefined; },
    write: (records) => (shutSince ? Promise.reject(new HoldfastError('records_unavailable', 'the record store is away')) : recorder.write(records).catch(failed)),
    later: (records) => { if (shutSince) overdue.push(records); else catchUp(records); },
    turnedAway: () => { turnedAway += 1; },
    get depth() { return recorder.depth + overdue.length; },
    drain: () => recorder.drain(),
    stop: () => {
      clearTimeout(timer);
      if (overdue.length > 0) log.error('the process ends with records that could not be written; the sweep will close their transfers as unknown', { overdue: overdue.length });
    },
  };
}

/** Whether the database itself said that these rows are wrong (SQLSTATE classes 22 and 23): trying again would not help. */
function isUnwritable(error: unknown): boolean {
  const { cause } = coerceError(error);
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' && /^(22|23)/.test(cause.code);
}
