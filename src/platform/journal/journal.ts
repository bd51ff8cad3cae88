// An append-only file of entries, each durable when its write resolves. One frame a group: length, CRC-32, then the entries as lines.
import { constants } from 'node:fs';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { HoldfastError } from '../../kernel/errors.js';

/** Entries are single lines of text; nobody but the file's owner may read it. */
export interface Journal {
  readonly path: string;
  /** Bytes on disk that are known to be whole. */
  readonly bytes: number;
  /** Whether an entry is on its way to the disk. */
  readonly writing: boolean;
  /** Durable when it resolves. Rejects when the disk does not take it; from then on nothing is taken any more. */
  append(entry: string): Promise<void>;
  /** The groups from the byte `from` to the end as it is known to be whole. */
  read(from: number): AsyncGenerator<Group>;
  /** Empties it: everything is elsewhere by now, and nothing is being written. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Entries that were written together; `end` is the byte after them. */
export interface Group { readonly entries: readonly string[]; readonly end: number }

const MAGIC = Buffer.from('HFJRNL1\n'), HEAD_BYTES = 8, LARGEST_GROUP = 64 * 1_048_576;
/** Where the first group begins. */
export const JOURNAL_START = MAGIC.length;

interface Waiting { readonly entry: string; resolve(): void; reject(error: Error): void }

/** Makes a journal that must not be there yet. Throws the file system's error. */
export async function createJournal(path: string): Promise<Journal> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.write(MAGIC, 0, MAGIC.length, 0);
    await file.sync();
    await syncFolder(dirname(path));
  } catch (error) { await file.close(); throw error; }
  return new FileJournal(path, file);
}

class FileJournal implements Journal {
  private waiting: Waiting[] = [];
  private broken: Error | undefined;
  writing = false;
  bytes = MAGIC.length;
  constructor(readonly path: string, private readonly file: FileHandle) {}

  append(entry: string): Promise<void> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, resolve, reject });
      if (!this.writing) { this.writing = true; setImmediate(() => { void this.flush(); }); }
    });
  }

  /** What arrives while the disk is busy shares the next frame: one fdatasync for all of them. */
  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        const frame = frameOf(group.map((one) => one.entry));
        for (let done = 0; done < frame.length;) done += (await this.file.write(frame, done, frame.length - done, this.bytes + done)).bytesWritten;
        await this.file.datasync();
        this.bytes += frame.length;
        for (const one of group) one.resolve();
      } catch (error) {
        // Nobody knows what is on the disk now, and a second fdatasync might lie. What is behind `bytes` counts as torn.
        this.broken = new HoldfastError('records_unavailable', 'the journal cannot be written', { cause: error });
        for (const one of [...group, ...this.waiting.splice(0)]) one.reject(this.broken);
      }
    }
    this.writing = false;
  }

  async *read(from: number): AsyncGenerator<Group> {
    for (let at = from; at < this.bytes;) {
      const group = await readGroup(this.file, at, this.bytes);
      if (typeof group === 'string') throw new HoldfastError('verification_failed', `${this.path}: ${group}`);
      yield group;
      at = group.end;
    }
  }

  async reset(): Promise<void> {
    await this.file.truncate(MAGIC.length);
    await this.file.sync();
    this.bytes = MAGIC.length;
  }

  close(): Promise<void> { return this.file.close(); }
}

function frameOf(entries: readonly string[]): Buffer {
  const payload = Buffer.from(entries.join('\n')), head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

/**
 * The groups of a journal that a process left behind. A tail that its death cut off is left out: it was never acknowledged. Anything else
 * that is not as it was written throws `verification_failed`, since what it said can be had nowhere else.
 */
export async function* readLeftJournal(path: string): AsyncGenerator<Group> {
  const file = await open(path, constants.O_RDONLY);
  try {
    const { size } = await file.stat(), magic = Buffer.alloc(MAGIC.length);
    await file.read(magic, 0, MAGIC.length, 0);
    if (size < MAGIC.length) return;
    if (!magic.equals(MAGIC)) throw damaged(path, 0, 'it does not begin as a journal does');
    for (let at = MAGIC.length; at < size;) {
      const group = await readGroup(file, at, size);
      if (typeof group === 'string') {
        if (await isTornTail(file, at, size)) return;
        throw damaged(path, at, group);
      }
      yield group;
      at = group.end;
    }
  } finally { await file.close(); }
}

/** Only the last frame may be torn: the one after it is never begun before it is whole on the disk. */
async function isTornTail(file: FileHandle, at: number, size: number): Promise<boolean> {
  if (size - at < HEAD_BYTES) return true;
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, at);
  const length = head.readUInt32LE(0);
  if (length !== 0) return at + HEAD_BYTES + length >= size;
  const rest = Buffer.alloc(Math.min(size - at, LARGEST_GROUP));
  await file.read(rest, 0, rest.length, at);
  return rest.every((byte) => byte === 0);
}

async function readGroup(file: FileHandle, at: number, size: number): Promise<Group | string> {
  if (size - at < HEAD_BYTES) return 'a frame is cut off';
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, at);
  const length = head.readUInt32LE(0), end = at + HEAD_BYTES + length;
  if (length === 0 || length > LARGEST_GROUP || end > size) return 'a frame has no possible length';
  const payload = Buffer.alloc(length);
  await file.read(payload, 0, length, at + HEAD_BYTES);
  return crc32(payload) === head.readUInt32LE(4) ? { entries: payload.toString('utf8').split('\n'), end } : 'a frame does not match its checksum';
}

function damaged(path: string, at: number, what: string): HoldfastError {
  return new HoldfastError('verification_failed', `the journal ${path} is damaged at byte ${at}: ${what}. It holds records that are nowhere else: restore it, or move it away and keep it; the sweep will then close its calls as unknown`);
}

/** The journals of a folder, by name; none when there is no folder. */
export async function listJournals(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.journal')).sort();
}

/** Gives a journal another name, for good. False when somebody else was quicker. */
export async function renameJournal(from: string, to: string): Promise<boolean> {
  try { await rename(from, to); } catch (error) { if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false; throw error; }
  await syncFolder(dirname(to));
  return true;
}

/** Removes a journal all of which is on record. */
export async function removeJournal(path: string): Promise<void> {
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try { await handle.sync(); } finally { await handle.close(); }
}
