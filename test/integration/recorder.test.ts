import { createRecorder, type Recorder, type RecordStore } from '../../src/domain/ledger/recorder.js';
import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { sampleRecords } from '../../src/domain/gateway/warm-up.js';
import { mintId } from '../../src/kernel/ids.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
beforeEach(async () => { await test_.app.database.pool.query('TRUNCATE security_events, ledger_batches'); });

type RunStatement = RecordStore['run'];
const run: RunStatement = async (text, values) => { await test_.app.database.pool.query(text, values); };
function anEvent(kind: string): LedgerRecord {
  const at = test_.app.clock.now();
  return { table: 'security_events', row: { event_id: mintId(at), at, kind, severity: 'info', account_id: null, key_id: null, operator_id: null, address: null, detail: { n: 1 } } };
}
const hasBatch = async (ids: readonly string[]): Promise<boolean> => (await test_.app.database.pool.query('SELECT 1 FROM ledger_batches WHERE batch_id = ANY($1)', [ids])).rowCount === 1;
const recorderOn = (runStatement: RunStatement, asked: RecordStore['hasBatch'] = hasBatch): Recorder => createRecorder({ store: { run: runStatement, hasBatch: asked }, writer: 'test', clock: test_.app.clock });
const counts = async (): Promise<{ events: number; committed: number }> => {
  const { rows: [row] } = await test_.app.database.reader.query(`SELECT (SELECT count(*) FROM security_events)::int AS events, (SELECT coalesce(sum(record_count), 0) FROM ledger_batches)::int AS committed`);
  return row as { events: number; committed: number };
};

test('what arrives together is written together, and every record has its commitment', async () => {
  let statements = 0;
  const recorder = recorderOn(async (text, values, limit) => { statements += 1; await run(text, values, limit); });
  await Promise.all(Array.from({ length: 500 }, (_, i) => recorder.write([anEvent(`e${i}`)])));
  expect(await counts()).toEqual({ events: 500, committed: 500 });
  expect(statements).toBeLessThan(20);
  expect(recorder.depth).toBe(0);
});

test('a record is durable when its write resolves', async () => {
  const event = anEvent('durable');
  await recorderOn(run).write([event]);
  expect(await counts()).toEqual({ events: 1, committed: 1 });
});

test.each([['the database takes', { address: 'nul\u0000' }], ['has a text', { kind: undefined }]])('one record of which nothing %s does not take its neighbours along', async (_, wrong) => {
  const recorder = recorderOn(run);
  const bad = { ...anEvent('bad'), row: { ...anEvent('bad').row, ...wrong } } as LedgerRecord;
  const settled = await Promise.allSettled([recorder.write([anEvent('a')]), recorder.write([bad]), recorder.write([anEvent('b')])]);
  expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await counts()).toEqual({ events: 2, committed: 2 });
});

test('a statement whose connection broke is tried once more as a whole', async () => {
  let statements = 0;
  const recorder = recorderOn(async (text, values, limit) => { statements += 1; if (statements === 1) throw new Error('connection lost'); await run(text, values, limit); });
  await Promise.all([recorder.write([anEvent('a')]), recorder.write([anEvent('b')])]);
  expect([await counts(), statements]).toEqual([{ events: 2, committed: 2 }, 2]);
});

test('a statement that was done but reported failed is not written twice', async () => {
  let failures = 0;
  const recorder = recorderOn(async (text, values, limit) => { await run(text, values, limit); if (failures++ === 0) throw new Error('connection lost after commit'); });
  await Promise.all([recorder.write([anEvent('a')]), recorder.write([anEvent('b')])]);
  expect(await counts()).toEqual({ events: 2, committed: 2 });
});

test('ids that somebody else has put on record are a conflict, also when another of the same write is ours; never taken for written', async () => {
  const taken = anEvent('taken'), recorder = recorderOn(run);
  await recorder.write([taken]);
  const settled = await Promise.allSettled([recorder.write([anEvent('a'), taken]), recorder.write([anEvent('b')])]);
  expect(settled).toEqual([{ status: 'rejected', reason: expect.objectContaining({ code: 'conflict' }) }, expect.objectContaining({ status: 'fulfilled' })]);
  expect(await counts()).toEqual({ events: 2, committed: 2 });
});

test('a conflict that nobody can explain is reported as not written, so that nothing leaves on it', async () => {
  const taken = anEvent('taken');
  await recorderOn(run).write([taken]);
  await expect(recorderOn(run, () => Promise.reject(new Error('gone'))).write([taken])).rejects.toMatchObject({ code: 'records_unavailable' });
});

test('who waits behind a statement that no server takes is told at once, and none of it was tried', async () => {
  let statements = 0, fail: () => void = () => undefined;
  const first = new Promise<void>((_, reject) => { fail = () => { reject(new Error('Query read timeout')); }; });
  const recorder = createRecorder({ store: { run: () => { statements += 1; return first; }, hasBatch }, writer: 'test', clock: test_.app.clock, parallel: 2 });
  const writes = [];
  for (let i = 0; i < 5; i++) { writes.push(recorder.write([anEvent(`e${i}`)])); await new Promise((done) => { setImmediate(() => { setImmediate(done); }); }); }
  expect(statements).toBe(2);
  fail();
  const settled = await Promise.allSettled(writes);
  expect([settled.map((one) => one.status), statements, recorder.depth]).toEqual([Array.from({ length: 5 }, () => 'rejected'), 4, 0]);
});

test('a database that is gone is reported to every writer as records_unavailable', async () => {
  const recorder = recorderOn(() => Promise.reject(new Error('ECONNREFUSED')));
  await expect(Promise.all([recorder.write([anEvent('a')]), recorder.write([anEvent('b')])])).rejects.toMatchObject({ code: 'records_unavailable' });
  await recorder.drain();
  expect(await counts()).toEqual({ events: 0, committed: 0 });
});

test('a full queue refuses at once and drops nothing it accepted', async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => { open = resolve; });
  const recorder = recorderOn(() => gate);
  const accepted = Array.from({ length: 20_000 }, () => recorder.write([anEvent('x')]));
  await expect(recorder.write([anEvent('late')])).rejects.toMatchObject({ code: 'records_unavailable' });
  open();
  await Promise.all(accepted);
});

test('warming opens the connections of calls, leaves nothing on record, and what calls write afterwards is written', async () => {
  const { app } = test_, tables = ['calls', 'transfers', 'transfer_outcomes', 'ledger_batches'];
  await app.ledger.warmRecorder(() => sampleRecords(app.clock));
  expect(app.database.writer.idleCount).toBeGreaterThanOrEqual(4);
  for (const table of tables) expect((await app.database.reader.query(`SELECT 1 FROM ${table} LIMIT 1`)).rowCount).toBe(0);
  // The connections are out of their transactions: what is written on each of them stays.
  const recorder = app.ledger.createRecorder('test');
  await Promise.all(Array.from({ length: 8 }, async () => { for (const records of sampleRecords(app.clock)) await recorder.write(records); }));
  expect((await app.database.reader.query('SELECT (SELECT count(*) FROM calls)::int AS calls, (SELECT count(*) FROM transfers)::int AS transfers')).rows[0]).toEqual({ calls: 16, transfers: 16 });
  await app.database.pool.query(`TRUNCATE ${tables.join()}`);
});
