// The journal of removals: files in HOME/removals, outside the database and its backups, by which a restored database is made good.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { coerceError, HoldfastError } from '../../../kernel/errors.js';
import type { KeyRing } from '../../../platform/crypto/keyring.js';
import type { Act, Tx } from '../../../platform/db/index.js';
import type { Logger } from '../../../platform/log/log.js';
import { putFile, readNote } from '../publish-log.js';
import type { Reader } from '../reader.js';
import { entryFile, entryNumber, formatHead, parseHead, readEntry, writeEntry, type Removal, type RemovalsHead, type WrittenEntry } from './removal-entry.js';
import { insertEntry, lockLast, markWritten, takeUnwritten, type KnownEntry } from './removals.store.js';
import { readKnown, readShredded } from './removals.view.js';

export interface RemovalDeps { readonly home: string; readonly anchorDir: string | undefined; readonly keys: KeyRing; readonly reader: Reader; readonly bookkeeping: Act; readonly clock: Clock; readonly log: Logger }

export interface Removals {
  /**
   * Notes a removal in the caller's transaction; its file is written at the commit. A crash in between leaves the entry in the database,
   * and `writeFiles` writes it later. Throws `conflict` when this database was restored and has not been made good.
   */
  append(tx: Tx, removal: Removal): Promise<void>;
  /** Writes the files that are not there yet; answers how many. Safe to repeat. */
  writeFiles(): Promise<number>;
  /** The highest number on disk, and what the published heads say; for `standing`. */
  onDisk(): Promise<{ readonly last: number; readonly heads: readonly RemovalsHead[] }>;
  /** Entries on disk that this database does not know, oldest first, each verified and chained to the one before. Throws `verification_failed` for a gap or a changed file. */
  unknown(): AsyncGenerator<WrittenEntry>;
  /** Names of all keys of the vault that this database knows as destroyed. */
  shredded(): Promise<string[]>;
  /** Takes an entry that stands on disk into a restored database. */
  take(tx: Tx, entry: WrittenEntry): Promise<void>;
}

const SELF = systemActor('removals');

export function createRemovals(deps: RemovalDeps): Removals {
  const folder = join(deps.home, 'removals'), head = join(deps.home, 'log', 'removals');
  const copies = [head, ...deps.anchorDir === undefined ? [] : [join(deps.anchorDir, 'removals')]];
  const numbers = async (): Promise<number[]> => (await readdir(folder).catch(() => [])).flatMap((name) => entryNumber(name) ?? []).sort((a, b) => a - b);
  const read = async (number: number): Promise<WrittenEntry | undefined> => {
    const text = await readNote(join(folder, entryFile(number)));
    return text === undefined ? undefined : readEntry(deps.keys, text, number);
  };
  const writeFiles = (): Promise<number> => deps.bookkeeping(SELF, async (tx) => {
    const entries = await takeUnwritten(tx);
    if (entries.length === 0) return 0;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const { number, text } of entries) {
      const path = join(folder, entryFile(number)), there = await readNote(path);
      // Another text under our number: this database was restored, and nobody noticed before it went on. Nothing is overwritten.
      if (there !== undefined && there !== text) throw new HoldfastError('conflict', `${path} is another entry than the database has under this number; the database was restored from a backup`);
      if (there === undefined) await putFile(path, Buffer.from(text));
      await markWritten(tx, number);
    }
    const { number: last, sha256 } = entries.at(-1)!, text = Buffer.from(formatHead(deps.keys, { entries: last, sha256 }));
    for (const path of copies) await putFile(path, text).catch((error: unknown) => { deps.log.warn('the head of the journal of removals could not be written', { path, error: coerceError(error).message }); });
    return entries.length;
  });
  const onDisk: Removals['onDisk'] = async () => {
    const heads: RemovalsHead[] = [];
    for (const path of copies) {
      const text = await readNote(path);
      if (text !== undefined) heads.push(parseHead(deps.keys, text, path));
    }
    return { last: (await numbers()).at(-1) ?? 0, heads };
  };
  return {
    append: async (tx, removal) => {
      const last = await lockLast(tx), number = (last?.number ?? 0) + 1;
      if (await readNote(join(folder, entryFile(number))) !== undefined) throw new HoldfastError('conflict', 'the journal of removals is ahead of this database, which was restored from a backup; see docs/restore.md');
      await insertEntry(tx, writeEntry(deps.keys, { ...removal, number, previous: last?.sha256 ?? null, at: deps.clock.now().toISOString() }), true);
      // The removal stands whatever becomes of the file now: the worker writes it within a minute.
      tx.onCommit(async () => { await writeFiles().catch((error: unknown) => { deps.log.error('the journal of removals could not be written; it is tried again every minute', { error: coerceError(error) }); }); });
    },
    writeFiles,
    onDisk,
    shredded: () => readShredded(deps.reader),
    unknown: async function* () {
      let before: KnownEntry | undefined = await readKnown(deps.reader);
      const { last: there, heads } = await onDisk(), last = Math.max(there, ...heads.map((one) => one.entries));
      for (let number = (before?.number ?? 0) + 1; number <= last; number += 1) {
        const entry = await read(number);
        if (!entry) throw new HoldfastError('verification_failed', `removals/${entryFile(number)} is missing, and entry ${last} was written; put back a copy of it`);
        if (entry.previous !== (before?.sha256 ?? null)) throw new HoldfastError('verification_failed', `removals/${entryFile(number)} does not follow the entry before it; the folder was changed, or belongs to another database`);
        yield entry;
        before = entry;
      }
    },
    take: (tx, entry) => insertEntry(tx, entry, false),
  };
}
