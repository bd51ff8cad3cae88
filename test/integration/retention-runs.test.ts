// Runs that fail, wait, pause and are cancelled; partitions left half-way; what is hidden; what a simulation counts; what waits.
import { calls } from '../../src/entrypoints/console/views/calls.view.js';
import { countRows, findRow, listRows } from '../../src/entrypoints/console/views/read-model.view.js';
import { createLogger } from '../../src/platform/log/log.js';
import type { Act } from '../../src/platform/db/index.js';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, DAY_MS, NOW, plan, purge, retentionWith, shorten, verifyAll, writeCalls, writeEvents, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => { bench = await createRetentionBench(); });
afterEach(async () => { await bench.close(); });

const why = 'maintenance';
const stateOf = async (runId: string) => (await bench.app.retention.purgeRun(runId))!;
/** An `act` that throws at its `nth` call. */
const breaking = (nth: number): Act => { let count = 0; return async (actor, work) => { if (++count === nth) throw new Error('the disk is full'); return await bench.app.act(actor, work); }; };
const quiet = createLogger('test', 'error', () => undefined);

test('a run that fails says why, waits twice as long each time, and after eight times waits for somebody to look', async () => {
  await writeCalls(bench.app, '2025-11-20', { acme: 4 });
  const runId = await plan(bench.app, 'api_call_metadata'), waits: (number | null)[] = [];
  for (let failure = 1; failure <= 8; failure += 1) {
    await expect(retentionWith(bench.app, { act: breaking(failure === 1 ? 2 : 1), log: quiet }).runPurge(runId)).rejects.toThrow('disk is full');
    const run = await stateOf(runId);
    expect(run).toMatchObject({ state: 'failed', failure: 'the disk is full', failures: failure });
    waits.push(run.retryAt && (run.retryAt.getTime() - bench.clock.now().getTime()) / 60_000);
    expect(await bench.app.retention.runsToGoOn()).toEqual([]);
    if (run.retryAt) { bench.clock.set(run.retryAt.toISOString()); expect(await bench.app.retention.runsToGoOn()).toMatchObject([{ runId }]); }
  }
  expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, null]);
  expect(await bench.app.act(system, (tx) => bench.app.retention.planPurge(tx, 'api_call_metadata', 'x'))).toMatchObject({ code: 'conflict' });
  expect(ok(await bench.app.act(system, (tx) => bench.app.retention.resumeRun(tx, runId, why)))).toEqual({ state: 'running' });
  expect(await bench.app.retention.runsToGoOn()).toMatchObject([{ runId, failures: 0 }]);
  await bench.app.retention.runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'certified', failure: null, rowsDeleted: 4n });
  expect(await bench.count("audit_records WHERE action = 'purge.fail'")).toBe(8);
});

test('waiting for the sealer is no failure', async () => {
  await writeCalls(bench.app, '2025-11-20', { acme: 4 }, false);
  const runId = await plan(bench.app, 'api_call_metadata');
  await expect(retentionWith(bench.app, { log: quiet }).runPurge(runId)).rejects.toThrow('not sealed');
  expect(await stateOf(runId)).toMatchObject({ state: 'running', failures: 0, failure: expect.stringContaining('not sealed'), retryAt: new Date(NOW.getTime() + 5 * 60_000) });
  await bench.app.ledger.sealOnce();
  await bench.app.retention.runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'certified', failure: null, retryAt: null });
});

test('a paused run stops at its next step, loses nothing, and goes on to its certificate when it is continued', async () => {
  await writeCalls(bench.app, '2025-11-20', { globex: 6 });
  await writeCalls(bench.app, '2025-11-21', { globex: 6 });
  const runId = await plan(bench.app, 'api_call_metadata');
  let acts = 0;
  // After the first partition is destroyed somebody presses the button.
  const act: Act = async (actor, work) => { const answer = await bench.app.act(actor, work); if (++acts === 2) ok(await bench.app.act(system, (tx) => bench.app.retention.pauseRun(tx, runId, why))); return answer; };
  await retentionWith(bench.app, { act }).runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'paused', items: [{ state: 'done' }, { state: 'planned' }] });
  expect(await bench.count('calls')).toBe(6);
  expect(bench.app.retention.progress(await stateOf(runId))).toMatchObject({ rowsDue: 12n, rowsDone: 6n, itemsDone: 1, items: 2, remainingMs: null });
  await bench.app.retention.runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'paused' });
  expect([await bench.app.retention.runsToGoOn(), await bench.app.act(system, (tx) => bench.app.retention.cancelRun(tx, runId, why))]).toMatchObject([[], { code: 'conflict' }]);
  ok(await bench.app.act(system, (tx) => bench.app.retention.resumeRun(tx, runId, why)));
  await bench.app.retention.runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'certified', rowsDeleted: 12n });
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

test('a run is cancelled before it begins, and another may be planned', async () => {
  await writeCalls(bench.app, '2025-11-20', { globex: 2 });
  const runId = await plan(bench.app, 'api_call_metadata');
  expect(await bench.app.act(system, (tx) => bench.app.retention.cancelRun(tx, runId, ' '))).toMatchObject({ code: 'invalid_request' });
  expect(ok(await bench.app.act(system, (tx) => bench.app.retention.cancelRun(tx, runId, why)))).toEqual({ state: 'cancelled' });
  await bench.app.retention.runPurge(runId);
  expect([(await stateOf(runId)).state, await bench.count('calls')]).toEqual(['cancelled', 2]);
  expect(await purge(bench.app, 'api_call_metadata')).toMatchObject({ state: 'certified', rowsDeleted: 2n });
});

test('a partition left pending by a DETACH that was cut off is put back, or left out for the run that wanted it', async () => {
  const { pool } = bench.app.database;
  /** DETACH CONCURRENTLY waits for the reader in its second half; killed there, it leaves the partition pending. */
  const cutOff = async (partition: string): Promise<void> => {
    const reader = await pool.connect();
    await reader.query('BEGIN');
    await reader.query('SELECT 1 FROM calls LIMIT 1');
    const detaching = pool.query(`ALTER TABLE calls DETACH PARTITION ${partition} CONCURRENTLY`).catch(() => undefined);
    for (let tries = 0; tries < 400 && await bench.count('pg_inherits WHERE inhdetachpending') === 0; tries += 1) await new Promise((done) => { setTimeout(done, 25); });
    await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE calls DETACH%' AND datname = current_database() AND pid <> pg_backend_pid()`);
    await detaching;
    await reader.query('ROLLBACK');
    reader.release();
    expect(await bench.count('pg_inherits WHERE inhdetachpending')).toBe(1);
  };
  await writeCalls(bench.app, '2025-11-20', { globex: 3 });
  await writeCalls(bench.app, '2025-11-21', { globex: 3 });
  await cutOff('calls_p20251120');
  expect(await bench.count('calls')).toBe(3);
  const finalise = bench.app.retention.jobs.find((job) => job.name === 'finalise-detached')!;
  await finalise.run('');
  expect([await bench.count('calls'), await bench.count('pg_inherits WHERE inhdetachpending')]).toEqual([6, 0]);
  // A run that comes to another partition first ends it on the way.
  const runId = await plan(bench.app, 'api_call_metadata');
  await pool.query("UPDATE purge_runs SET state = 'running', started_at = planned_at WHERE run_id = $1", [runId]);
  await cutOff('calls_p20251121');
  await finalise.run('');
  expect(await bench.count('calls')).toBe(3);
  await bench.app.retention.runPurge(runId);
  expect(await stateOf(runId)).toMatchObject({ state: 'certified', rowsDeleted: 6n });
  expect(await verifyAll(bench.app)).toMatchObject({ intact: true });
});

test('expired rows are in no list and under no address of the console before any run has removed them, by account and by item', async () => {
  const old = await writeCalls(bench.app, '2025-11-20', { acme: 3, globex: 2 }), young = await writeCalls(bench.app, '2026-11-01', { acme: 2, globex: 2 });
  const { retention } = bench.app, context = { reader: bench.app.database.reader, timeZone: 'UTC', shownSql: (table: string, alias: string, add: (value: unknown) => string) => retention.shownSql(table, alias, add) };
  const shown = async (): Promise<string[]> => (await listRows(context, calls, {}, { limit: 100, offset: 0, sortBy: 'at', direction: 'asc' })).map((row) => String(row['request_id'])).sort();
  expect(await shown()).toEqual([...young['acme']!, ...young['globex']!].sort());
  expect([await countRows(context, calls, {}), await countRows(context, calls, { account_id: 'acme' })]).toEqual([4, 2]);
  expect([await findRow(context, calls, old['acme']![0]!), (await findRow(context, calls, young['acme']![0]!))?.['account_id']]).toEqual([undefined, 'acme']);
  ok(await bench.app.act(system, (tx) => retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P24M', accountId: 'globex' })));
  ok(await bench.app.act(system, (tx) => retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P36M', itemIds: [old['acme']![1]!] })));
  bench.clock.advance(6_000);
  expect(await shown()).toEqual([...young['acme']!, ...young['globex']!, ...old['globex']!, old['acme']![1]!].sort());
  expect(await retention.shownSql('audit_records', '', () => '')).toBeUndefined();
});

test('a simulation counts exactly what runs would remove, today and by the draft, day by day, with holds and items', async () => {
  const { app } = bench, made: Record<string, string[]>[] = [];
  for (const [day, accounts] of [['2025-11-20', { acme: 5, globex: 3 }], ['2026-05-01', { acme: 4, globex: 4, zh: 2 }], ['2026-05-02', { globex: 6 }], ['2026-11-20', { acme: 2 }]] as const) made.push(await writeCalls(app, day, accounts));
  await writeEvents(app, '2026-01-10', { '': 3, acme: 1 });
  const simulate = (keep: string, more: object = {}) => app.retention.simulate({ dataType: 'api_call_metadata', keep, ...more });
  const agree = async (keep: string, more: object = {}): Promise<void> => {
    const [draft] = await app.retention.previewPurge('api_call_metadata', { keep, ...more }), [today] = await app.retention.previewPurge('api_call_metadata'), found = await simulate(keep, more);
    expect([found.today, found.draft].map((side) => [side.rows, side.heldRows, side.heldAccounts])).toEqual([today, draft].map((one) => [Number(one!.rowsDue), Number(one!.rowsHeld), one!.accountsHeld]));
    expect(found.days.reduce((sum, day) => sum + day.draft, 0)).toBe(found.draft.rows);
  };
  const plain = await simulate('P6M');
  expect(plain).toMatchObject({ today: { rows: 8, accounts: 2, heldRows: 0 }, draft: { rows: 24, accounts: 3, heldRows: 0, oldest: new Date('2025-11-20T08:00:00.000Z') },
    days: [{ day: '2025-11-20', today: 8, draft: 8 }, { day: '2026-05-01', today: 0, draft: 10 }, { day: '2026-05-02', draft: 6 }] });
  expect(plain.draft.bytes).toBeGreaterThan(plain.today.bytes);
  await agree('P6M');
  ok(await app.act(system, (tx) => app.retention.placeHold(tx, { accountId: 'acme', matter: 'M', requester: 'R', basis: 'b', reviewOn: '2030-01-01' })));
  await agree('P6M');
  expect((await simulate('P6M')).days[1]).toEqual({ day: '2026-05-01', today: 0, draft: 6, held: 4 });
  ok(await app.act(system, (tx) => app.retention.placeHold(tx, { requestIds: made[2]!['globex']!.slice(0, 2), matter: 'M', requester: 'R', basis: 'b', reviewOn: '2030-01-01' })));
  await agree('P6M');
  await agree('P6M', { accountId: 'globex' });
  await agree('P24M', { jurisdiction: 'US' });
  await agree('P1M', { itemIds: [made[3]!['acme']![0]!, made[1]!['globex']![0]!] });
  expect(await app.retention.simulate({ dataType: 'security_logs', keep: 'P6M' })).toMatchObject({ today: { rows: 0 }, draft: { rows: 3, accounts: 1, heldRows: 1, heldAccounts: 1 } });
});

test('any record is explained by its id: what was looked at, what decides, when it goes and what stops it', async () => {
  const ids = await writeCalls(bench.app, '2026-03-31', { zh: 2 }), id = ids['zh']![0]!, { retention } = bench.app;
  ok(await bench.app.act(system, (tx) => retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P18M', jurisdiction: 'CN' })));
  ok(await bench.app.act(system, (tx) => retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P20M', itemIds: [id] })));
  ok(await bench.app.act(system, (tx) => retention.placeHold(tx, { requestIds: [id], matter: 'M 9', requester: 'R', basis: 'b', reviewOn: '2030-01-01' })));
  const record = (await retention.findRecord('api_call_metadata', id))!;
  expect(record).toMatchObject({ table: 'calls', id, accountId: 'zh', itemId: id });
  const found = await retention.explain({ dataType: 'api_call_metadata', createdAt: record.at, accountId: record.accountId, keyId: record.keyId, requestId: record.requestId, itemId: record.itemId });
  expect(found.considered.map((one) => [one.level, one.policy.keep, one.decides])).toEqual([['item', 'P20M', true], ['jurisdiction', 'P18M', false], ['all', 'P12M', false]]);
  expect(found).toMatchObject({ deleteAt: new Date('2027-11-30T08:00:00.000Z'), retainUntil: new Date('2026-09-30T08:00:00.000Z'), minimums: [{ id: 'metadata-cn', endsAt: new Date('2026-09-30T08:00:00.000Z') }], holds: [{ matter: 'M 9' }] });
  expect(await retention.findRecord('account_information', 'zh')).toMatchObject({ table: 'accounts', accountId: 'zh', clockStart: null });
  expect(await retention.findRecord('api_call_metadata', '01800000-0000-7000-8000-000000000000')).toBeUndefined();
});

test('what waits for its event is reported with its age, and a dispute that is closed and opened again stops and starts the clock', async () => {
  const { app } = bench, dispute = (state: 'open' | 'closed') => app.act(system, (tx) => app.retention.recordDispute(tx, { accountId: 'acme', reference: 'D 7', state }));
  await writeCalls(app, '2025-11-20', { acme: 3, globex: 2 });
  expect(await app.act(system, (tx) => app.retention.publishPolicy(tx, { dataType: 'api_call_metadata', keep: 'P1M', startsAt: 'dispute-closed' }))).toMatchObject({ code: 'invalid_request', field: 'startsAt' });
  await shorten(bench, { dataType: 'api_call_metadata', keep: 'P1M', accountId: 'acme', startsAt: 'dispute-closed' });
  ok(await dispute('open'));
  const waiting = async () => (await app.retention.waiting()).filter((one) => one.dataType === 'api_call_metadata');
  expect(await waiting()).toMatchObject([{ clock: 'dispute-closed', accountId: 'acme', rows: 3, accounts: 1, since: new Date('2025-11-20T08:00:00.000Z') }]);
  expect((await app.retention.waiting()).find((one) => one.dataType === 'account_information')).toMatchObject({ clock: 'account-closed', accounts: 3 });
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ rowsDeleted: 2n });
  ok(await dispute('closed'));
  expect(await waiting()).toEqual([]);
  bench.clock.advance(40 * DAY_MS);
  ok(await dispute('open'));
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'nothing_due' });
  ok(await dispute('closed'));
  bench.clock.advance(40 * DAY_MS);
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'certified', rowsDeleted: 3n });
});
