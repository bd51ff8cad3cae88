import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLogFolder, type LedgerReport } from '../../src/domain/ledger/index.js';
import { HOUR_MS } from '../../src/domain/ledger/anchor/keep-anchors.js';
import { parseStampFile } from '../../src/domain/ledger/anchor/stamp-file.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { SetClock } from '../support/epochs.js';
import { writeBatches } from '../support/ledger.js';
import { startAuthority, type Authority } from '../support/time-stamp-authority.js';

let test_: TestApp, clock: SetClock, authority: Authority, anchorDir: string;
beforeAll(async () => { authority = await startAuthority(); });
afterAll(async () => { await authority.close(); });
beforeEach(async () => {
  // The authority tells the true time, so ours begins there.
  clock = new SetClock(new Date());
  anchorDir = mkdtempSync(join(tmpdir(), 'holdfast-anchor-'));
  test_ = await createTestApp({ clock, env: { HOLDFAST_ANCHOR_DIR: anchorDir, HOLDFAST_TSA_URL: authority.url } });
  Object.assign(authority, { answered: 0, failWith: undefined });
});
afterEach(async () => { await test_.close(); rmSync(anchorDir, { recursive: true, force: true }); });

const verify = (): Promise<LedgerReport> => test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
const query = async <T extends object>(sql: string): Promise<T[]> => (await test_.app.database.pool.query<T>(sql)).rows;
/** Seals and publishes until the anchors are there: a time stamp is asked for beside the work. */
async function run(until: () => boolean | Promise<boolean>): Promise<void> {
  const stop = new AbortController(), running = test_.app.ledger.runSealer(stop.signal);
  try { for (let tries = 0; !await until(); tries++) { if (tries > 1_000) throw new Error(`it did not come about: ${until.toString()}`); await new Promise((done) => { setTimeout(done, 20); }); } } finally { stop.abort(); await running; }
}
const stamps = async (): Promise<number> => (await query<{ n: number }>('SELECT count(*)::int AS n FROM ledger_anchors'))[0]!.n;

test('each checkpoint is copied to the anchor folder and stamped once an hour, and verification holds the database against both', async () => {
  await writeBatches(test_.app, [30]);
  await run(async () => existsSync(join(anchorDir, 'checkpoint')) && await stamps() === 1 && existsSync(join(test_.home, 'log', 'timestamp')));
  expect(readFileSync(join(anchorDir, 'checkpoint'), 'utf8')).toBe((await test_.app.ledger.latestCheckpoint())!.note);
  expect(await verify()).toMatchObject({ intact: true, counts: { unanchored: 0 }, anchors: expect.arrayContaining([expect.objectContaining({ kind: 'copy', treeSize: 30n }), expect.objectContaining({ kind: 'timestamp', treeSize: 30n }), expect.objectContaining({ kind: 'published', treeSize: 30n })]) as unknown });
  // OpenSSL itself takes the token for one over the note.
  const { note, token } = parseStampFile(readFileSync(join(test_.home, 'log', 'timestamp'), 'utf8'));
  expect(authority.verify(token, Buffer.from(note))).toContain('Verification: OK');
  // Within the hour no second one, after it one more; and nothing without new leaves.
  await writeBatches(test_.app, [5]);
  await run(() => readFileSync(join(anchorDir, 'checkpoint'), 'utf8').includes('\n35\n'));
  expect([authority.answered, await stamps()]).toEqual([1, 1]);
  clock.set(new Date(clock.time.getTime() + HOUR_MS + 120_000));
  await run(async () => await stamps() === 2);
  clock.set(new Date(clock.time.getTime() + 2 * HOUR_MS));
  await run(() => readdirSync(join(anchorDir, 'checkpoints')).length > 0);
  expect(authority.answered).toBe(2);
  expect(readdirSync(anchorDir).toSorted()).toEqual(['checkpoint', 'checkpoints', 'keys', 'timestamps']);
  const status = await test_.app.ledger.status();
  expect(status.anchors.map((one) => [one.kind, one.treeSize])).toEqual([['copy', null], ['timestamp', 35n]]);
});

test('unanchored is what lies beyond the newest anchor outside this machine, and nothing else', async () => {
  authority.failWith = 503;
  await writeBatches(test_.app, [10]);
  await run(() => existsSync(join(anchorDir, 'checkpoint')));
  rmSync(join(anchorDir, 'checkpoints'), { recursive: true });
  const old = readFileSync(join(anchorDir, 'checkpoint'), 'utf8');
  await writeBatches(test_.app, [7]);
  await run(() => readFileSync(join(anchorDir, 'checkpoint'), 'utf8') !== old);
  expect((await verify()).counts.unanchored).toBe(0);
  writeFileSync(join(anchorDir, 'checkpoint'), old);
  rmSync(join(anchorDir, 'checkpoints'), { recursive: true, force: true });
  // HOME/log covers all seventeen, but it lies beside the database.
  expect(await verify()).toMatchObject({ intact: true, counts: { unanchored: 7 } });
  rmSync(anchorDir, { recursive: true });
  expect(await verify()).toMatchObject({ intact: true, counts: { unanchored: 17 } });
});

test('a database cut at its tail is caught by the copy alone, and nothing is signed on', async () => {
  authority.failWith = 503;
  await writeBatches(test_.app, [10]);
  await test_.app.ledger.sealOnce();
  await writeBatches(test_.app, [10]);
  await run(() => existsSync(join(anchorDir, 'checkpoint')));
  rmSync(join(test_.home, 'log'), { recursive: true });
  for (const table of ['ledger_checkpoints', 'ledger_batches', 'security_events', 'ledger_tiles']) await query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  await query('DELETE FROM ledger_checkpoints WHERE tree_size = 20');
  await query('DELETE FROM security_events e USING ledger_batches b WHERE b.batch_id = e.batch_id AND b.first_leaf = 10');
  await query('DELETE FROM ledger_batches WHERE first_leaf = 10');
  await query('UPDATE ledger_tiles SET width = 10, hashes = substring(hashes FROM 1 FOR 320)');
  expect((await verify()).problems).toMatchObject([{ verdict: 'missing', message: expect.stringMatching(/^the copy \(.*checkpoint.*\) covers 20 leaves, the database 10: leaves 10–19 are gone/) as string }]);
  await writeBatches(test_.app, [1]);
  await expect(test_.app.ledger.sealOnce()).rejects.toThrow('covers 20 leaves and the database 10');
});

test('a time stamp that is of something else, or was changed anywhere, is altered, and the folder says so too', async () => {
  await writeBatches(test_.app, [30]);
  await run(async () => await stamps() === 1 && existsSync(join(test_.home, 'log', 'timestamp')));
  const read = (path: string): Buffer | undefined => (existsSync(join(test_.home, 'log', path)) ? readFileSync(join(test_.home, 'log', path)) : undefined), trustedKey = test_.app.ledger.verifierKey();
  expect(checkLogFolder(read, { trustedKey })).toMatchObject({ verdict: 'intact', answer: [expect.any(String), expect.stringMatching(/^Its first 30 leaves existed at .*Test Time Stamp Authority/)] });
  // Names of issuer and algorithm stand outside what an authority signs: where one of those changes, what is attested stays as it was.
  const file = readFileSync(join(test_.home, 'log', 'timestamp')), attested = checkLogFolder(read, { trustedKey }).answer, other: number[] = [];
  let caught = 0;
  for (let byte = 0; byte < file.length; byte += 1) {
    const changed = Buffer.from(file);
    changed[byte]! ^= 1 << (byte % 7);
    const report = checkLogFolder((path) => (path === 'timestamp' ? changed : read(path)), { trustedKey });
    if (report.verdict === 'altered') caught += 1; else if (report.answer?.join() !== attested?.join()) other.push(byte);
  }
  expect([other, caught > file.length * 0.9]).toEqual([[], true]);
  await query('ALTER TABLE ledger_anchors DISABLE TRIGGER ALL');
  await query('UPDATE ledger_anchors SET token = set_byte(token, 700, get_byte(token, 700) # 1)');
  expect((await verify()).problems).toMatchObject([{ verdict: 'altered', table: 'ledger_anchors', message: expect.stringContaining('the time stamp does not verify') as string }]);
});

test('an anchor folder that is not there, and an authority that fails, stop nothing', async () => {
  rmSync(anchorDir, { recursive: true });
  authority.failWith = 500;
  await writeBatches(test_.app, [3]);
  await run(() => existsSync(join(test_.home, 'log', 'checkpoint')));
  expect(existsSync(anchorDir)).toBe(false);
  mkdirSync(anchorDir);
  await run(() => existsSync(join(anchorDir, 'checkpoint')));
});
