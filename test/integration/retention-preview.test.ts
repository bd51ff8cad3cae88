import { ok, system } from '../support/registry.js';
import { createRetentionBench, plan, purge, writeCalls, writeEvents, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeAll(async () => {
  bench = await createRetentionBench();
  await writeCalls(bench.app, '2025-11-20', { acme: 10, globex: 30 });
  await writeCalls(bench.app, '2025-11-21', { acme: 4 });
  await writeCalls(bench.app, '2026-03-01', { acme: 6, zh: 2 });
  await writeEvents(bench.app, '2025-11-20', { '': 3 });
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId: 'acme', dataTypes: ['api_call_metadata'], matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' })));
});
afterAll(async () => { await bench.close(); });

test('a preview counts by partition what would go and what is held, and since when it is overdue', async () => {
  const [preview] = await bench.app.retention.previewPurge('api_call_metadata');
  expect(preview).toMatchObject({ dataType: 'api_call_metadata', cutOff: new Date('2025-11-24T00:00:00Z'), rowsDue: 30n, rowsHeld: 14n, accountsHeld: 1,
    policies: [{ scope: 'all accounts', keep: 'P12M', version: 1 }], oldest: new Date('2025-11-20T08:00:00.001Z'), overdueSince: new Date('2026-11-20T08:00:00.001Z') });
  expect(preview!.parts.map((part) => [part.partition, part.rowsTotal, part.rowsDue, part.rowsHeld, part.heldAccounts, part.method])).toEqual([
    ['calls_p20251120', 40n, 30n, 10n, ['acme'], 'replace_partition'], ['calls_p20251121', 4n, 0n, 4n, ['acme'], null]]);
  expect(preview!.bytesDue).toBeGreaterThan(8_192n);
});

test('without a data type every one is previewed', async () => {
  const previews = await bench.app.retention.previewPurge();
  expect(Object.fromEntries(previews.map((preview) => [preview.dataType, preview.rowsDue]))).toEqual({ account_information: 0n, api_call_metadata: 30n, input_content: 0n, output_content: 0n,
    payment_records: 0n, security_logs: 3n, third_party_call_records: 0n });
});

test('a policy that is not published can be tried: for all, for a jurisdiction, for an account; floors still hold', async () => {
  const rows = async (policy: { keep: string; accountId?: string; jurisdiction?: string }): Promise<bigint> => (await bench.app.retention.previewPurge('api_call_metadata', policy))[0]!.rowsDue;
  expect(await rows({ keep: 'P6M' })).toBe(32n);
  expect(await rows({ keep: 'P1M' })).toBe(32n);
  expect(await rows({ keep: 'P6M', jurisdiction: 'CN' })).toBe(32n);
  expect(await rows({ keep: 'P24M', accountId: 'globex' })).toBe(0n);
  expect((await bench.app.retention.previewPurge('api_call_metadata', { keep: 'P6M' }))[0]!.policies[0]).toEqual({ policyId: null, scope: 'all accounts', keep: 'P6M', startsAt: 'created', version: null });
});

test('looking changes nothing, and what was previewed is what a run then does', async () => {
  const before = await bench.read('SELECT (SELECT count(*) FROM calls) AS calls, (SELECT count(*) FROM purge_runs) AS runs, (SELECT count(*) FROM audit_records) AS records, (SELECT pg_current_xact_id_if_assigned()) AS xid');
  const previews = await bench.app.retention.previewPurge();
  await bench.app.retention.previewPurge('api_call_metadata', { keep: 'P1M' });
  expect(await bench.read('SELECT (SELECT count(*) FROM calls) AS calls, (SELECT count(*) FROM purge_runs) AS runs, (SELECT count(*) FROM audit_records) AS records, (SELECT pg_current_xact_id_if_assigned()) AS xid')).toEqual(before);
  for (const { dataType, rowsDue, rowsHeld } of previews) expect(await purge(bench.app, dataType)).toMatchObject({ state: rowsDue === 0n ? 'nothing_due' : 'certified', rowsDeleted: rowsDue, rowsHeld });
  expect(await bench.app.retention.previewPurge('api_call_metadata')).toMatchObject([{ rowsDue: 0n, rowsHeld: 14n, overdueSince: null }]);
});

test('the plan freezes policies, versions, cut-offs and predicate', async () => {
  const runId = await plan(bench.app, 'api_call_metadata');
  expect((await bench.app.retention.purgeRun(runId))!.plan).toMatchObject({ time_zone: 'UTC', policies: [{ keep: 'P12M', version: 1, account_id: null }], minimums: [{ id: 'metadata-cn', keep: 'P6M' }],
    cut_offs: { standard: '2025-11-24T00:00:00.000Z', accounts: {} }, predicate: expect.stringContaining('calls: request_id') });
});

test('without any policy nothing can be planned', async () => {
  await bench.app.database.pool.query(`UPDATE retention_policies SET status = 'withdrawn' WHERE data_type = 'security_logs'`);
  expect(await bench.app.act(system, (tx) => bench.app.retention.planPurge(tx, 'security_logs', 'x'))).toMatchObject({ refused: true, code: 'not_found' });
});
