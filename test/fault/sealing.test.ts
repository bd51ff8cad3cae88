import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openSignedNote } from '../../src/domain/ledger/index.js';
import { sealStore, type SealStore } from '../../src/domain/ledger/seal.store.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { createApp } from '../../src/app.js';
import { managerOf, type Tx } from '../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { aSealer, writeBatches } from '../support/ledger.js';

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_.close(); });
const query = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await test_.app.database.pool.query<T>(sql, values)).rows;

/** The whole truth: everything written is sealed, and all of it verifies. */
async function expectSealed(leaves: number): Promise<void> {
  const report = await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ treeSize: BigInt(leaves), counts: { intact: leaves, unsealed: 0 } });
}

const STEPS = ['claimLease', 'handovers', 'lastCheckpoint', 'takeBatches', 'readTiles', 'assignLeaves', 'saveTiles', 'insertCheckpoint'] as const;
type Step = (typeof STEPS)[number];
const FAULTS: Record<string, (tx: Tx, run: () => Promise<unknown>) => Promise<unknown>> = {
  'fails': () => Promise.reject(new Error('injected')),
  'is done but reported failed': async (_, run) => { await run(); throw new Error('injected'); },
  'loses its connection': async (tx, run) => { await managerOf(tx).query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined); return run(); },
};
function faulty(step: Step, fault: (tx: Tx, run: () => Promise<unknown>) => Promise<unknown>): SealStore {
  const real = sealStore[step] as (tx: Tx, ...rest: unknown[]) => Promise<unknown>;
  return { ...sealStore, [step]: (tx: Tx, ...rest: unknown[]) => fault(tx, () => real(tx, ...rest)) };
}

test.each(STEPS.flatMap((step) => Object.keys(FAULTS).map((fault) => [step, fault] as const)))('when %s %s, nothing is half sealed and the next pass seals it all', async (step, fault) => {
  await writeBatches(test_.app, [250]);
  await test_.app.ledger.sealOnce();
  await writeBatches(test_.app, [3, 20]);
  await expect(aSealer(test_.app, { store: faulty(step, FAULTS[fault]!) }).sealOnce()).rejects.toThrow();
  expect(await test_.app.ledger.status()).toMatchObject({ treeSize: 250n, unsealedBatches: 2 });
  await writeBatches(test_.app, [1]);
  expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 24, treeSize: 274n });
  await expectSealed(274);
});

test('when the commit is done but reported failed, the next pass goes on from it', async () => {
  await writeBatches(test_.app, [3]);
  const bookkeeping: typeof test_.app.bookkeeping = async (actor, work) => { await test_.app.bookkeeping(actor, work); throw new Error('injected after the commit'); };
  await expect(aSealer(test_.app, { bookkeeping, holder: 'same' }).sealOnce()).rejects.toThrow('injected');
  await writeBatches(test_.app, [2]);
  expect(await aSealer(test_.app, { holder: 'same' }).sealOnce()).toEqual({ leaves: 2, treeSize: 5n });
  await expectSealed(5);
});

test('a batch whose transaction stays open long is sealed when it commits, and none is skipped', async () => {
  const slow = new pg.Client(test_.databaseUrl);
  await slow.connect();
  try {
    await slow.query('BEGIN');
    await writeBatches(test_.app, [2], slow);
    await writeBatches(test_.app, [3, 3]);
    expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 6, treeSize: 6n });
    await writeBatches(test_.app, [1]);
    expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 1, treeSize: 7n });
    await slow.query('COMMIT');
    expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 2, treeSize: 9n });
  } finally { await slow.end(); }
  await expectSealed(9);
});

test('two sealers at once, while records are written, seal every leaf once', async () => {
  const sealers = [aSealer(test_.app), aSealer(test_.app)];
  const stop = new AbortController();
  const running = sealers.map((sealer) => sealer.runSealer(stop.signal));
  let written = 0;
  for (let round = 0; round < 20; round++) {
    await Promise.all([1, 7, 30].map((size) => writeBatches(test_.app, [size])));
    written += 38;
    await sleep(50);
  }
  stop.abort();
  await Promise.all(running);
  await test_.app.ledger.sealOnce();
  await expectSealed(written);
});

test('verification beside writers and a running sealer raises no false alarm', async () => {
  const stop = new AbortController();
  const running = [test_.app.ledger.runSealer(stop.signal), (async () => { while (!stop.signal.aborted) { await writeBatches(test_.app, [60, 1]); await sleep(5); } })()];
  try {
    for (let look = 0; look < 6; look++) {
      await sleep(200);
      const report = await test_.app.ledger.verify({ certifiedPurges: () => Promise.resolve([]) });
      expect(report.problems).toEqual([]);
      expect(report.counts.intact).toBe(Number(report.treeSize));
    }
  } finally { stop.abort(); await Promise.all(running); }
});

test('many sealers that are asked at the same moment do the work once, and each answers when it is done', async () => {
  await writeBatches(test_.app, Array.from({ length: 30 }, () => 100));
  const answers = await Promise.all(Array.from({ length: 4 }, () => aSealer(test_.app).sealOnce()));
  expect(answers.reduce((sum, answer) => sum + answer.leaves, 0)).toBe(3000);
  expect(answers.map((answer) => answer.treeSize)).toEqual([3000n, 3000n, 3000n, 3000n]);
  await expectSealed(3000);
});

test('a second sealer waits for the row while a pass is under way, however old the lease has become', async () => {
  await writeBatches(test_.app, [5]);
  let open: () => void = () => undefined, entered: () => void = () => undefined;
  const gate = new Promise<void>((done) => { open = done; }), inside = new Promise<void>((done) => { entered = done; });
  const slow = aSealer(test_.app, { store: { ...sealStore, claimLease: async (tx, holder) => { const got = await sealStore.claimLease(tx, holder, -1_000); entered(); await gate; return got; } } }).sealOnce();
  await inside;
  let second: unknown;
  const other = test_.app.ledger.sealOnce().then((answer) => { second = answer; });
  await sleep(300);
  expect(second).toBeUndefined();
  open();
  expect(await slow).toEqual({ leaves: 5, treeSize: 5n });
  await other;
  expect(second).toEqual({ leaves: 0, treeSize: 5n });
  await expectSealed(5);
});

test("a dead sealer's lease runs out, a stopped one's is free at once", async () => {
  await query(`UPDATE sealer_lease SET holder = 'dead', expires_at = clock_timestamp() + interval '700 milliseconds'`);
  await writeBatches(test_.app, [2]);
  const started = performance.now();
  expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 2, treeSize: 2n });
  expect(performance.now() - started).toBeGreaterThan(600);
  const stop = new AbortController();
  const stopped = aSealer(test_.app, { holder: 'stopped' });
  await query(`UPDATE sealer_lease SET holder = 'stopped', expires_at = clock_timestamp() + interval '1 hour'`);
  stop.abort();
  await stopped.runSealer(stop.signal);
  expect(await query(`SELECT 1 FROM sealer_lease WHERE expires_at < now()`)).toHaveLength(1);
});

test('a lost lease row is made again', async () => {
  await query('DELETE FROM sealer_lease');
  await writeBatches(test_.app, [1]);
  expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 1, treeSize: 1n });
});

describe('nothing is signed that does not extend what was signed', () => {
  beforeEach(async () => {
    await writeBatches(test_.app, [300]);
    await test_.app.ledger.sealOnce();
    await writeBatches(test_.app, [1]);
  });
  const refuses = async (reason: string): Promise<void> => {
    await expect(test_.app.ledger.sealOnce()).rejects.toMatchObject({ code: 'verification_failed', message: expect.stringContaining(reason) as string });
    expect(await test_.app.ledger.status()).toMatchObject({ treeSize: 300n, unsealedBatches: 1 });
  };
  const publish = (note: string): void => { mkdirSync(join(test_.home, 'log'), { recursive: true }); writeFileSync(join(test_.home, 'log', 'checkpoint'), note); };

  test('when an edge tile was changed', async () => {
    await query(`ALTER TABLE ledger_tiles DISABLE TRIGGER ALL; UPDATE ledger_tiles SET hashes = set_byte(hashes, 5, get_byte(hashes, 5) # 1) WHERE level = 0 AND tile_index = 1`);
    await refuses('do not have the root that was signed');
  });
  test('when an edge tile is gone', async () => {
    await query(`ALTER TABLE ledger_tiles DISABLE TRIGGER ALL; DELETE FROM ledger_tiles WHERE level = 1`);
    await refuses('tile 1/0 of a tree of 300 leaves is missing');
  });
  test('when a tile at the edge is wider than the tree', async () => {
    await query(`ALTER TABLE ledger_tiles DISABLE TRIGGER ALL; UPDATE ledger_tiles SET width = 256, hashes = hashes || decode(repeat('00', 32 * 212), 'hex') WHERE level = 0 AND tile_index = 1`);
    await expect(test_.app.ledger.sealOnce()).rejects.toThrow('already as wide');
    expect((await test_.app.ledger.status()).unsealedBatches).toBe(1);
  });
  test('when a batch to be sealed is sealed already, even without the trigger', async () => {
    const [sealed] = await query<{ batch_id: string; commitments: Buffer }>('SELECT batch_id, commitments FROM ledger_batches WHERE first_leaf = 0');
    await query('ALTER TABLE ledger_batches DISABLE TRIGGER ALL');
    const store: SealStore = { ...sealStore, takeBatches: () => Promise.resolve([{ batchId: sealed!.batch_id, commitments: sealed!.commitments }]) };
    await expect(aSealer(test_.app, { store }).sealOnce()).rejects.toThrow('1 batches were to be sealed, 0 could be');
    expect(await query('SELECT first_leaf FROM ledger_batches WHERE first_leaf IS NOT NULL')).toEqual([{ first_leaf: '0' }]);
  });
  test('when the last checkpoint is of another key or origin', async () => {
    const stranger = await createApp(parseConfig({ HOLDFAST_HOME: join(test_.home, 'other'), DATABASE_URL: test_.databaseUrl, HOLDFAST_LOG_LEVEL: 'error' }), 'test', { log: test_.app.log });
    try { await expect(stranger.ledger.sealOnce()).rejects.toMatchObject({ code: 'verification_failed', message: expect.stringContaining('restore that key') as string }); } finally { await stranger.close(); }
    expect((await test_.app.ledger.status()).unsealedBatches).toBe(1);
  });
  test('when the published checkpoint has more leaves', async () => {
    await test_.app.ledger.sealOnce();
    publish((await test_.app.ledger.latestCheckpoint())!.note);
    await query(`ALTER TABLE ledger_checkpoints DISABLE TRIGGER ALL; ALTER TABLE ledger_batches DISABLE TRIGGER ALL; DELETE FROM ledger_checkpoints WHERE tree_size = 301; UPDATE ledger_batches SET first_leaf = NULL WHERE first_leaf = 300`);
    await refuses('covers 301 leaves and the database 300');
  });
  test('when the published checkpoint is of another tree of no more leaves', async () => {
    const twin = await createApp(parseConfig({ HOLDFAST_HOME: test_.home, DATABASE_URL: (await createTwin()).url, HOLDFAST_LOG_LEVEL: 'error' }), 'test', { log: test_.app.log });
    try {
      await writeBatches(twin, [200]);
      await twin.ledger.sealOnce();
      publish((await twin.ledger.latestCheckpoint())!.note);
    } finally { await twin.close(); }
    await refuses('hold different trees of 200 leaves');
  });
  test('when the published checkpoint is no checkpoint of ours', async () => {
    publish('something else\n');
    await refuses('is not a checkpoint of this log');
  });
  test('but an older published checkpoint of this tree is fine', async () => {
    publish((await test_.app.ledger.latestCheckpoint())!.note);
    await test_.app.ledger.sealOnce();
    await writeBatches(test_.app, [600]);
    expect(await test_.app.ledger.sealOnce()).toEqual({ leaves: 600, treeSize: 901n });
  });
});

const twins: { drop(): Promise<void> }[] = [];
afterEach(async () => { for (const twin of twins.splice(0)) await twin.drop(); });
async function createTwin(): Promise<{ url: string }> {
  const { createTestDatabase } = await import('../support/database.js');
  const twin = await createTestDatabase();
  twins.push(twin);
  return twin;
}

test('a sealer process killed again and again leaves a whole log, in the database and in its folder', async () => {
  let child: ChildProcess | undefined;
  const start = (): void => { child = spawn(process.execPath, [resolve('test/support/sealer-process.mjs')], { env: { PATH: process.env['PATH'], HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl, HOLDFAST_LOG_LEVEL: 'error' }, stdio: 'inherit' }); };
  const gone = (): Promise<void> => new Promise((done) => { if (!child || child.exitCode !== null || child.signalCode !== null) done(); else child.once('exit', () => done()); });
  let written = 0;
  for (let kill = 0; kill < 4; kill++) {
    start();
    const sealedBefore = (await test_.app.ledger.status()).treeSize;
    for (let n = 0; n < 400 && (await test_.app.ledger.status()).treeSize === sealedBefore; n++) { await writeBatches(test_.app, [40]); written += 40; await sleep(10); }
    expect((await test_.app.ledger.status()).treeSize).toBeGreaterThan(sealedBefore);
    // Somewhere in the middle of its work: the moment differs each time.
    for (let n = 0; n < 3 + 7 * kill; n++) { await writeBatches(test_.app, [40]); written += 40; }
    child!.kill('SIGKILL');
    await gone();
  }
  start();
  for (let n = 0; n < 100 && (await test_.app.ledger.status()).unsealedBatches > 0; n++) await sleep(100);
  await sleep(500);
  child!.kill('SIGTERM');
  await gone();
  await expectSealed(written);
  const published = readFileSync(join(test_.home, 'log', 'checkpoint'), 'utf8');
  expect(published).toBe((await test_.app.ledger.latestCheckpoint())!.note);
  expect(openSignedNote(published, test_.app.ledger.verifierKey()).treeSize).toBe(BigInt(written));
}, 120_000);
