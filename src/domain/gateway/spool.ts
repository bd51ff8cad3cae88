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
  /** Lets go of the file, which stays for the next gateway when something is left in it. */
  close(): Promise<void>;
}

export interface SpoolLimits { /** How long calls go on without PostgreSQL, ms. */ readonly spoolMs: number; readonly spoolBytes: number }

/** Writes of one replayed statement at least, and what is so little that new calls can wait for it. */
const AT_ONCE = 250, REST_BYTES = 262_144;

/** The folder of the journals below the home. */
export function spoolFolder(home: string): string { return join(home, 'spool'); }
/** `owner`: the epoch of the gateway that writes or replays it. */
export function journalName(epochId: string, owner: string): string { return `${epochId}.${owner}.journal`; }

export function createSpool(deps: SpoolLimits & { home: string; epochId: string; clock: Clock; putOnRecord: PutOnRecord }): Spool { return new JournalSpool(deps); }

class JournalSpool implements Spool {
  private journal: Journal | undefined;
  private opening: Promise<Journal> | undefined;
  private since = 0;
  private replayed = JOURNAL_START;
  closing: Promise<void> | undefined;
  waiting = 0;
  constructor(private readonly deps: Parameters<typeof createSpool>[0]) {}

  get bytes(): number { return this.journal?.bytes ?? 0; }
  get full(): string | undefined {
    if (!this.opening) return undefined;
    if (this.deps.clock.now().getTime() - this.since >= this.deps.spoolMs) return 'the time that calls may go on without PostgreSQL is over';
    return this.bytes >= this.deps.spoolBytes ? 'the journal has its full size' : undefined;
  }

  async write(records: readonly LedgerRecord[]): Promise<void> {
    const { full } = this;
    if (full !== undefined) throw new HoldfastError('records_unavailable', full);
    this.waiting += 1;
    try { await (this.journal ?? await this.open()).append(encodeRecords(records)); } catch (error) { this.waiting -= 1; throw error; }
  }

  private open(): Promise<Journal> {
    if (!this.opening) {
      const folder = spoolFolder(this.deps.home);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.since = this.deps.clock.now().getTime();
      this.opening = createJournal(join(folder, journalName(this.deps.epochId, this.deps.epochId)));
      this.opening.then((journal) => { this.journal = journal; this.replayed = JOURNAL_START; }, () => { this.opening = undefined; });
    }
    return this.opening;
  }

  async replay(done: () => void): Promise<void> {
    const journal = await this.opening;
    if (!journal) { done(); return; }
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
    this.journal = this.opening = undefined;
    this.waiting = 0;
    // All of it is on record: a file that cannot be removed is looked at once more by the next gateway, and found to be known.
    await journal.close().then(() => removeJournal(journal.path)).catch(() => undefined);
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

  async close(): Promise<void> { await this.journal?.close(); }
}
