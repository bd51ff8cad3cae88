// The part of the API's tests that is about policies, holds, purges and approvals; one world with the rest.
import type { App } from '../../src/app.js';
import { mintId } from '../../src/kernel/ids.js';
import { ensurePartitions, partitionName } from '../../src/platform/db/index.js';
import { aCall } from '../fixtures/calls.js';
import { codeOf, type Answer, type ApiClient, type TestApi } from './api.js';

export interface ApiWorld {
  readonly act: <T>(client: ApiClient, path: string, body: object, action: string) => Promise<T>;
  readonly body: <T>(answer: Promise<Answer>) => Promise<T>;
  readonly until: (condition: () => Promise<boolean>) => Promise<void>;
  /** Ids of the routes that were tried. */
  readonly done: Set<string>;
  readonly officer: () => ApiClient;
  readonly api: () => TestApi;
  readonly app: () => App;
}

/** Registers the tests; they run where they are called. */
export function retentionTests({ act, body, until, done, officer, api, app: app_ }: ApiWorld): void {
  test('a policy is published, shortening it needs a word, and the law has the last', async () => {
    await act(officer(), '/retention/policies', { data_type: 'api_call_metadata', keep: 'P24M' }, 'policy.publish');
    expect(codeOf(await officer().post('/retention/policies', { data_type: 'api_call_metadata', keep: 'P12M' }))).toBe('confirmation_required');
    await act(officer(), '/retention/policies', { data_type: 'api_call_metadata', keep: 'P12M', confirm_shortening: true }, 'policy.publish');
    expect(await body(officer().get('/retention/policies'))).toMatchObject({ data: [{ data_type: 'api_call_metadata', keep: 'P12M', version: 2, status: 'in_force' }] });
    expect(((await body(officer().get('/retention/policies?in_force=false'))) as { data: unknown[] }).data).toHaveLength(2);
    expect(await body(officer().get('/retention/explain?data_type=api_call_metadata&created_at=2026-11-24T00:00:00Z&account=acme'))).toMatchObject({ policy: { keep: 'P12M' }, waiting_for: null, holds: [] });
    expect((await officer().post('/retention/policies', { data_type: 'api_call_metadata', keep: '12 months' })).body).toMatchObject({ error: { field: 'body.keep' } });
  });

  test('a policy is simulated, presets and what waits are listed, a scheduled policy is withdrawn, a dispute is recorded', async () => {
    expect(await body(officer().post('/retention/simulate', { data_type: 'api_call_metadata', keep: 'P6M' }))).toMatchObject({ data_type: 'api_call_metadata', today: { rows: 0 }, draft: { rows: 0 }, days: [] });
    done.add('simulatePolicy');
    expect((await body<{ data: unknown[] }>(officer().get('/retention/presets'))).data.length).toBeGreaterThan(15);
    expect(await body(officer().get('/retention/waiting'))).toEqual({ data: [] });
    const { policy_id: id } = await act<{ policy_id: string }>(officer(), '/retention/policies', { data_type: 'security_logs', keep: 'P24M', effective_from: '2100-01-01T00:00:00Z' }, 'policy.publish');
    expect(await act(officer(), `/retention/policies/${id}/withdraw`, { reason: 'not needed' }, 'policy.withdraw')).toEqual({ withdrawn: true });
    expect(codeOf(await officer().post(`/retention/policies/${id}/withdraw`, { reason: 'again' }))).toBe('conflict');
    await act(officer(), '/retention/disputes', { account_id: 'acme', reference: 'D 1', state: 'open' }, 'dispute.open');
  });

  test('the purge schedule is set', async () => {
    await act(officer(), '/retention/schedule', { cron: '15 2 * * *', time_zone: 'Asia/Shanghai', paused: false }, 'schedule.set');
    expect(await body(officer().get('/retention/schedule'))).toMatchObject({ cron: '15 2 * * *', time_zone: 'Asia/Shanghai', upcoming: [expect.any(String), expect.any(String), expect.any(String)] });
  });

  test('a purge is previewed, planned, run by the worker, and leaves a certificate', async () => {
    const app = app_();
    const old = new Date(Date.now() - 500 * 86_400_000);
    await ensurePartitions(app.database.pool, old, old);
    await app.ledger.createRecorder('gateway').write([aCall(old, { account_id: 'acme' })]);
    await app.ledger.sealOnce();
    expect(await body(officer().post('/purges/preview', { data_type: 'api_call_metadata' }))).toMatchObject({ data: [{ data_type: 'api_call_metadata', rows_due: 1 }] });
    done.add('previewPurge');
    expect(await body(officer().post('/purges/preview', { data_type: 'api_call_metadata', policy: { keep: 'P10Y' } }))).toMatchObject({ data: [{ rows_due: 0 }] });
    expect((await officer().post('/purges/preview', { policy: { keep: 'P10Y' } })).body).toMatchObject({ error: { field: 'body.data_type' } });
    const { run_id: first, approval_id: rejected } = await act<{ run_id: string; approval_id: string }>(officer(), '/purges', { data_type: 'api_call_metadata' }, 'approval.request');
    expect(codeOf(await officer().post('/purges', { data_type: 'api_call_metadata' }))).toBe('conflict');
    expect(codeOf(await officer().post(`/purges/${first}/run`))).toBe('four_eyes_required');
    const approver = await api().as('approver'), decide = async (approval: string, verb: string, more: object): Promise<Answer> => await approver.post(`/approvals/${approval}/${verb}`, more);
    expect((await decide(rejected, 'reject', { reason: 'not this week' })).body).toMatchObject({ state: 'rejected', decided_by: 'token:approver' });
    expect(await body(officer().get(`/purges/${first}`))).toMatchObject({ state: 'cancelled' });
    const { run_id: id, approval_id: approval } = await act<{ run_id: string; approval_id: string }>(officer(), '/purges', { data_type: 'api_call_metadata' }, 'approval.request');
    await act(officer(), `/purges/${id}/pause`, { reason: 'a question first' }, 'purge.pause');
    await act(officer(), `/purges/${id}/continue`, { reason: 'answered' }, 'purge.continue');
    const { digest, preview } = await body<{ digest: string; preview: object }>(approver.get(`/approvals/${approval}`));
    expect(preview).toMatchObject({ rows_due: '1' });
    expect(codeOf(await officer().post(`/approvals/${approval}/approve`, { digest }))).toBe('four_eyes_required');
    expect(codeOf(await decide(approval, 'approve', { digest: '00' }))).toBe('conflict');
    expect((await decide(approval, 'approve', { digest })).body).toMatchObject({ state: 'approved' });
    for (const route of ['approve', 'reject'] as const) done.add(route);
    expect(codeOf(await officer().get(`/purges/${id}/certificate`))).toBe('not_found');
    // The approval has put it into the queue; asked for once more it is the same run.
    expect([202, 409]).toContain((await officer().post(`/purges/${id}/run`)).status);
    done.add('runPurge');
    await until(async () => (await officer().get(`/purges/${id}/certificate`)).status === 200);
    expect(await body(officer().get(`/purges/${id}`))).toMatchObject({ state: 'certified', rows_deleted: 1, survivors: 0, items: [{ table: 'calls', partition: partitionName('calls', old) }] });
    expect(await body(officer().get('/purges?state=certified'))).toMatchObject({ data: [{ run_id: id, needs_approval: false }], next_cursor: null });
    expect(codeOf(await officer().post(`/purges/${id}/run`))).toBe('conflict');
    expect(codeOf(await officer().post(`/purges/${id}/cancel`, { reason: 'too late' }))).toBe('conflict');
    done.add('cancelPurge');
    expect(codeOf(await officer().get(`/purges/${mintId(new Date())}`))).toBe('not_found');
  });

  test('a hold is placed and released', async () => {
    const { hold_id: id } = await act<{ hold_id: string }>(officer(), '/holds', { account_id: 'acme', matter: 'Dispute 17', requester: 'Acme', basis: 'dispute', review_on: '2027-02-01', data_types: ['api_call_metadata'] }, 'hold.place');
    expect(await body(officer().get('/holds?account=acme&in_force=true'))).toMatchObject({ data: [{ hold_id: id, data_types: ['api_call_metadata'] }] });
    await act(officer(), `/holds/${id}/extend`, { review_on: '2027-08-01', data_types: null, reason: 'it goes on' }, 'hold.extend');
    expect(await body(officer().get(`/holds/${id}/rows`))).toMatchObject({ tables: expect.arrayContaining([expect.objectContaining({ table: 'accounts', rows: 1 })]) });
    const { approval_id: withdrawn } = await act<{ approval_id: string }>(officer(), `/holds/${id}/release`, { reason: 'settled' }, 'approval.request');
    await act(officer(), `/approvals/${withdrawn}/withdraw`, { reason: 'too early' }, 'approval.withdraw');
    const { approval_id: approval } = await act<{ approval_id: string }>(officer(), `/holds/${id}/release`, { reason: 'settled' }, 'approval.request');
    const approver = await api().as('approver'), { data: [pending] } = await body<{ data: { digest: string }[] }>(approver.get(`/approvals?state=pending&subject=${id}`));
    expect((await approver.post(`/approvals/${approval}/approve`, { digest: pending!.digest })).status).toBe(200);
    expect(await body(officer().get(`/holds/${id}`))).toMatchObject({ released_by: 'token:approver', protects_until: expect.any(String) });
    expect(await body(officer().get('/holds?account=acme&in_force=true'))).toEqual({ data: [] });
    expect(codeOf(await officer().get(`/holds/${mintId(new Date())}`))).toBe('not_found');
    expect(codeOf(await officer().post('/holds', { account_id: 'nobody', matter: 'm', requester: 'r', basis: 'b', review_on: '2027-01-01' }))).toBe('not_found');
  });
}
