// Where records wait while PostgreSQL is away, if the operator chose so: a journal on this machine, replayed in order as soon as it is back.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import { HoldfastError } from '../../kernel/errors.js';
import { createJournal, JOURNAL_START, removeJournal, type Journal } from '../../platform/journal/journal.js';
import { decodeRecords, encodeRecords, type LedgerRecord } from '../ledger/index.js';
import type { PutOnRecord } from './replay-records.js';

export interface Spool {
  /** Durable on this machine when it resolves. Rejects with `records_unavailable` when the disk does not take it or a limit is reached. */
  write(records: readonly LedgerRecord[]): Promise<void>;
  /** Why nothing more is taken; undefined while it is. */
  readonly full: string | undefined;
  /** Set while the rest is being replayed: new writes wait for it, and then need no journal. It ends within a statement or two. */
  readonly closing: Promise<void> | undefined;
  /** Writes that wait, and their bytes on disk. */
  readonly waiting: number; readonly bytes: number;
  /**
   * Puts all of it on record, oldest first. `done` runs in the very moment in which nothing is left, before anything new can come.
   * Rejects when the store is away again; what is on record by then is left out the next time.
   */
  replay(done: () => void): Promise<void>;
  /** Lets go of the file, which stays for the next gateway when something is left in it, or the end of the epoch is not on record (`keep`). */
  close(keep: boolean): Promise<void>;
}

export interface SpoolLimits { /** How long calls go on without PostgreSQL, ms. */ readonly spoolMs: number; readonly spoolBytes: number }

/** Writes of one replayed statement at least, and what is so little that new calls can wait for it. */
const AT_ONCE = 250, REST_BYTES = 262_144;

/** The folder of the journals below the home. */
export function spoolFolder(home: string): string { return join(home, 'spool'); }
/** `owner`: the epoch of the gateway that writes or replays it. */
export function journalName(epochId: string, owner: string): string { return `${epochId}.${owner}.journal`; }

/** Makes the journal at once: a journal without its gateway tells the next start that the epoch has nothing anywhere else. Rejects when it cannot be made. */
export async function openSpool(deps: SpoolDeps): Promise<Spool> {
  const folder = spoolFolder(deps.home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return new JournalSpool(deps, await createJournal(join(folder, journalName(deps.epochId, deps.epochId))));
}

interface SpoolDeps extends SpoolLimits { readonly home: string; readonly epochId: string; readonly clock: Clock; readonly putOnRecord: PutOnRecord }

class JournalSpool implements Spool {
  /** When the first write of this outage came, ms; 0 while there is none. */
  private since = 0;
  private replayed = JOURNAL_START;
  private emptying: Promise<void> | undefined;
  closing: Promise<void> | undefined;
  waiting = 0;
  constructor(private readonly deps: SpoolDeps, private readonly journal: Journal) {}

  get bytes(): number { return this.journal.bytes; }
  get full(): string | undefined {
    if (this.since === 0) return undefined;
    if (this.deps.clock.now().getTime() - this.since >= this.deps.spoolMs) return 'the time that calls may go on without PostgreSQL is over';
    return this.bytes >= this.deps.spoolBytes ? 'the journal has its full size' : undefined;
  }

  async write(records: readonly LedgerRecord[]): Promise<void> {
    const { full } = this;
    if (full !== undefined) throw new HoldfastError('records_unavailable', full);
    if (this.since === 0) this.since = this.deps.clock.now().getTime();
    this.waiting += 1;
    try {
      if (this.emptying) await this.emptying;
      await this.journal.append(encodeRecords(records));
    } catch (error) { this.waiting -= 1; throw error; }
  }

  async replay(done: () => void): Promise<void> {
    const { journal } = this;
    if (this.emptying) await this.emptying;
    let reopen: () => void = () => undefined;
    try {
      // Calls may bring more than is put on record meanwhile, so the end of it is never waited for while they do.
      while (this.waiting > 0) {
        if (journal.bytes - this.replayed <= REST_BYTES) this.closing ??= new Promise((resolve) => { reopen = resolve; });
        if (this.replayed < journal.bytes) await this.replayOnce(journal); else await new Promise((resolve) => { setImmediate(resolve); });
      }
      // Whatever is on its way to the disk counts as waiting, and between the loop's last look and this nothing can have come in.
      done();
    } finally {
      this.closing = undefined;
      reopen();
    }
    this.since = 0;
    // A crash before it is empty only makes the next start find that all of it is known.
    if (journal.bytes > JOURNAL_START) this.emptying = journal.reset().catch(() => undefined).finally(() => { this.replayed = JOURNAL_START; this.emptying = undefined; });
    await this.emptying;
  }

  /** The next groups, as many as make a statement worth its costs. */
  private async replayOnce(journal: Journal): Promise<void> {
    const writes: LedgerRecord[][] = [];
    let end = this.replayed;
    for await (const group of journal.read(this.replayed)) {
      writes.push(...group.entries.map(decodeRecords));
      end = group.end;
      if (writes.length >= AT_ONCE) break;
    }
    await this.deps.putOnRecord(writes);
    this.replayed = end;
    this.waiting -= writes.length;
  }

  async close(keep: boolean): Promise<void> {
    await this.journal.close();
    if (!keep && this.waiting === 0) await removeJournal(this.journal.path);
  }
}
