// Erasures at the doors: what the API and the command line say of them, and who sees what is restricted.
import { runCli } from '../../src/entrypoints/cli/cli.js';
import { codeOf, startTestApi, type ApiClient, type TestApi } from '../support/api.js';
import { approveAll } from '../support/approvals.js';
import { createRetentionBench, writeCalls, writeTransfers, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench, api: TestApi, officer: ApiClient, auditor: ApiClient, ids: string[];
beforeAll(async () => {
  bench = await createRetentionBench({ REDIS_URL: `${process.env['TEST_REDIS_URL']}/5` });
  api = await startTestApi(bench.app);
  [officer, auditor] = [await api.as('compliance_officer'), await api.as('auditor')];
  ids = (await writeCalls(bench.app, '2026-11-20', { acme: 3, globex: 1 }))['acme']!;
  await writeTransfers(bench.app, '2026-11-20', { acme: 3 });
});
afterAll(async () => { await api.close(); await bench.close(); });

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '', err = '';
  const code = await runCli(argv, { HOLDFAST_HOME: bench.home, DATABASE_URL: bench.databaseUrl }, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
}
const OFFICIAL = { 'x-holdfast-purpose': 'compliance_retention' };
const shown = async (client: ApiClient, headers?: Record<string, string>): Promise<number> => ((await client.get('/calls?account=acme', headers)).body as { data: unknown[] }).data.length;

test('an erasure is counted, asked for and followed; meanwhile only an officer who reads for compliance retention sees its rows', async () => {
  const preview = await officer.post('/erasures/preview', { account_id: 'acme', data_types: ['api_call_metadata', 'third_party_call_records'] });
  expect(preview.body).toMatchObject({ data: [{ data_type: 'api_call_metadata', rows: 3, rows_erased: 3, rows_kept: 0 }, { data_type: 'third_party_call_records', rows: 6, rows_erased: 0, rows_kept: 6, why: [{ kind: 'floor' }] }] });
  expect(codeOf(await officer.post('/erasures/preview', { account_id: 'nobody' }))).toBe('not_found');
  const planned = await officer.post('/erasures', { account_id: 'acme', data_types: ['api_call_metadata', 'third_party_call_records'], ground: 'gdpr_17', reason: 'asked for' });
  expect(planned.status).toBe(201);
  const { erasure_id: id } = planned.body as { erasure_id: string };
  expect(codeOf(await auditor.post('/erasures', { account_id: 'acme', ground: 'gdpr_17', reason: 'asked for' }))).toBe('forbidden');
  bench.clock.advance(3_000);
  expect([await shown(officer), await shown(officer, OFFICIAL), await shown(auditor, OFFICIAL)]).toEqual([0, 3, 0]);
  expect([codeOf(await officer.get(`/calls/${ids[0]}`)), (await officer.get(`/calls/${ids[0]}`, OFFICIAL)).status]).toEqual(['not_found', 200]);
  expect((await cli('lookup', ids[0]!)).code).toBe(1);
  expect((await cli('lookup', ids[0]!, '--purpose', 'compliance_retention')).code).toBe(0);
  await approveAll(bench.app);
  await bench.app.retention.runErasure(id);
  const whole = await auditor.get(`/erasures/${id}`);
  expect(whole.body).toMatchObject({ state: 'erased', approved_by: 'Grace', outcome: { api_call_metadata: { erased: '3' }, third_party_call_records: { restricted: '6' } }, runs: expect.arrayContaining([expect.objectContaining({ data_type: 'api_call_metadata', rows_done: 3, certified: true })]),
    restrictions: [{ data_type: 'api_call_metadata', rows: 0, lifted_at: expect.any(String) }, { data_type: 'third_party_call_records', rows: 6, lifted_at: null, goes_at: expect.stringMatching(/^2029-11-21T00:00/) }] });
  expect((await officer.get('/erasures?account=acme')).body).toMatchObject({ data: [{ erasure_id: id }] });
  expect(codeOf(await officer.post(`/erasures/${id}/cancel`, { reason: 'too late' }))).toBe('conflict');
});

test('the command line previews, plans, tells and cancels one', async () => {
  expect((await cli('purge', 'erase', 'globex', '--preview')).out).toMatch(/api_call_metadata +1 +1 +0 +0/);
  expect(await cli('purge', 'erase', 'globex')).toMatchObject({ code: 2, err: expect.stringContaining('--reason is missing') });
  const planned = await cli('purge', 'erase', 'globex', '--data-type', 'api_call_metadata', '--ground', 'contract_ended', '--reason', 'left', '--json');
  expect(planned).toMatchObject({ code: 0, err: expect.stringContaining('a second person has to approve') });
  const { erasure_id: id } = JSON.parse(planned.out) as { erasure_id: string };
  expect((await cli('purge', 'erasures', '--account', 'globex')).out).toMatch(new RegExp(`${id} +globex +account +contract_ended`));
  expect((await cli('purge', 'erasure', id)).out).toMatch(/api_call_metadata +1/);
  expect((await cli('purge', 'cancel-erasure', id, '--reason', 'came back')).out).toMatch(/state +cancelled/);
  bench.clock.advance(3_000);
  expect(await bench.app.retention.isRestricted('api_call_metadata', { accountId: 'globex', at: new Date('2026-11-20T08:00:00Z') })).toBe(false);
});
