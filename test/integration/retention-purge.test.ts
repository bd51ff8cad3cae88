import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowSql, staysSql } from '../../src/domain/retention/due-rules.js';
import type { HoldScope } from '../../src/domain/retention/hold-scope.js';
import { verifyCertificate } from '../../src/domain/retention/index.js';
import { Params } from '../../src/domain/retention/params.js';
import { PURGE_TARGETS } from '../../src/domain/retention/purge-targets.js';
import { ok, system } from '../support/registry.js';
import { createRetentionBench, plan, purge, release, retentionWith, shorten, verifyAll, writeCalls, writeEvents, writeTransfers, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => { bench = await createRetentionBench(); });
afterEach(async () => { await bench.close(); });

const OLD = '2025-11-20', YOUNG = '2025-11-24';
const hold = (accountId: string, dataTypes?: ['api_call_metadata']) => bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId, matter: 'Dispute 7', requester: 'Acme', basis: 'dispute', reviewOn: '2027-01-01', ...(dataTypes ? { dataTypes } : {}) }));
const partitions = async (table: string): Promise<string[]> => (await bench.read<{ name: string }>('SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY 1', [table])).map((row) => row.name);
const leftovers = (): Promise<{ name: string }[]> => bench.read(`SELECT relname AS name FROM pg_class WHERE relname ~ '_(gone|next)$'`);

test('a day that is over for everyone is dropped, younger days and other tables stay, and the certificate says so', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 30, globex: 20 });
  await writeCalls(app, YOUNG, { acme: 5 });
  await writeTransfers(app, OLD, { acme: 7 });
  const run = await purge(app, 'api_call_metadata');
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 50n, rowsHeld: 0n, survivors: 0n, failure: null });
  expect(run.items).toEqual([expect.objectContaining({ table: 'calls', partition: 'calls_p20251120', method: 'drop_partition', state: 'done', rowsDeleted: 50n })]);
  expect(await bench.count('calls')).toBe(5);
  expect(await bench.count('transfers')).toBe(7);
  expect(await partitions('calls')).not.toContain('calls_p20251120');
  expect(await leftovers()).toEqual([]);

  const certificate = (await app.retention.certificate(run.runId))!;
  expect(verifyCertificate(certificate.body, certificate.signature, app.keys.publicKey('certificate'))).toBe(true);
  expect(certificate.body).toMatchObject({ run_id: run.runId, data_type: 'api_call_metadata', cut_off: '2025-11-24T00:00:00.000Z', rows_deleted: '50', trigger: 'test', keys_destroyed: [],
    policies: [expect.objectContaining({ keep: 'P12M', version: 1 })], held: { rows: '0', accounts: [], holds: [] },
    verification: { at: expect.any(String), survivors: '0', counts: [expect.objectContaining({ table: 'calls', survivors: '0', query: expect.stringContaining('FROM calls t') })] },
    checkpoint_before: { tree_size: expect.stringMatching(/^\d+$/), root: expect.any(String) }, checkpoint_after: { tree_size: expect.stringMatching(/^\d+$/), root: expect.any(String) },
    items: [expect.objectContaining({ method: 'drop_partition', purged_leaves: { count: 50, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, holds_checked_at: expect.any(String) })] });
  expect(certificate.body['residual_copies']).toContain('Backups');
});

test('the check of a certificate in docs/retention.md works as it is pasted, and sees a changed number', async () => {
  await writeCalls(bench.app, OLD, { acme: 3 });
  const { body, signature, publicKey } = (await bench.app.retention.certificate((await purge(bench.app, 'api_call_metadata')).runId))!;
  const snippet = /```js\n(.*?)```/s.exec(readFileSync('docs/retention.md', 'utf8'))![1]!;
  const check = (changed: object): string => {
    writeFileSync(join(bench.home, 'certificate.json'), JSON.stringify({ body: { ...body, ...changed }, signature: signature.toString('hex'), public_key: publicKey.toString('hex') }, null, 2));
    return execFileSync(process.execPath, ['--input-type=module', '--eval', snippet], { cwd: bench.home, env: {} }).toString().trim();
  };
  expect([check({}), check({ rows_deleted: '4' })]).toEqual(['true', 'false']);
});

test('the ledger verifies as purged with certificate, and every removed record is accounted for', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 30, globex: 20 });
  await writeCalls(app, YOUNG, { acme: 5 });
  const run = await purge(app, 'api_call_metadata');
  const report = await verifyAll(app);
  expect(report).toMatchObject({ intact: true, problems: [] });
  expect(report.counts).toMatchObject({ purged_with_certificate: 50, missing: 0, altered: 0 });
  const [certified] = await app.retention.certifiedPurges();
  expect(certified).toMatchObject({ valid: true });
  expect(certified!.leaves).toHaveLength(50);

  // Whoever changes a certificate, or its list of leaves, gets no absence excused by it.
  await app.database.pool.query('ALTER TABLE purge_certificates DISABLE TRIGGER ALL');
  await app.database.pool.query(`UPDATE purge_certificates SET body = jsonb_set(body, '{rows_deleted}', '"49"') WHERE run_id = $1`, [run.runId]);
  expect(await app.retention.certifiedPurges()).toEqual([{ certificateId: certified!.certificateId, valid: false, leaves: [] }]);
  await app.database.pool.query(`UPDATE purge_certificates SET body = jsonb_set(body, '{rows_deleted}', '"50"') WHERE run_id = $1`, [run.runId]);
  expect(await app.retention.certifiedPurges()).toMatchObject([{ valid: true }]);
  await app.database.pool.query('UPDATE purge_run_items SET purged_leaves = $2 WHERE run_id = $1', [run.runId, Buffer.from('1f8b', 'hex')]);
  expect(await app.retention.certifiedPurges()).toMatchObject([{ valid: false, leaves: [] }]);
  expect((await verifyAll(app)).counts).toMatchObject({ missing: 50 });
});

test('rows of a held account survive in a rewritten partition, with everything else of that day gone', async () => {
  const { app } = bench;
  const ids = await writeCalls(app, OLD, { acme: 10, globex: 40 });
  ok(await hold('acme'));
  const run = await purge(app, 'api_call_metadata');
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 40n, rowsHeld: 10n });
  expect(run.items).toMatchObject([{ method: 'replace_partition', rowsDeleted: 40n, rowsHeld: 10n }]);
  expect((await bench.read<{ request_id: string }>('SELECT request_id FROM calls ORDER BY 1')).map((row) => row.request_id)).toEqual(ids['acme']);
  expect(await partitions('calls')).toContain('calls_p20251120');
  expect(await leftovers()).toEqual([]);
  const certificate = (await app.retention.certificate(run.runId))!;
  expect(certificate.body).toMatchObject({ held: { rows: '10', accounts: ['acme'], holds: [expect.any(String)] } });
  const report = await verifyAll(app);
  expect(report).toMatchObject({ intact: true });
  expect(report.counts).toMatchObject({ purged_with_certificate: 40, held: 10 });
  // The replacement is a full partition: indexes, append-only trigger, bounds.
  expect(await bench.count(`pg_indexes WHERE tablename = 'calls_p20251120'`)).toBe(await bench.count(`pg_indexes WHERE tablename = 'calls'`));
  await expect(app.database.pool.query(`UPDATE calls SET status = 'x' WHERE request_id = $1`, [ids['acme']![0]])).rejects.toThrow('append-only');
});

test('a second run finds the survivors again, and lets them go when the released hold has stopped protecting', async () => {
  const { app, clock } = bench;
  await writeCalls(app, OLD, { acme: 10, globex: 40 });
  const { holdId } = ok(await hold('acme'));
  await purge(app, 'api_call_metadata');
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'nothing_due', rowsHeld: 10n, items: [] });
  await release(app, holdId);
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'nothing_due', rowsHeld: 10n });
  clock.advance(31 * 86_400_000);
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'certified', rowsDeleted: 10n, rowsHeld: 0n });
  expect(await bench.count('calls')).toBe(0);
  expect(await verifyAll(app)).toMatchObject({ intact: true, counts: { purged_with_certificate: 50 } });
});

test('a day of which most stays loses its rows in batches', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 60, globex: 20 });
  ok(await hold('acme'));
  const run = await purge(app, 'api_call_metadata');
  expect(run.items).toMatchObject([{ method: 'delete_rows', rowsDeleted: 20n, rowsHeld: 60n }]);
  expect(await bench.count('calls')).toBe(60);
  expect(await bench.count('purge_item_leaves')).toBe(0);
  expect(await verifyAll(app)).toMatchObject({ intact: true, counts: { purged_with_certificate: 20, missing: 0 } });
});

test('an account with a longer policy stays, one with a shorter policy goes before its day is over for all', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 10, globex: 30 });
  await writeCalls(app, '2026-09-01', { acme: 10, globex: 30 });
  ok(await app.act(system, (tx) => app.retention.publishPolicy(tx, { dataType: 'api_call_metadata', accountId: 'acme', keep: 'P24M' })));
  await shorten(bench, { dataType: 'api_call_metadata', accountId: 'globex', keep: 'P1M' });
  expect(await purge(app, 'api_call_metadata')).toMatchObject({ state: 'certified', rowsDeleted: 60n, rowsHeld: 0n });
  expect(await bench.count(`calls WHERE account_id = 'acme'`)).toBe(20);
  expect(await bench.count(`calls WHERE account_id = 'globex'`)).toBe(0);
  expect(await verifyAll(app)).toMatchObject({ intact: true });
});

test('transfers go with their outcomes after three years, and calls are not touched by it', async () => {
  const { app } = bench;
  await writeTransfers(app, '2023-11-20', { acme: 6, globex: 6 });
  await writeTransfers(app, '2024-11-20', { acme: 3 });
  await writeCalls(app, '2023-11-20', { acme: 4 });
  const run = await purge(app, 'third_party_call_records');
  expect(run.items.map((item) => [item.table, item.rowsDeleted])).toEqual([['transfer_outcomes', 12n], ['transfers', 12n]]);
  expect([await bench.count('transfers'), await bench.count('transfer_outcomes'), await bench.count('calls')]).toEqual([3, 3, 4]);
  expect(await verifyAll(app)).toMatchObject({ intact: true, counts: { purged_with_certificate: 24 } });
});

test('security events without an account go too, and a hold on another data type does not keep them', async () => {
  const { app } = bench;
  await writeEvents(app, OLD, { '': 5, acme: 5, globex: 5 });
  ok(await hold('acme', ['api_call_metadata']));
  expect(await purge(app, 'security_logs')).toMatchObject({ state: 'certified', rowsDeleted: 15n, rowsHeld: 0n });
  ok(await hold('acme'));
  await writeEvents(app, OLD, { '': 5, acme: 5, globex: 5 });
  expect(await purge(app, 'security_logs')).toMatchObject({ state: 'certified', rowsDeleted: 10n, rowsHeld: 5n });
  expect(await verifyAll(app)).toMatchObject({ intact: true });
});

test('only sealed records may go: the run waits, says why, and goes on when they are sealed', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 5, globex: 5 }, false);
  const runId = await plan(app, 'api_call_metadata');
  await expect(app.retention.runPurge(runId)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not sealed yet') });
  expect(await bench.count('calls')).toBe(10);
  expect(await app.retention.purgeRun(runId)).toMatchObject({ state: 'running', failure: expect.stringContaining('not sealed yet') });
  await app.ledger.sealOnce();
  await app.retention.runPurge(runId);
  expect(await app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 10n, failure: null });
});

test('a record that comes to an old day after the plan is not lost: the run waits for its seal too', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 5 });
  const runId = await plan(app, 'api_call_metadata');
  // The look before the partition goes asks about batches from before the plan; this one is found when the leaves are read.
  bench.clock.advance(1_000);
  await writeCalls(app, OLD, { globex: 2 }, false);
  await expect(app.retention.runPurge(runId)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not sealed yet') });
  expect(await bench.count('calls_p20251120_gone')).toBe(7);
  await app.ledger.sealOnce();
  await app.retention.runPurge(runId);
  expect(await app.retention.purgeRun(runId)).toMatchObject({ state: 'certified', rowsDeleted: 7n });
  expect(await verifyAll(app)).toMatchObject({ intact: true, counts: { purged_with_certificate: 7 } });
});

test('one run of a data type is open at a time, and a certified one is not run again', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 5 });
  const runId = await plan(app, 'api_call_metadata');
  expect(await app.act(system, (tx) => app.retention.planPurge(tx, 'api_call_metadata', 'test'))).toMatchObject({ refused: true, code: 'conflict', message: expect.stringContaining(runId) });
  await Promise.all([app.retention.runPurge(runId), app.retention.runPurge(runId)]);
  const first = await app.retention.certificate(runId);
  await app.retention.runPurge(runId);
  expect((await app.retention.certificate(runId))?.certificateId).toBe(first?.certificateId);
  expect(await bench.count('purge_certificates')).toBe(1);
  await expect(app.retention.runPurge('no such run')).rejects.toMatchObject({ code: 'not_found' });
});

test('a row that came late is found by the survivors count and removed before anything is certified', async () => {
  const { app } = bench;
  await writeCalls(app, OLD, { acme: 10, globex: 40 });
  ok(await hold('acme'));
  const runId = await plan(app, 'api_call_metadata');
  // Past the items, before the count: the certificate's checkpoint is asked for last, the first count has happened by then.
  let late = true;
  const retention = retentionWith(app, { bookkeeping: async (actor, work) => {
    const answer = await app.bookkeeping(actor, work);
    if (late && await bench.count(`purge_runs WHERE state = 'verifying'`) === 1) { late = false; await writeCalls(app, OLD, { globex: 3 }); }
    return answer;
  } });
  await retention.runPurge(runId);
  const run = (await app.retention.purgeRun(runId))!;
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 43n, survivors: 0n });
  expect(run.items).toHaveLength(2);
  expect(await verifyAll(app)).toMatchObject({ intact: true, counts: { purged_with_certificate: 43 } });
});

test('what is looked for by index as staying is exactly what is not due, with and without accounts, items and holds', async () => {
  const { app } = bench, ids = await writeEvents(app, OLD, { '': 3, acme: 3, globex: 3 }), target = PURGE_TARGETS.security_logs[0]!;
  const some = [[], ['acme'], ['acme', 'globex']], one = ids['acme']![1]!, none = { accountId: null, keyIds: null, requestIds: null, fromAt: null, untilAt: null };
  const narrow: HoldScope[][] = [[], [{ ...none, accountId: 'globex', fromAt: new Date(`${OLD}T08:00:00.003Z`) }], [{ ...none, untilAt: new Date(`${OLD}T08:00:00.004Z`) }, { ...none, keyIds: [one] }], [{ ...none, requestIds: [one] }]];
  const which = async (sql: string, params: Params): Promise<string[]> => (await bench.read<{ id: string }>(`SELECT event_id AS id FROM security_events t WHERE ${sql} ORDER BY 1`, params.values)).map((row) => row.id);
  let staying = 0;
  for (const mode of ['only', 'except'] as const) for (const accounts of some) for (const itemsKept of [[], [one]]) for (const heldAccounts of some) for (const holds of narrow) {
    const cut = { mode, accounts, itemsOver: [], itemsKept, held: { accounts: new Set(heldAccounts), narrow: holds } }, forDue = new Params(), forStays = new Params();
    const due = await which(`NOT ${rowSql(cut, target, forDue).due}`, forDue), stays = await which(staysSql(cut, target, forStays), forStays);
    expect(stays).toEqual(due);
    staying += stays.length;
  }
  expect(staying).toBeGreaterThan(100);
});
