// Changes in the console: named actions by POST, checked, permitted, recorded; AdminJS's own writes are shut.
import { createHash } from 'node:crypto';
import { DEFINITIONS } from '../../src/entrypoints/console/resources/index.js';
import { PASSWORD, startTestConsole, type Answer, type Client, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';
import { purge, writeTransfers } from '../support/retention.js';

let console_: TestConsole, world: World, officer: Client, administrator: Client, auditor: Client, support: Client;
beforeAll(async () => {
  const redis = new URL(process.env['TEST_REDIS_URL'] ?? '');
  redis.pathname = '/10';
  console_ = await startTestConsole({ env: { REDIS_URL: redis.toString() } });
  world = await makeWorld(console_.app, { calls: 4 });
  officer = await console_.signIn('compliance_officer');
  administrator = await console_.signIn('administrator');
  auditor = await console_.signIn('auditor');
  support = await console_.signIn('support_agent');
});
afterAll(async () => { await console_.close(); });

const read = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await console_.app.database.reader.query<T>(sql, values)).rows;
const records = async (): Promise<number> => Number((await read<{ n: string }>('SELECT count(*) AS n FROM audit_records'))[0]!.n);
const last = async (action: string): Promise<Record<string, unknown> | undefined> => (await read<Record<string, unknown>>('SELECT actor_name, subject_id, reason, after FROM audit_records WHERE action = $1 ORDER BY record_id DESC LIMIT 1', [action]))[0];
const act = (client: Client, resource: string, action: string, payload: object = {}, record?: string): Promise<Answer> => client.post(`/api/resources/${resource}/${record === undefined ? 'actions' : `records/${record}`}/${action}`, payload);
const errorOf = (answer: Answer): { code: string; field?: string; message: string; fields?: Record<string, string> } => answer.json<{ error: never }>().error;
const why = { reason: 'ticket 4711' };

test('every write that AdminJS brings along is shut on every resource, and search too', async () => {
  const before = await records();
  for (const { model, recordsOn } of DEFINITIONS) {
    const first = recordsOn ? undefined : (await read<Record<string, string>>(`SELECT ${model.columns.find((column) => column.name === model.key)?.sql ?? model.key} AS id FROM ${model.from} LIMIT 1`))[0]?.['id'];
    const paths = ['/actions/new', '/actions/search', '/actions/search/a', '/search', '/search/a', ...(first ? [`/records/${first}/edit`, `/records/${first}/delete`, `/bulk/bulkDelete?recordIds=${first}`] : [])];
    for (const client of [officer, administrator]) for (const path of paths) {
      for (const answer of [await client.get(`/api/resources/${model.id}${path}`), await client.post(`/api/resources/${model.id}${path}`, { name: 'x', status: 'closed', email: 'a@b.test' })]) {
        expect([model.id, path, [403, 404].includes(answer.status)]).toEqual([model.id, path, true]);
        expect(answer.text).not.toContain('dpo@acme.test');
      }
    }
  }
  expect(await records()).toBe(before);
});

test('no action of ours runs by GET: it answers 405 and changes nothing', async () => {
  const before = await records();
  const ids: Record<string, string> = { accounts: 'acme', keys: world.keyId, confirmations: world.confirmationId, providers: 'openai', holds: world.holdId };
  let tried = 0;
  for (const { model, actions = [] } of DEFINITIONS) for (const action of actions) {
    const id = ids[model.id] ?? (await read<{ id: string }>(`SELECT ${model.key} AS id FROM ${model.from} LIMIT 1`))[0]?.id;
    if (action.on === 'record' && id === undefined) continue;
    const path = `/api/resources/${model.id}/${action.on === 'record' ? `records/${id}` : 'actions'}/${action.name}`;
    const statuses = [(await officer.get(path)).status, (await administrator.get(`${path}?reason=long enough&data_type=api_call_metadata`)).status];
    expect([path, statuses.includes(405), statuses.every((status) => [403, 405].includes(status))]).toEqual([path, true, true]);
    tried += 1;
  }
  expect(tried).toBeGreaterThan(15);
  expect(await records()).toBe(before);
});

test('an account is opened, closed and opened again, each with its record', async () => {
  const opened = await act(officer, 'accounts', 'open', { account_id: 'novo', name: 'Novo SA', jurisdiction: 'fr', contact: 'it@novo.test', requests_per_minute: '', tokens_per_minute: '5000' });
  expect([opened.status, opened.json<{ result: object }>().result]).toEqual([200, { refresh: 'novo' }]);
  expect(await read('SELECT jurisdiction, requests_per_minute, tokens_per_minute FROM accounts WHERE account_id = $1', ['novo'])).toEqual([{ jurisdiction: 'FR', requests_per_minute: null, tokens_per_minute: '5000' }]);
  const closed = await act(officer, 'accounts', 'close', why, 'novo');
  expect(closed.json<{ record: { params: object; recordActions: { name: string }[] } }>().record).toMatchObject({ params: { status: 'closed' } });
  expect(await last('account.close')).toMatchObject({ subject_id: 'novo', reason: 'ticket 4711', actor_name: 'Pat of compliance_officer' });
  expect(closed.json<{ record: { recordActions: { name: string }[] } }>().record.recordActions.map((action) => action.name)).toContain('reopen');
  expect((await act(officer, 'accounts', 'reopen', why, 'novo')).status).toBe(200);
  expect(errorOf(await act(officer, 'accounts', 'open', { account_id: 'novo', name: 'x', jurisdiction: 'FR', contact: 'x' }))).toMatchObject({ code: 'conflict', field: 'accountId' });
});

test('a form says everything that is wrong with it, at its fields, and takes nothing it did not ask for', async () => {
  const before = await records();
  const wrong = await act(officer, 'accounts', 'open', { account_id: 'Not A Slug', name: '  ', jurisdiction: 'XX', requests_per_minute: 'many' });
  expect(wrong.status).toBe(400);
  expect(Object.keys(errorOf(wrong).fields ?? {}).sort()).toEqual(['account_id', 'contact', 'jurisdiction', 'name', 'requests_per_minute']);
  expect(errorOf(await act(officer, 'accounts', 'close', { reason: 'x' }, 'acme'))).toMatchObject({ code: 'invalid_request', field: 'reason', message: 'at least 5 characters' });
  expect((await act(officer, 'accounts', 'close', { ...why, status: 'closed', secret_hash: 'x' }, 'acme')).status).toBe(400);
  expect((await act(officer, 'accounts', 'close', { ...why, reason: ['a', 'b'] }, 'acme')).status).toBe(400);
  expect(await records()).toBe(before);
});

test('a new key tells its secret once; only its hash is kept', async () => {
  const answer = await act(administrator, 'accounts', 'issueKey', { key_name: 'staging' }, 'acme');
  const { key_id, key_secret } = answer.json<{ result: { show: Record<string, string> } }>().result.show;
  expect(key_secret).toMatch(/^hfk_/);
  expect(await read("SELECT encode(secret_hash, 'hex') AS hash FROM api_keys WHERE key_id = $1", [key_id])).toEqual([{ hash: createHash('sha256').update(key_secret!).digest('hex') }]);
  const shown = await administrator.get(`/api/resources/keys/records/${key_id}/show?purpose=security_audit`);
  expect([shown.status, shown.text.includes(key_secret!)]).toEqual([200, false]);
  expect(JSON.stringify(await read('SELECT * FROM audit_records'))).not.toContain(key_secret);
  expect((await act(administrator, 'keys', 'revoke', why, key_id)).json<{ record: { params: object } }>().record.params).toMatchObject({ status: 'revoked' });
  expect(await last('key.revoke')).toMatchObject({ subject_id: key_id, reason: 'ticket 4711' });
});

test('a provider is suspended and resumed, a confirmation withdrawn', async () => {
  expect((await act(officer, 'providers', 'suspend', why, 'openai')).json<{ record: { params: object } }>().record.params).toMatchObject({ status: 'suspended' });
  expect((await act(officer, 'providers', 'resume', why, 'openai')).json<{ record: { params: object } }>().record.params).toMatchObject({ status: 'active' });
  expect((await act(officer, 'confirmations', 'withdraw', why, world.confirmationId)).json<{ record: { params: object } }>().record.params).toMatchObject({ state: 'withdrawn' });
  expect(await last('confirmation.withdraw')).toMatchObject({ subject_id: world.confirmationId, reason: 'ticket 4711' });
});

test('redaction rules are put in front of others and behind them, and taken out, with a reason on record', async () => {
  const rule = { cross_border_only: true, rule_provider: '', rule_account: '', rule_model: '', rule_destination: '', outcome: 'mask', redacted_kinds: ['secret', 'card'], rule_place: 'last', ...why };
  expect((await act(officer, 'redaction', 'addRule', rule)).status).toBe(200);
  expect((await act(officer, 'redaction', 'addRule', { ...rule, cross_border_only: false, rule_provider: 'openai', outcome: 'off', redacted_kinds: [], rule_place: 'first' })).status).toBe(200);
  const rules = await console_.app.crossBorder.redactionRules();
  expect(rules).toMatchObject([{ conditions: { provider: 'openai' }, outcome: 'off', kinds: ['card', 'resident_id', 'phone', 'email', 'secret'] }, { conditions: { crossBorder: true }, outcome: 'mask', kinds: ['card', 'secret'] }]);
  expect(await last('redaction.set')).toMatchObject({ reason: 'ticket 4711' });
  expect(errorOf(await act(officer, 'redaction', 'addRule', { ...rule, rule_account: 'nobody-here' }))).toMatchObject({ code: 'not_found', field: 'rule_account' });
  expect((await act(officer, 'redaction', 'removeRule', why, rules[0]!.ruleId)).status).toBe(200);
  expect(await console_.app.crossBorder.redactionRules()).toEqual([rules[1]]);
  expect(errorOf(await act(officer, 'redaction', 'addRule', { ...rule, cross_border_only: false }))).toMatchObject({ code: 'invalid_request' });
});

test('a policy is published; shortening it wants a word more', async () => {
  const longer = await act(officer, 'policies', 'publish', { data_type: 'security_logs', keep: 'p18m', starts_at: '', account_id: '', jurisdiction: '', source: 'decision 12' });
  expect(longer.status).toBe(200);
  const shorter = { data_type: 'security_logs', keep: 'P12M', source: 'decision 13' };
  const refused = await act(officer, 'policies', 'publish', shorter);
  expect([refused.status, errorOf(refused).code]).toEqual([409, 'confirmation_required']);
  const published = await act(officer, 'policies', 'publish', { ...shorter, confirm_shortening: true });
  const inForce = () => read<{ keep: string; status: string }>("SELECT keep, status FROM retention_policies WHERE data_type = 'security_logs' AND status IN ('in_force', 'scheduled') ORDER BY version");
  // Rows of the type are on record, so a second person decides, by the digest of what was shown.
  const { approval_id: approval } = published.json<{ result: { show: { approval_id: string } } }>().result.show;
  const approver = await console_.signIn('approver'), page = (await approver.get('/api/pages/approvals')).json<{ pending: { approval_id: string; digest: string; own: boolean; preview: object }[] }>();
  expect(page.pending).toMatchObject([{ approval_id: approval, own: false, preview: { rows_due_before: expect.any(String) } }]);
  expect((await officer.get('/api/pages/approvals')).json<{ pending: object[] }>().pending).toMatchObject([{ own: true }]);
  expect(errorOf(await act(officer, 'approvals', 'approve', { digest: page.pending[0]!.digest, note: '' }, approval)).code).toBe('four_eyes_required');
  expect((await act(approver, 'approvals', 'approve', { digest: page.pending[0]!.digest, note: '' }, approval)).status).toBe(200);
  expect(await inForce()).toEqual([{ keep: 'P18M', status: 'in_force' }, { keep: 'P12M', status: 'scheduled' }]);
  const { scheduled } = (await officer.get('/api/pages/retention')).json<{ scheduled: { policy_id: string }[] }>();
  expect((await act(officer, 'policies', 'withdraw', why, scheduled[0]!.policy_id)).status).toBe(200);
  expect(await inForce()).toEqual([{ keep: 'P18M', status: 'in_force' }]);
});

test('a hold is placed from the account and from the list, and released', async () => {
  const form = { matter: 'Order 5 Js 17/26', requester: 'Prosecutor', hold_basis: 'court order', review_on: '2027-03-01' };
  const onAccount = await act(officer, 'accounts', 'placeHold', { ...form, data_types: ['api_call_metadata'] }, 'acme');
  const { hold_id } = onAccount.json<{ result: { show: Record<string, string> } }>().result.show;
  expect(await read('SELECT account_id, data_types FROM holds WHERE hold_id = $1', [hold_id])).toEqual([{ account_id: 'acme', data_types: ['api_call_metadata'] }]);
  expect((await act(officer, 'holds', 'place', { ...form, account_id: 'novo', data_types: [] })).status).toBe(200);
  expect(errorOf(await act(officer, 'holds', 'place', { ...form, account_id: 'nobody' })).code).toBe('not_found');
  expect((await act(officer, 'holds', 'release', why, hold_id)).json<{ record: { params: object } }>().record.params).toMatchObject({ state: 'in_force' });
  const [asked] = await console_.app.security.approvals({ state: 'pending', subjectId: hold_id! }), approver = await console_.signIn('approver');
  expect((await act(approver, 'approvals', 'approve', { digest: asked!.digest, note: 'settled' }, asked!.approvalId)).json<{ record: { params: object } }>().record.params).toMatchObject({ state: 'approved' });
  expect(await read('SELECT released_by IS NOT NULL AS released FROM holds WHERE hold_id = $1', [hold_id])).toEqual([{ released: true }]);
});

test('a purge run is asked for with a reason, and once', async () => {
  const answer = await act(officer, 'purge_runs', 'run', { data_type: 'api_call_metadata', ...why });
  const { run_id } = answer.json<{ result: { show: Record<string, string> } }>().result.show;
  expect(await last('purge.request')).toMatchObject({ subject_id: run_id, reason: 'ticket 4711' });
  expect((await officer.get(`/api/resources/purge_runs/records/${run_id}/show`)).json<{ record: { params: object } }>().record.params).toMatchObject({ data_type: 'api_call_metadata', trigger: 'Pat of compliance_officer' });
  const page = (await officer.get('/api/pages/purge')).json<{ runs: { run_id: string }[]; may: object }>();
  expect([page.runs[0]?.run_id, page.may]).toEqual([run_id, { run: true, schedule: true }]);
  expect((await auditor.get('/api/pages/purge')).json<{ may: object }>().may).toEqual({ run: false, schedule: false });
  expect((await officer.get('/api/pages/purge?part=preview')).json<{ previews: object[] }>().previews.length).toBeGreaterThan(3);
});

test('a purge that cannot reach the queue is planned all the same, for the sweep to find', async () => {
  const alone = await startTestConsole({ env: { REDIS_URL: 'redis://127.0.0.1:1' } });
  try {
    await alone.app.act({ kind: 'system', id: 't', name: 't', roles: [] }, (tx) => alone.app.retention.ensureDefaultPolicies(tx));
    const client = await alone.signIn('compliance_officer');
    const answer = await Promise.race([act(client, 'purge_runs', 'run', { data_type: 'security_logs', ...why }), new Promise<never>((_, late) => { setTimeout(() => { late(new Error('it waits for Redis')); }, 30_000); })]);
    expect(answer.status).toBe(200);
  } finally { await alone.close(); }
}, 60_000);

test('a pack is asked for, made and taken away, and the taking is on record', async () => {
  const asked = await act(officer, 'packs', 'requestPack', { request_id: world.calls[0], purpose: 'dispute_resolution', language: 'both', question: 'What was charged?' });
  const packId = asked.json<{ result: { refresh: string } }>().result.refresh;
  expect((await officer.get(`/download/packs/${packId}`)).status).toBe(404);
  await console_.app.ledger.sealOnce();
  await console_.app.evidence.assemblePack(packId);
  const file = await officer.get(`/download/packs/${packId}`);
  expect([file.status, file.headers.get('content-type'), file.headers.get('content-disposition')]).toEqual([200, 'application/pdf', `attachment; filename="EP-${packId.slice(-12)}.pdf"`]);
  expect(file.text.startsWith('%PDF-1.7')).toBe(true);
  expect((await read<{ n: string }>("SELECT count(*) AS n FROM audit_records WHERE subject_kind = 'pack' AND subject_id = $1 AND action LIKE '%download%'", [packId]))[0]!.n).toBe('1');
  expect((await administrator.get(`/download/packs/${packId}`)).status).toBe(403);
  expect((await officer.get('/download/packs/..%2F..%2Fetc%2Fpasswd')).status).toBe(404);
});

test('a certificate is taken away as signed JSON, and the taking is on record', async () => {
  await writeTransfers(console_.app, '2023-01-05', { globex: 3 });
  await purge(console_.app, 'third_party_call_records');
  const [certificate] = await read<{ certificate_id: string; run_id: string }>('SELECT certificate_id, run_id FROM purge_certificates');
  const file = await officer.get(`/download/certificates/${certificate!.certificate_id}`);
  expect(file.json()).toMatchObject({ ...certificate, body: expect.any(Object), signature: expect.stringMatching(/^[0-9a-f]{128}$/), public_key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(file.headers.get('content-disposition')).toContain(`purge-certificate-${certificate!.certificate_id}.json`);
  expect(await last('certificate.download')).toMatchObject({ subject_id: certificate!.certificate_id });
  expect((await support.get(`/download/certificates/${certificate!.certificate_id}`)).status).toBe(403);
  expect((await officer.get(`/download/certificates/${world.calls[0]}`)).status).toBe(404);
});

test('verification of the ledger is started from the audit trail, and the board shows its result', async () => {
  expect((await act(auditor, 'audit', 'verifyLedger')).status).toBe(200);
  const board = async (): Promise<{ verifying: object | null; last_verification: { by: string; intact: boolean } | null }> => (await auditor.get('/api/dashboard')).json();
  for (let tries = 0; tries < 100 && (await board()).last_verification === null; tries += 1) await new Promise((done) => { setTimeout(done, 50); });
  expect((await board()).last_verification).toMatchObject({ by: 'Pat of auditor', intact: true });
});

test('an operator is added, given other roles, disabled and enabled; nobody does so to himself', async () => {
  const added = await act(administrator, 'operators', 'create', { email: 'New@Holdfast.test', name: 'New', roles: ['auditor'], password: PASSWORD });
  const id = added.json<{ result: { refresh: string } }>().result.refresh;
  expect(added.text).not.toContain(PASSWORD);
  expect((await act(administrator, 'operators', 'setRoles', { roles: ['support_agent'], ...why }, id)).status).toBe(200);
  expect((await act(administrator, 'operators', 'disable', why, id)).json<{ record: { params: object } }>().record.params).toMatchObject({ status: 'disabled' });
  expect((await act(administrator, 'operators', 'enable', why, id)).json<{ record: { params: object } }>().record.params).toMatchObject({ status: 'active' });
  const [self] = await read<{ operator_id: string }>("SELECT operator_id FROM operators WHERE 'administrator' = ANY(roles)");
  expect(errorOf(await act(administrator, 'operators', 'disable', why, self!.operator_id)).code).toBe('conflict');
  expect(errorOf(await act(administrator, 'operators', 'create', { email: 'short@holdfast.test', name: 'S', roles: ['auditor'], password: 'short' }))).toMatchObject({ field: 'password' });
});

test('an auditor changes nothing: no action is offered, none is taken, and trying is a security event', async () => {
  const account = (await auditor.get('/api/resources/accounts/records/acme/show?purpose=security_audit')).json<{ record: { recordActions: { name: string }[] } }>();
  expect(account.record.recordActions.map((action) => action.name)).toEqual(['show']);
  const before = await records();
  for (const [resource, action, payload, record] of [['accounts', 'close', why, 'acme'], ['providers', 'suspend', why, 'openai'], ['purge_runs', 'run', { data_type: 'security_logs', ...why }, undefined], ['policies', 'publish', { data_type: 'security_logs', keep: 'P99Y', source: 'x' }, undefined]] as const) {
    expect((await act(auditor, resource, action, payload, record)).status).toBe(403);
  }
  expect(await records()).toBe(before);
  expect(Number((await read<{ n: string }>("SELECT count(*) AS n FROM security_events WHERE kind = 'permission_denied'"))[0]!.n)).toBeGreaterThanOrEqual(4);
});
