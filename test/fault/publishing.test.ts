// Publishing that breaks off at every file, and PostgreSQL that is killed under a running sealer.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLogFolder } from '../../src/domain/ledger/index.js';
import { createLogKey } from '../../src/domain/ledger/log-key.js';
import { createPublisher, putFile, type Publisher, type PutFile } from '../../src/domain/ledger/publish-log.js';
import { systemActor } from '../../src/kernel/actor.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { aSealer, writeBatches } from '../support/ledger.js';
import { startOwnPostgres } from '../support/own-postgres.js';

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_?.close(); });

const folder = (): string => join(test_.home, 'log');
const read = (path: string): Buffer | undefined => (existsSync(join(folder(), path)) ? readFileSync(join(folder(), path)) : undefined);
/** What a stranger sees at this moment: the whole log of some checkpoint, never a part of one. */
function seen(): bigint {
  const report = checkLogFolder(read, { trustedKey: test_.app.ledger.verifierKey() });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  return BigInt(/with its (\d+) leaves/.exec(report.answer![0]!)![1]!);
}
const publisher = (put: PutFile): Publisher => createPublisher({ home: test_.home, reader: test_.app.database.reader, key: createLogKey(test_.app.keys, test_.app.config.logOrigin), put });
function filesUnder(path: string): string[] { return readdirSync(path).flatMap((name) => (statSync(join(path, name)).isDirectory() ? filesUnder(join(path, name)) : [name])); }

const WAYS: Record<string, PutFile> = {
  'is not written': () => Promise.reject(new Error('injected')),
  'finds the disk full half-way': async (target, body) => {
    // As writeFile leaves it: a beginning under another name.
    await putFile(`${target}.half`, body.subarray(0, body.length / 2)).catch(() => undefined);
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  },
  'is written, and then the process ends': async (target, body) => { await putFile(target, body); throw new Error('injected'); },
};

test.each(Object.keys(WAYS))('when any one file %s, the folder still shows a whole log, and the next publication brings it up', async (way) => {
  await writeBatches(test_.app, [300]);
  await test_.app.ledger.sealOnce();
  await publisher(putFile).publish((await test_.app.ledger.latestCheckpoint())!);
  let leaves = 300n;
  for (let nth = 0, done = false; !done; nth++) {
    await writeBatches(test_.app, [250]);
    await test_.app.ledger.sealOnce();
    const latest = (await test_.app.ledger.latestCheckpoint())!;
    let count = 0, broke = false;
    await publisher((target, body) => { if (count++ !== nth) return putFile(target, body); broke = true; return WAYS[way]!(target, body); }).publish(latest).catch(() => undefined);
    done = !broke;
    const now = seen();
    // The checkpoint is the last file: it is the old one until everything under the new one is there.
    expect([leaves, latest.treeSize]).toContain(now);
    await publisher(putFile).publish(latest);
    expect(seen()).toBe(latest.treeSize);
    leaves = latest.treeSize;
  }
  expect(leaves).toBeGreaterThan(1_500n);
  expect(filesUnder(folder()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('a disk that is full for a while keeps the sealer sealing, says so once, and is caught up with', async () => {
  const said: string[] = [];
  let full = true;
  const stop = new AbortController(), put: PutFile = (target, body) => (full ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })) : putFile(target, body));
  const running = aSealer(test_.app, { publisher: publisher(put), log: { ...test_.app.log, warn: (message, fields) => { said.push(`${message} ${JSON.stringify(fields)}`); } } as typeof test_.app.log }).runSealer(stop.signal);
  try {
    for (let size = 1; size <= 3; size++) {
      await writeBatches(test_.app, [100]);
      while ((await test_.app.ledger.status()).treeSize < BigInt(size * 100)) await sleep(20);
    }
    expect(existsSync(join(folder(), 'checkpoint'))).toBe(false);
    while (said.length === 0) await sleep(20);
    full = false;
    while (!existsSync(join(folder(), 'checkpoint'))) await sleep(20);
  } finally { stop.abort(); await running; }
  expect(seen()).toBe(300n);
  expect(said).toEqual([expect.stringContaining('ENOSPC')]);
});

test('a clock that goes back changes no order: leaves are given out as before, and the log stays whole', async () => {
  let offset = 0;
  const clock = { now: () => new Date(Date.now() + offset) }, seal = () => aSealer(test_.app, { clock }).sealOnce();
  for (const step of [0, -3_600_000, 0, -86_400_000]) {
    offset = step;
    await writeBatches({ ...test_.app, clock }, [3, 5]);
    await seal();
  }
  const { rows } = await test_.app.database.reader.query<{ first_leaf: string; record_count: number }>('SELECT first_leaf, record_count FROM ledger_batches ORDER BY first_leaf');
  expect(rows.reduce((next, row) => { expect(Number(row.first_leaf)).toBe(next); return next + row.record_count; }, 0)).toBe(32);
  expect(await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) })).toMatchObject({ intact: true, treeSize: 32n });
});

test('a sealer whose lease ran out in the middle of its pass has the row still, so that nobody seals beside it', async () => {
  await writeBatches(test_.app, [4]);
  const { sealStore } = await import('../../src/domain/ledger/seal.store.js');
  let second: Promise<{ leaves: number }> | undefined;
  const store = { ...sealStore, claimLease: (tx: Parameters<typeof sealStore.claimLease>[0], holder: string) => sealStore.claimLease(tx, holder, -60_000),
    insertCheckpoint: async (...given: Parameters<typeof sealStore.insertCheckpoint>) => { second = test_.app.ledger.sealOnce(); await sleep(200); return sealStore.insertCheckpoint(...given); } };
  expect(await aSealer(test_.app, { store }).sealOnce()).toMatchObject({ leaves: 4 });
  expect(await second).toMatchObject({ leaves: 0 });
});

test('a sealer that was told it failed after its commit publishes what it had sealed', async () => {
  await writeBatches(test_.app, [7]);
  let failed = false;
  const bookkeeping: typeof test_.app.bookkeeping = async (actor, work) => { const done = await test_.app.bookkeeping(actor, work); if (!failed) { failed = true; throw new Error('injected between commit and publication'); } return done; };
  const stop = new AbortController(), running = aSealer(test_.app, { bookkeeping }).runSealer(stop.signal);
  try { while (!existsSync(join(folder(), 'checkpoint'))) await sleep(20); } finally { stop.abort(); await running; }
  expect([failed, seen()]).toEqual([true, 7n]);
});

test('PostgreSQL killed under a running sealer and writers: it goes on by itself, and the log is whole', async () => {
  const postgres = await startOwnPostgres();
  try {
    const stop = new AbortController(), running = postgres.app.ledger.runSealer(stop.signal);
    let written = 0;
    for (let kill = 0; kill < 2; kill++) {
      for (let n = 0; n < 15; n++) { await writeBatches(postgres.app, [40]); written += 40; }
      await postgres.kill();
      await postgres.start();
      for (let tries = 0; ; tries++) { try { await writeBatches(postgres.app, [1]); written += 1; break; } catch (error) { if (tries > 200) throw error; await sleep(100); } }
    }
    for (let n = 0; n < 600 && (await postgres.app.ledger.status()).unsealedBatches > 0; n++) await sleep(100);
    stop.abort();
    await running;
    expect(await postgres.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) })).toMatchObject({ intact: true, treeSize: BigInt(written), counts: { intact: written, unsealed: 0 } });
    expect(checkLogFolder((path) => (existsSync(join(postgres.home, 'log', path)) ? readFileSync(join(postgres.home, 'log', path)) : undefined), { trustedKey: postgres.app.ledger.verifierKey() }).verdict).toBe('intact');
  } finally { await postgres.close(); }
}, 60_000);

test('the key is handed over on record: old checkpoints hold, the new key signs on, and nothing else does', async () => {
  const { rotateKey } = test_.app.ledger, actor = systemActor('test');
  expect(await test_.app.act(actor, (tx) => rotateKey(tx, 'too early'))).toMatchObject({ code: 'conflict' });
  await writeBatches(test_.app, [300]);
  await test_.app.ledger.sealOnce();
  const before = (await test_.app.ledger.latestCheckpoint())!;
  const rotated = await test_.app.act(actor, (tx) => rotateKey(tx, 'yearly change'));
  if (!('fromSize' in rotated)) throw new Error(rotated.message);
  expect([rotated.fromSize, rotated.before]).toEqual([300n, test_.app.ledger.verifierKey()]);
  await writeBatches(test_.app, [20]);
  const stop = new AbortController();
  stop.abort();
  await aSealer(test_.app).runSealer(stop.signal);
  const after = (await test_.app.ledger.latestCheckpoint())!, { openSignedNote, openCheckpoint, readKeyChain } = await import('../../src/domain/ledger/index.js');
  // The first of the new leaves is the record of the hand-over itself.
  expect(after.treeSize).toBe(321n);
  expect(openSignedNote(before.note, rotated.before).treeSize).toBe(300n);
  expect(openSignedNote(after.note, rotated.verifierKey).treeSize).toBe(321n);
  const keys = await test_.app.ledger.logKeys(), chain = readKeyChain(keys.first, keys.handovers);
  for (const { note } of [before, after]) expect(() => openCheckpoint(note, chain)).not.toThrow();
  expect(await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) })).toMatchObject({ intact: true, treeSize: 321n });
  expect(seen()).toBe(321n);
  // Trust in the new key alone leads back to the old one, by its countersignature.
  expect(checkLogFolder(read, { trustedKey: rotated.verifierKey }).verdict).toBe('intact');
  // A stranger's list of keys does not.
  expect(checkLogFolder((path) => (path === 'keys' ? undefined : read(path)), { trustedKey: rotated.before }).verdict).toBe('altered');

  // A thief of the old key signs a longer log, in the folder and in the database: caught by both, and the sealer stops.
  const thief = createLogKey(test_.app.keys, test_.app.config.logOrigin), forged = thief.sign(321n, after.root);
  const report = checkLogFolder((path) => (path === 'checkpoint' ? Buffer.from(forged) : read(path)), { trustedKey: rotated.before });
  expect(report.checks.find((check) => !check.ok)?.message).toContain('a checkpoint of 321 leaves is signed by the key that was given up at 300');
  writeFileSync(join(folder(), 'checkpoint'), forged);
  expect((await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) })).problems).toMatchObject([{ verdict: 'altered', message: expect.stringContaining('given up at 300') as string }]);
  await writeBatches(test_.app, [1]);
  await expect(aSealer(test_.app).sealOnce()).rejects.toThrow('given up at 300');
  writeFileSync(join(folder(), 'checkpoint'), after.note);

  // A hand-over that nobody countersigned, or a key that is not the recorded one, is not followed.
  await test_.app.database.pool.query('ALTER TABLE ledger_keys DISABLE TRIGGER ALL');
  await test_.app.database.pool.query(`UPDATE ledger_keys SET handover = replace(handover, E'\\n300\\n', E'\\n299\\n')`);
  await expect(aSealer(test_.app).sealOnce()).rejects.toThrow('the hand-overs of the log key do not verify');
  await test_.app.database.pool.query('UPDATE ledger_keys SET handover = $1', [rotated.handover]);
  expect(await aSealer(test_.app).sealOnce()).toMatchObject({ leaves: 1 });
});
