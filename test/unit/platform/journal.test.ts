import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJournal, JOURNAL_START, listJournals, readLeftJournal, renameJournal } from '../../../src/platform/journal/journal.js';

let folder: string, path: string, count = 0;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'holdfast-journal-')); });
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
beforeEach(() => { path = join(folder, `${++count}.journal`); });

const left = async (): Promise<string[]> => { const entries: string[] = []; for await (const group of readLeftJournal(path)) entries.push(...group.entries); return entries; };
/** A journal of three groups; returns where each begins. */
async function three(): Promise<number[]> {
  const journal = await createJournal(path), starts: number[] = [];
  for (const entry of ['["first"]', '["second"]', '["third"]']) { starts.push(journal.bytes); await journal.append(entry); }
  await journal.close();
  return starts;
}

test('what was appended comes out in order, for this process and for the next; nobody else may read it', async () => {
  const journal = await createJournal(path);
  await Promise.all(Array.from({ length: 500 }, (_, i) => journal.append(`[${i}]`)));
  await journal.append('["中文"]');
  const expected = [...Array.from({ length: 500 }, (_, i) => `[${i}]`), '["中文"]'], own: string[] = [];
  for await (const group of journal.read(JOURNAL_START)) own.push(...group.entries);
  expect([own, await left(), statSync(path).mode & 0o777, statSync(path).size]).toEqual([expected, expected, 0o600, journal.bytes]);
  await journal.close();
});

test('entries that come together share one frame, so one flush of the disk', async () => {
  const journal = await createJournal(path);
  await Promise.all([journal.append('[1]'), journal.append('[2]'), journal.append('[3]')]);
  let groups = 0;
  for await (const group of journal.read(JOURNAL_START)) { groups += 1; expect(group.entries.length).toBe(3); }
  expect(groups).toBe(1);
  await journal.close();
});

test('a journal is never opened over another one', async () => {
  await three();
  await expect(createJournal(path)).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a tail cut off at any byte is left out, and everything before it is there', async () => {
  const starts = await three(), whole = readFileSync(path);
  for (let size = starts[2]!; size < whole.length; size++) {
    writeFileSync(path, whole.subarray(0, size));
    expect(await left()).toEqual(['["first"]', '["second"]']);
  }
  for (const size of [0, 3, JOURNAL_START]) { writeFileSync(path, whole.subarray(0, size)); expect(await left()).toEqual([]); }
});

test('a tail of which nothing but the length of the file reached the disk is left out', async () => {
  await three();
  appendFileSync(path, Buffer.alloc(300));
  expect(await left()).toEqual(['["first"]', '["second"]', '["third"]']);
});

test('a changed bit anywhere before the last frame is refused loudly, with the file\'s name; in the last frame it counts as torn', async () => {
  const starts = await three(), whole = readFileSync(path);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1;
    writeFileSync(path, damaged);
    // A length that now reaches beyond the end looks like a torn frame, and so does damage of the last one.
    const outcome = await left().catch((error: unknown) => error as Error);
    if (at < starts[2]! && !(at >= starts[0]! && reachesBeyond(damaged, starts))) expect(outcome).toMatchObject({ code: 'verification_failed', message: expect.stringContaining(path) });
    else expect(Array.isArray(outcome) && outcome.length < 3 || outcome instanceof Error).toBe(true);
  }
});
function reachesBeyond(bytes: Buffer, starts: readonly number[]): boolean { return starts.slice(0, 2).some((start) => start + 8 + bytes.readUInt32LE(start) >= bytes.length); }

test('a journal changes its owner once: the second claim fails', async () => {
  await three();
  expect([await renameJournal(path, `${path}.mine`), await renameJournal(path, `${path}.theirs`)]).toEqual([true, false]);
  expect(await listJournals(join(folder, 'nowhere'))).toEqual([]);
});
