// The gateway's door to its recorder. While the record store is away, records go to the spool where the operator chose one; else, and
// beyond its limits, the door is shut: calls are refused at once, nothing leaves.
import type { Clock } from '../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { mintId } from '../../kernel/ids.js';
import type { Logger } from '../../platform/log/log.js';
import type { LedgerRecord, Recorder } from '../ledger/index.js';
import type { Spool } from './spool.js';

export interface RecordGate {
  /** Whether calls may be numbered and sent: the last write went well, or the spool takes them. */
  readonly open: boolean;
  /** Durable when it resolves. Rejects with `records_unavailable` when it is not known to be, with `conflict` when somebody else wrote these ids. */
  write(records: readonly LedgerRecord[]): Promise<void>;
  /** For facts that happened and could not be written: written as soon as the store is back. Lost only with this process; the sweep of orphans closes those. */
  later(records: readonly LedgerRecord[]): void;
  /** Counts a call that was turned away unrecorded while the door was shut; one event tells of them all afterwards. */
  turnedAway(): void;
  /** Records waiting or in flight. */
  readonly depth: number;
  /** Whether facts that happened still wait to be written by `later`. */
  readonly owing: boolean;
  /** Since when records go to the spool; undefined while they do not. */
  readonly spooling: { readonly since: Date; readonly writes: number; readonly bytes: number } | undefined;
  /** Waits for what is in flight, and `ms` for what could not be written so far. */
  drain(ms: number): Promise<void>;
  /** `keep`: the journal stays, although it may be empty. */
  stop(keep: boolean): Promise<void>;
}

const PROBE_MS = 250;

export function createRecordGate(deps: { recorder: Recorder; clock: Clock; log: Logger; epochId: string; spool?: Spool | undefined }): RecordGate { return new Gate(deps); }

class Gate implements RecordGate {
  private readonly overdue: (readonly LedgerRecord[])[] = [];
  private catching = 0;
  private shutSince: Date | undefined;
  private turned = 0;
  private spooled = 0;
  private toldFull = false;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly recorder: Recorder;
  private readonly spool: Spool | undefined;
  constructor(private readonly deps: Parameters<typeof createRecordGate>[0]) { this.recorder = deps.recorder; this.spool = deps.spool; }

  get open(): boolean { return this.shutSince === undefined || (this.spool !== undefined && this.spool.full === undefined); }
  get owing(): boolean { return this.catching + this.overdue.length + (this.spool?.waiting ?? 0) > 0; }
  get depth(): number { return this.recorder.depth + this.overdue.length + (this.spool?.waiting ?? 0); }
  get spooling(): RecordGate['spooling'] { return this.shutSince && this.spool && this.spool.waiting > 0 ? { since: this.shutSince, writes: this.spool.waiting, bytes: this.spool.bytes } : undefined; }

  write(records: readonly LedgerRecord[]): Promise<void> {
    if (this.shutSince) return this.divert(records);
    return this.spool ? this.recorder.write(records).catch((error: unknown) => { this.failed(error); return this.divert(records); }) : this.recorder.write(records).catch(this.refused);
  }
  private readonly refused = (error: unknown): never => { this.failed(error); throw error; };
  /** Shuts the door, unless it is about these records alone: then it throws. */
  private failed(error: unknown): void {
    if (isUnwritable(error) || isConflict(error)) throw error;
    this.shut(error);
  }

  private async divert(records: readonly LedgerRecord[]): Promise<void> {
    if (!this.spool) throw new HoldfastError('records_unavailable', 'the record store is away');
    if (this.spool.closing) { await this.spool.closing; await this.write(records); return; }
    try { await this.spool.write(records); } catch (error) {
      if (!this.toldFull) this.deps.log.error('the journal takes no more records; calls are refused until PostgreSQL is back', { error: coerceError(error).message });
      this.toldFull = true;
      throw error;
    }
    this.spooled += 1;
  }

  later(records: readonly LedgerRecord[]): void {
    if (!this.shutSince) { this.catchUp(records); return; }
    if (this.spool) this.divert(records).catch(() => { this.overdue.push(records); }); else this.overdue.push(records);
  }
  turnedAway(): void { this.turned += 1; }

  private shut(error: unknown): void {
    if (this.shutSince) return;
    this.shutSince = this.deps.clock.now();
    this.deps.log.error(this.spool ? 'records cannot be written; they go to the journal on this machine until they can' : 'records cannot be written; calls are refused until they can', { error: coerceError(error).cause ?? coerceError(error) });
    this.probeSoon();
  }
  private probeSoon(): void { if (!this.stopped) this.timer = setTimeout(() => { void this.probe(); }, PROBE_MS); }

  /** Writes down that the store was away; then the journal, in order; then the door opens, and what is overdue follows. */
  private async probe(): Promise<void> {
    const { clock, log, epochId } = this.deps;
    try {
      const at = clock.now(), count = this.turned, since = this.shutSince!;
      await this.recorder.write([{ table: 'security_events', row: { event_id: mintId(at), at, kind: 'gateway.records_unavailable', severity: 'high', account_id: null, key_id: null,
        operator_id: null, address: null, detail: { epoch_id: epochId, since: since.toISOString(), until: at.toISOString(), calls_turned_away: count, writes_spooled: this.spooled } } }]);
      this.turned -= count;
      const open = (): void => { this.shutSince = undefined; this.toldFull = false; };
      if (this.spool) await this.spool.replay(open); else open();
      log.warn('records can be written again', { calls_turned_away: count, writes_spooled: this.spooled, overdue: this.overdue.length });
      this.spooled = 0;
      for (const records of this.overdue.splice(0)) this.catchUp(records);
    } catch (error) {
      if (!isAway(error)) log.error('the journal cannot be put on record', { error: coerceError(error) });
      if (this.shutSince) this.probeSoon();
    }
  }

  private catchUp(records: readonly LedgerRecord[]): void {
    const { log } = this.deps, tables = records.map((one) => one.table);
    this.catching += 1;
    this.recorder.write(records).catch((error: unknown) => {
      // The sweep took us for dead and closed them, or the statement that was given up was committed after all.
      if (isConflict(error)) log.warn('records were on record already', { tables });
      else if (isUnwritable(error)) log.error('records that no database would take were given up', { tables, error });
      else { this.overdue.push(records); this.shut(error); }
    }).finally(() => { this.catching -= 1; });
  }

  async drain(ms: number): Promise<void> {
    await this.recorder.drain();
    for (const until = performance.now() + ms; this.shutSince && (this.overdue.length > 0 || (this.spool?.waiting ?? 0) > 0) && performance.now() < until;) await new Promise((done) => { setTimeout(done, 50); });
    await this.recorder.drain();
  }
  async stop(keep: boolean): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.overdue.length > 0) this.deps.log.error('the process ends with records that could not be written; the sweep will close their transfers as unknown', { overdue: this.overdue.length });
    if (this.spool && this.spool.waiting > 0) this.deps.log.warn('the journal stays; the next gateway of this home puts it on record before it takes calls', { writes: this.spool.waiting });
    await this.spool?.close(keep);
  }
}

function codeOf(error: unknown): string | undefined { return error instanceof HoldfastError ? error.code : undefined; }
/** Whether somebody else wrote these ids before. */
function isConflict(error: unknown): boolean { return codeOf(error) === 'conflict'; }
function isAway(error: unknown): boolean { return codeOf(error) === 'records_unavailable'; }

/** Whether the database itself said that these rows are wrong (SQLSTATE classes 22 and 23), or they have no text: trying again would not help. */
function isUnwritable(error: unknown): boolean {
  const { cause } = coerceError(error);
  return cause instanceof TypeError || (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' && /^(22|23)/.test(cause.code));
}
