// Every POST of the management API, end to end: its effect is read back, and its actor stands on the ledger.
import { createHash } from 'node:crypto';
import { verifyPack } from '../../src/domain/evidence/index.js';
import { ROUTES } from '../../src/entrypoints/http/api/routes.js';
import { systemActor } from '../../src/kernel/actor.js';
import { mintId } from '../../src/kernel/ids.js';
import { aCall, anOutcome, aTransfer } from '../fixtures/calls.js';
import { codeOf, routeOf, startTestApi, type Answer, type ApiClient, type TestApi } from '../support/api.js';
import { bookTests } from '../support/api-books.js';
import { retentionTests } from '../support/api-retention.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
let officer: ApiClient;
let admin: ApiClient;
const done = new Set<string>();
beforeAll(async () => {
  // A Redis database of its own: this file runs jobs.
  test_ = await createTestApp({ env: { REDIS_URL: `${process.env['TEST_REDIS_URL']}/11` } });
  api = await startTestApi(test_.app);
  officer = await api.as('compliance_officer');
  admin = await api.as('administrator');
  // All at once, as the worker does: a queue gives any job to any handler it has.
  for (const job of [...test_.app.retention.jobs, ...test_.app.evidence.jobs]) test_.app.queue().work(job);
});
afterAll(async () => { await api.close(); await test_.close(); });

/** Posts, expects success, and expects the last audit record to be of this action and actor. */
async function act<T>(client: ApiClient, path: string, body: object, action: string): Promise<T> {
  const answer = await client.post(path, body);
  if (answer.status >= 400) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  const { rows: [record] } = await test_.app.database.reader.query('SELECT action, actor_kind, actor_name FROM audit_records WHERE actor_kind <> \'system\' ORDER BY record_id DESC LIMIT 1');
  expect(record).toEqual({ action, actor_kind: 'api_token', actor_name: client === admin ? 'token:administrator' : 'token:compliance_officer' });
  done.add(routeOf('post', path)!.id);
  return answer.body as T;
}
const body = async <T>(answer: Promise<Answer>): Promise<T> => (await answer).body as T;

test('an account is opened, changed, closed and reopened', async () => {
  await act(officer, '/accounts', { account_id: 'acme', name: 'Acme GmbH', jurisdiction: 'DE', contact: 'dev@acme.test', requests_per_minute: 60, tokens_per_minute: 100_000 }, 'account.open');
  expect(await body(admin.get('/accounts/acme'))).toMatchObject({ name: 'Acme GmbH', requests_per_minute: 60, tokens_per_minute: 100_000, status: 'active' });
  await act(officer, '/accounts/acme/update', { contact: 'new@acme.test', requests_per_minute: null }, 'account.update');
  expect(await body(admin.get('/accounts/acme'))).toMatchObject({ contact: 'new@acme.test', requests_per_minute: null, tokens_per_minute: 100_000 });
  await act(officer, '/accounts/acme/close', { reason: 'contract ended' }, 'account.close');
  expect(await body(admin.get('/accounts?status=closed'))).toMatchObject({ data: [{ account_id: 'acme', closed_at: expect.any(String) }] });
  expect(codeOf(await admin.post('/accounts/acme/keys', { name: 'k' }))).toBe('account_closed');
  await act(officer, '/accounts/acme/reopen', { reason: 'renewed' }, 'account.reopen');
  expect((await officer.post('/accounts/acme/reopen', { reason: 'renewed' })).body).toEqual({ changed: false });
  expect(codeOf(await officer.post('/accounts', { account_id: 'acme', name: 'x', jurisdiction: 'DE', contact: 'c' }))).toBe('conflict');
  expect((await officer.post('/accounts', { account_id: 'b', name: 'x', jurisdiction: 'QX', contact: 'c' })).body).toMatchObject({ error: { code: 'invalid_request', field: 'body.jurisdiction' } });
});

test('a key is issued with its secret once, and revoked; another account does not find it', async () => {
  await officer.post('/accounts', { account_id: 'other', name: 'Other', jurisdiction: 'FR', contact: 'c' });
  const { key_id: id, secret } = await act<{ key_id: string; secret: string }>(admin, '/accounts/acme/keys', { name: 'production' }, 'key.issue');
  expect(secret).toMatch(/^hfk_[A-Za-z0-9_-]{43}$/);
  expect(JSON.stringify(await body(admin.get('/accounts/acme/keys')))).not.toContain(secret);
  expect(codeOf(await admin.post(`/accounts/other/keys/${id}/revoke`, { reason: 'x' }))).toBe('not_found');
  expect(await body(admin.get('/accounts/acme/keys'))).toMatchObject({ data: [{ key_id: id, status: 'active' }] });
  await act(admin, `/accounts/acme/keys/${id}/revoke`, { reason: 'leaked' }, 'key.revoke');
  expect(await body(admin.get('/accounts/acme/keys'))).toMatchObject({ data: [{ key_id: id, status: 'revoked' }] });
  expect(codeOf(await admin.get('/accounts/nobody/keys'))).toBe('not_found');
});

test('a confirmation is recorded and withdrawn; another account does not find it', async () => {
  const word = { destination: 'US', basis: 'standard-contract', covers: ['legality', 'authorisation', 'redaction', 'procedures'], confirmed_by: 'dpo@acme.test', confirmed_at: '2026-02-01', valid_until: '2029-02-01' };
  const { confirmation_id: id } = await act<{ confirmation_id: string }>(officer, '/accounts/acme/confirmations', word, 'confirmation.record');
  expect((await officer.post('/accounts/acme/confirmations', word)).body).toEqual({ confirmation_id: id, changed: false, withdrawn: false });
  expect(codeOf(await officer.post(`/accounts/other/confirmations/${id}/withdraw`, { reason: 'x' }))).toBe('not_found');
  await act(officer, `/accounts/acme/confirmations/${id}/withdraw`, { reason: 'customer withdrew' }, 'confirmation.withdraw');
  expect(await body(officer.get('/accounts/acme/confirmations'))).toMatchObject({ data: [{ confirmation_id: id, withdrawn_at: expect.any(String) }] });
  expect((await officer.post('/accounts/acme/confirmations', { ...word, valid_until: '2020-01-01', confirmed_at: '2026-03-01' })).body).toMatchObject({ error: { field: 'body.valid_until' } });
});

test('a provider is registered, changed, given terms, suspended and resumed; its credential is never told', async () => {
  const credential = 'sk-secret-of-the-provider';
  await act(officer, '/providers', { provider_id: 'example-ai', name: 'Example AI', category: 'model', legal_entity: 'Example AI, Inc.', jurisdictions: ['US'], protocol: 'openai',
    base_url: 'https://api.example.com/v1', credential, dpa: { signed_on: '2026-01-15', reference: 'DPA-1' } }, 'provider.register');
  await act(officer, '/providers/example-ai/update', { jurisdictions: ['US', 'IE'] }, 'provider.update');
  await act(officer, '/providers/example-ai/terms', { version: '2026-01-01', effective_from: '2026-01-01', url: 'https://example.com/terms', trains_on_inputs: false, retention_days: 30 }, 'terms.add');
  await act(officer, '/providers/example-ai/suspend', { reason: 'incident' }, 'provider.suspend');
  const found = await body(officer.get('/providers/example-ai'));
  expect(found).toMatchObject({ status: 'suspended', jurisdictions: ['US', 'IE'], credential_source: 'api', dpa_reference: 'DPA-1', terms: [{ version: '2026-01-01', retention_days: 30 }] });
  await act(officer, '/providers/example-ai/resume', { reason: 'over' }, 'provider.resume');
  expect(JSON.stringify([found, await body(officer.get('/providers')), await body(officer.get('/audit?limit=1000'))])).not.toContain(credential);
  expect((await officer.post('/providers', { provider_id: 'm', name: 'M', category: 'email', legal_entity: 'M', jurisdictions: ['DE'], base_url: 'https://x.test' })).body).toMatchObject({ error: { code: 'invalid_request', field: 'body.base_url' } });
});

test('routes, prices and availability rules are set', async () => {
  await act(officer, '/models/mock-*/routes', { routes: [{ provider_id: 'example-ai', upstream_model: 'mock' }] }, 'routes.set');
  expect(await body(officer.get('/models'))).toEqual({ data: [{ model_id: 'mock-*', routes: [{ provider_id: 'example-ai', upstream_model: 'mock' }] }] });
  expect((await officer.post('/models/mock-*/routes', { routes: [{ provider_id: 'nobody' }] })).body).toMatchObject({ error: { code: 'not_found', field: 'body.routes[0].provider' } });
  await act(officer, '/models/vendor%2Fmodel/routes', { routes: [{ provider_id: 'example-ai' }] }, 'routes.set');
  const price = { model: 'mock-*', provider_id: 'example-ai', currency: 'USD', effective_from: '2026-01-01', input_micros: 2_000_000, cache_read_micros: 200_000, cache_write_micros: 2_500_000, output_micros: 8_000_000 };
  const { price_id: id } = await act<{ price_id: string }>(officer, '/prices', price, 'price.set');
  expect(await body(officer.get('/prices'))).toMatchObject({ data: [{ price_id: id, ...price, cache_write_1h_micros: null, version: 1 }] });
  expect(codeOf(await officer.post('/prices', { ...price, input_micros: 1 }))).toBe('conflict');
  const rules = [{ conditions: { model: 'mock-*', caller_region: 'KP' }, outcome: 'suspend', reason: 'local-law' }];
  await act(officer, '/availability-rules', { rules }, 'availability.set');
  expect(await body(officer.get('/availability-rules'))).toMatchObject({ data: rules });
  const redaction = [{ conditions: { provider: 'example-ai' }, outcome: 'off', kinds: ['card', 'resident_id', 'phone', 'email', 'secret'] }, { conditions: { cross_border: true, destination: 'US' }, outcome: 'mask', kinds: ['card', 'secret'] }];
  await act(officer, '/redaction-rules', { rules: [{ conditions: { provider: 'example-ai' }, outcome: 'off' }, { ...redaction[1]!, kinds: ['secret', 'card'] }] }, 'redaction.set');
  expect(await body(officer.get('/redaction-rules'))).toMatchObject({ data: redaction });
  expect((await officer.post('/redaction-rules', { rules: [{ conditions: { provider: 'nobody' }, outcome: 'mask' }] })).body).toMatchObject({ error: { code: 'not_found', field: 'body.rules[0].conditions.provider' } });
  expect(codeOf(await officer.post('/redaction-rules', { rules: [{ conditions: {}, outcome: 'mask' }] }))).toBe('invalid_request');
});

test('a payment is recorded once, however often it is sent', async () => {
  const payment = { account_id: 'acme', amount_micros: 250_000_000, currency: 'EUR', paid_at: '2026-11-24T10:00:00+01:00', reference: 'INV-17', fiscal_year_end: '2026-12-31' };
  const { payment_id: id } = await act<{ payment_id: string }>(officer, '/payments', payment, 'payment.record');
  expect((await officer.post('/payments', payment)).body).toEqual({ payment_id: id, changed: false });
  expect(codeOf(await officer.post('/payments', { ...payment, amount_micros: 1 }))).toBe('conflict');
  expect(await body(officer.get('/payments?account=acme'))).toMatchObject({ data: [{ payment_id: id, amount_micros: 250_000_000, paid_at: '2026-11-24T09:00:00.000Z' }] });
});

retentionTests({ act, body, until, done, officer: () => officer, api: () => api, app: () => test_.app });

test('an operator is created, gets other roles and a new password, is disabled and enabled', async () => {
  const { operator_id: id } = await act<{ operator_id: string }>(admin, '/operators', { email: 'Ada@Example.com', name: 'Ada', password: 'a long sentence of hers', roles: ['auditor'] }, 'operator.create');
  await act(admin, `/operators/${id}/roles`, { roles: ['support_agent'], reason: 'new duties' }, 'operator.set_roles');
  await act(admin, `/operators/${id}/password`, { password: 'another long sentence' }, 'operator.reset_password');
  await act(admin, `/operators/${id}/disable`, { reason: 'left' }, 'operator.disable');
  expect(await body(admin.get('/operators'))).toMatchObject({ data: [{ operator_id: id, email: 'ada@example.com', roles: ['support_agent'], status: 'disabled' }] });
  await act(admin, `/operators/${id}/enable`, { reason: 'back' }, 'operator.enable');
  expect(JSON.stringify([await body(admin.get('/operators')), await body(admin.get('/audit?limit=1000'))])).not.toMatch(/long sentence|password_hash|scrypt/);
});

test('a token is issued with its secret once, never beyond the roles of who issues it, and revoked', async () => {
  const { token_id: id, secret } = await act<{ token_id: string; secret: string }>(admin, '/tokens', { name: 'export', roles: ['administrator'] }, 'token.issue');
  expect((await api.showing(`Bearer ${secret}`).get('/operators')).status).toBe(200);
  expect(codeOf(await admin.post('/tokens', { name: 'more', roles: ['compliance_officer'] }))).toBe('forbidden');
  await act(admin, `/tokens/${id}/revoke`, { reason: 'replaced' }, 'token.revoke');
  expect((await api.showing(`Bearer ${secret}`).get('/operators')).status).toBe(401);
  expect(JSON.stringify(await body(admin.get('/tokens')))).not.toContain(secret);
});

test('the log tells its state and key, and is verified on request; the result is on the ledger', async () => {
  await test_.app.ledger.sealOnce();
  expect(await body(officer.get('/ledger/status'))).toMatchObject({ unsealed_batches: 0, last_checkpoint_at: expect.any(String) });
  expect(((await body(officer.get('/ledger/checkpoint'))) as { note: string }).note).toContain('holdfast.local/log');
  expect(((await body(officer.get('/ledger/verifier-key'))) as { verifier_key: string }).verifier_key).toMatch(/^holdfast\.local\/log\+[0-9a-f]{8}\+/);
  expect((await officer.post('/ledger/verify')).status).toBe(202);
  expect(codeOf(await officer.post('/ledger/verify'))).toBe('conflict');
  done.add('startVerification');
  await until(async () => ((await body(officer.get('/ledger/verification'))) as { last: unknown }).last !== null);
  expect(await body(officer.get('/ledger/verification'))).toMatchObject({ last: { intact: true, by: 'token:compliance_officer', problems: [], counts: { purged_with_certificate: 1 } } });
  const metrics = await (await fetch(`${api.url}/metrics`)).text();
  expect(metrics).toContain('holdfast_ledger_last_verification_intact 1');
});

test('a pack is requested, assembled by the worker, downloaded on record, and verifies without us', async () => {
  const { app } = test_;
  const call = aCall(new Date(), { client_request_id: 'order-99', cost_micros: 0n, currency: null }), transfer = aTransfer(call);
  await app.ledger.createRecorder('gateway').write([call, transfer, anOutcome(transfer)]);
  expect(codeOf(await officer.post('/packs', { request_id: 'nobody', purpose: 'dispute_resolution' }))).toBe('not_found');
  expect((await officer.post('/packs', { request_id: 'order-99' })).body).toMatchObject({ error: { code: 'invalid_request', field: 'body.purpose' } });
  const { pack_id: id } = await act<{ pack_id: string }>(officer, '/packs', { request_id: 'order-99', purpose: 'dispute_resolution', language: 'en', reason: 'What was charged?' }, 'pack.request');
  expect(await body(officer.get(`/packs/${id}`))).toMatchObject({ state: 'requested', request_id: call.row.request_id, account_id: 'acme', purpose: 'dispute_resolution', reason: 'What was charged?' });
  expect(codeOf(await officer.get(`/packs/${id}/file`))).toBe('conflict');
  await app.ledger.sealOnce();
  await until(async () => ((await body(officer.get(`/packs/${id}`))) as { state: string }).state === 'ready');
  const file = await officer.get(`/packs/${id}/file`);
  expect([file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual(['application/pdf', `attachment; filename="EP-${id.slice(-12)}.pdf"`]);
  expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(createHash('sha256').update(file.bytes).digest('hex')).toBe(((await body(officer.get(`/packs/${id}`))) as { sha256: string }).sha256);
  expect(await verifyPack(file.bytes)).toMatchObject({ verdict: 'intact' });
  expect(await body(officer.get('/audit?subject_kind=pack&order=newest&limit=1'))).toMatchObject({ data: [{ action: 'pack.download', subject_id: id, actor_name: 'token:compliance_officer' }] });
  expect(await body(officer.get(`/packs?request_id=${call.row.request_id}`))).toMatchObject({ data: [{ pack_id: id, state: 'ready' }], next_cursor: null });
  expect(await body(officer.get('/calls/order-99'))).toMatchObject({ packs: [{ pack_id: id, state: 'ready' }], access: expect.arrayContaining([expect.objectContaining({ action: 'pack.download' })]) });
  expect(codeOf(await officer.get(`/packs/${mintId(new Date())}/file`))).toBe('not_found');
  expect(await body(officer.post(`/packs/${id}/compare`))).toMatchObject({ same: true, by_record: true });
  expect((await officer.post(`/packs/${id}/cancel`)).status).toBe(409);
  const link = await body(officer.post(`/packs/${id}/links`, { recipient: 'Court of Example' })) as { link_id: string; path: string };
  expect(link.path).toMatch(/^\/packs\/hfl_[\w-]{43}$/);
  expect(await body(officer.get(`/packs/${id}/links`))).toMatchObject({ data: [{ link_id: link.link_id, recipient: 'Court of Example', downloads: 0 }] });
  expect(await body(officer.post(`/packs/${id}/links/${link.link_id}/revoke`))).toEqual({ link_id: link.link_id, revoked: true });
  expect(await body(officer.get(`/packs/${id}/files`))).toMatchObject({ data: [{ volume: 0, bytes: file.bytes.length }] });
});

test('a purge that cannot be queued now is not undone: the worker finds the run', async () => {
  const run = await test_.app.act(systemActor('test'), (tx) => test_.app.retention.planPurge(tx, 'api_call_metadata', 'test'));
  if (typeof run !== 'string') throw new Error(run.message);
  const queue = { ...test_.app.queue(), enqueue: () => Promise.reject(new Error('Redis is away')) };
  const warnings: string[] = [];
  const own = await startTestApi({ ...test_.app, queue: () => queue, log: { ...test_.app.log, warn: (message) => { warnings.push(message); } } });
  try {
    await test_.app.database.pool.query("UPDATE purge_runs SET state = 'planned', finished_at = NULL WHERE run_id = $1", [run]);
    const client = await own.as('compliance_officer');
    expect((await client.post(`/purges/${run}/run`)).status).toBe(202);
    expect(warnings).toEqual(['a purge run waits for the queue']);
    expect((await test_.app.retention.openRuns()).map((one) => one.runId)).toEqual([run]);
  } finally { await own.close(); }
});

test('the audit trail is filtered and walked from either end', async () => {
  const opened = (await body(officer.get('/audit?action=account.open'))) as { data: { subject_id: string }[] };
  expect(opened.data.map((entry) => entry.subject_id)).toEqual(['acme', 'other']);
  const walk = async (order: string): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { data: { record_id: string }[]; next_cursor: string | null } = await body(officer.get(`/audit?order=${order}&limit=7&to=2100-01-01T00:00:00Z${cursor === '' ? '' : `&cursor=${cursor}`}`));
      seen.push(...page.data.map((entry) => entry.record_id));
      cursor = page.next_cursor;
    }
    return seen;
  };
  const oldest = await walk('oldest');
  expect(oldest.length).toBeGreaterThan(30);
  expect(await walk('newest')).toEqual([...oldest].reverse());
  const { next_cursor: cursor } = (await body(officer.get('/audit?limit=1'))) as { next_cursor: string };
  expect(codeOf(await officer.get(`/audit?limit=1&order=newest&cursor=${cursor}`))).toBe('invalid_request');
});

test('security events are listed with their filters', async () => {
  await api.showing('Bearer hft_wrong_wrong_wrong').get('/calls');
  const { data } = (await body(officer.get('/security-events?kind=token.rejected&order=newest&limit=1'))) as { data: object[] };
  expect(data).toMatchObject([{ kind: 'token.rejected', severity: 'warning', address: '127.0.0.1', detail: { path: '/calls' } }]);
  expect(await body(officer.get('/security-events?kind=nothing'))).toEqual({ data: [], next_cursor: null });
});

test('a case is opened, linked, given a file, moved and compared; the log, the report and the deadlines are told', async () => {
  await officer.post('/accounts', { account_id: 'cases-co', name: 'Cases Co', jurisdiction: 'DE', contact: 'c' });
  const fields = { right: 'access', law: 'gdpr', subject: 'Erika Muster', subject_contact: 'erika@example.test', channel: 'e_mail', asked_for: 'everything' };
  const { case_id: id, number } = await act<{ case_id: string; number: string }>(officer, '/cases', { kind: 'subject_request', fields }, 'case.open');
  expect(codeOf(await admin.get('/cases'))).toBe('forbidden');
  await act(officer, `/cases/${number}/links`, { account_id: 'cases-co' }, 'case.link');
  expect(await act(officer, `/cases/${id}/files`, { role: 'correspondence', name: 'letter.txt', media_type: 'text/plain', base64: Buffer.from('hello').toString('base64') }, 'case.attach_file')).toMatchObject({ bytes: 5, sha256: createHash('sha256').update('hello').digest('hex') });
  expect(await act(officer, `/cases/${id}/moves`, { move: 'acknowledge', fields: { told_on: new Date().toISOString().slice(0, 10) }, expected_state: 'registered' }, 'case.acknowledge')).toMatchObject({ state: 'identity' });
  for (const [move, more] of [['verify_identity', { identity_tier: 'session_reauthenticated', identity_evidence: 'x' }], ['set_scope', { data_types: ['account_information'] }], ['collect', {}]] as const) expect((await officer.post(`/cases/${id}/moves`, { move, fields: more })).status).toBe(200);
  const whole = await body<{ collections: { collection_id: string }[]; next_moves: string[]; facts: object }>(officer.get(`/cases/${number}`));
  expect(whole).toMatchObject({ state: 'review', account_id: 'cases-co', facts: { subject: 'Erika Muster' }, next_moves: ['collect_again', 'propose_answer', 'propose_refusal', 'extend', 'withdraw'] });
  done.add('compareCollection');
  expect(await body(officer.post(`/cases/${id}/collections/${whole.collections[0]!.collection_id}/compare`))).toMatchObject({ same: true });
  expect(await body(officer.get(`/cases?kind=subject_request&account=cases-co&open=true`))).toMatchObject({ data: [{ number }] });
  expect((await officer.post(`/cases/${id}/moves`, { move: 'respond', fields: {} })).body).toMatchObject({ error: { code: 'conflict', field: 'body.move' } });
  await act(officer, '/case-clocks/dispute-house', { due: 'P7D', amber: 'P3D', red: 'P5D', source: 'our terms' }, 'case.set_clock');
  expect(await body(officer.get('/case-clocks'))).toMatchObject({ data: expect.arrayContaining([expect.objectContaining({ id: 'dispute-house', due: 'P7D', set_by: 'token:compliance_officer' })]) });
  expect(await body(officer.get('/disclosures'))).toEqual({ data: [] });
  expect(await body(officer.get('/transparency?from=2026-01-01&to=2026-12-31'))).toMatchObject({ rows: [], total: { requests: 0 } });
});

test("a provider's usage is taken in, held against our calls, and told with the calls around one", async () => {
  await officer.post('/providers', { provider_id: 'usage-ai', name: 'Usage AI', category: 'model', legal_entity: 'Usage AI, Inc.', jurisdictions: ['US'], protocol: 'openai', base_url: 'https://api.usage.test/v1', credential: 'sk-0123456789' });
  const csv = 'request_id,day,model,input_tokens,output_tokens\nreq-1,2026-01-05,m,10,2\n';
  const { import_id: id } = await act<{ import_id: string }>(officer, '/usage-imports', { provider_id: 'usage-ai', name: 'january.csv', csv }, 'usage.import');
  expect(await body(officer.post('/usage-imports', { provider_id: 'usage-ai', name: 'january.csv', csv }))).toMatchObject({ import_id: id, changed: false });
  expect((await officer.post('/usage-imports', { provider_id: 'usage-ai', name: 'x.csv', csv: 'a,b' })).body).toMatchObject({ error: { field: 'body.csv' } });
  expect(await body(officer.get('/usage-imports'))).toMatchObject({ data: [{ import_id: id, rows: 1, by_request: true }] });
  expect(await body(officer.get(`/usage-imports/${id}/reconciliation?tolerance_tokens=5`))).toMatchObject({ total: { theirs_only: 1, matched: 0 }, differences: [{ class: 'theirs_only', upstream_request_id: 'req-1', theirs: { input: 10, output: 2 }, ours: null }] });
  expect(codeOf(await officer.get('/calls/0193c1a2-7b3c-7000-8000-0123456789ab/around'))).toBe('not_found');
});

test('content is granted for a while, and the grant revoked', async () => {
  await officer.post('/accounts', { account_id: 'granted', name: 'Granted', jurisdiction: 'DE', contact: 'c@granted.example' });
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const { grant_id: id } = await act<{ grant_id: string }>(officer, '/content-grants', { account_id: 'granted', kind: 'troubleshooting', sides: ['input'], reason: 'ticket 1', authorised_by: 'cto@granted.example', valid_until: until }, 'content.grant');
  expect(await body(officer.get('/content-grants?account=granted'))).toMatchObject({ data: [{ grant_id: id, keep_hours: 72, revoked_at: null }] });
  expect((await officer.post('/content-grants', { account_id: 'granted', kind: 'troubleshooting', sides: ['input'], reason: 'ticket 1', valid_until: until })).body).toMatchObject({ error: { field: 'body.authorised_by' } });
  await act(officer, `/content-grants/${id}/revoke`, { reason: 'solved' }, 'content.revoke');
  expect(await body(officer.get('/content-grants?account=granted'))).toMatchObject({ data: [{ revoked_at: expect.any(String) }] });
});

bookTests({ act, body, done, officer: () => officer, app: () => test_.app });

/** Tried without `act`: limits in billing/usage-limits.test.ts, prices in cli/prices.test.ts, packs above. */
const ELSEWHERE = ['setAccountLimits', 'setKeyLimits', 'planPriceImport', 'importPrices', 'cancelPack', 'comparePack', 'linkPack', 'revokePackLink'];

test('no POST was forgotten here', () => {
  expect(ROUTES.filter((route) => route.method === 'post' && !done.has(route.id)).map((route) => route.id).sort()).toEqual([...ELSEWHERE].sort());
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`it did not happen within 45 s: ${JSON.stringify((await test_.app.database.reader.query('SELECT state, failure FROM evidence_packs UNION ALL SELECT state, failure FROM purge_runs')).rows)}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
