// Cases at the console's doors: who sees what, forms made from the data, files in and out, the report's files.
import { request } from 'node:http';
import { ADA, BEN, CEM, LAWFUL, SUBJECT, TO_RELEASE, walkerOf } from '../../support/case-people.js';
import { OWN, startTestConsole, type Client, type TestConsole } from '../../support/console.js';
import { makeWorld, type World } from '../../support/console-world.js';

let console_: TestConsole, world: World, officer: Client, support: Client, admin: Client;
beforeAll(async () => {
  console_ = await startTestConsole();
  world = await makeWorld(console_.app, { calls: 6 });
  [officer, support, admin] = [await console_.signIn('compliance_officer'), await console_.signIn('support_agent'), await console_.signIn('administrator')];
});
afterAll(() => console_.close());
const walk = walkerOf(() => console_.app);
interface Shown { record: { params: Record<string, unknown>; recordActions: { name: string }[] }; sections: { name: string; rows: Record<string, unknown>[] }[] }
const actions = async (client: Client, list: string, id: string): Promise<string[]> => (await client.get(`/api/resources/${list}/records/${id}/show`)).json<Shown>().record.recordActions.map((action) => action.name).filter((name) => name !== 'show').sort();

test('support opens a dispute from a call in one form and sees its next moves; the reading is on record', async () => {
  const answer = await support.post('/api/resources/disputes/actions/open', { request_ids: world.calls[0], topic: 'billing', complaint: 'Charged twice?', raised_by: '', respond_by: '' });
  const { result } = answer.json<{ result: { refresh: string; show: { number: string } } }>();
  expect(result.show.number).toMatch(/^D-\d{4}-\d{4}$/);
  expect(await actions(support, 'disputes', result.refresh)).toEqual(['link', 'linkPayment', 'matchPayment', 'take_up', 'withdraw']);
  await support.post(`/api/resources/disputes/records/${result.refresh}/take_up`, { note: '' });
  expect(await actions(support, 'disputes', result.refresh)).toEqual(['link', 'linkPayment', 'matchPayment', 'pack', 'select_evidence', 'settle', 'withdraw']);
  const shown = (await support.get(`/api/resources/disputes/records/${result.refresh}/show`)).json<Shown>();
  expect(shown.record.params).toMatchObject({ state: 'working', account_id: 'acme', topic: 'billing', stage: 'in_time' });
  expect(Object.fromEntries(shown.sections.map((section) => [section.name, section.rows.length]))).toMatchObject({ clocks: 1, files: 0, timeline: 2, linked_calls: 1, case_hold: 1 });
  const { rows } = await console_.app.database.reader.query("SELECT purpose FROM audit_records WHERE action = 'case.view' AND subject_id = $1", [result.refresh]);
  expect(rows[0]).toEqual({ purpose: 'dispute_resolution' });
  expect((await support.get('/api/resources/disputes/actions/list?filters.stage=in_time')).json<{ records: unknown[] }>().records).toHaveLength(1);
});

test('an access request is answered with a pack whose kind, account and types are those of the case', async () => {
  const { caseId, number } = await walk.open(ADA, 'subject_request', { ...SUBJECT, right: 'access' }, { accountId: 'acme' });
  await walk.go(caseId, [[ADA, 'acknowledge', { told_on: '2026-01-02' }], [ADA, 'verify_identity', { identity_tier: 'session_reauthenticated', identity_evidence: 'signed in anew' }], [ADA, 'set_scope', { data_types: ['api_call_metadata', 'account_information'] }], [ADA, 'collect']]);
  const asked = await officer.post(`/api/resources/subject_requests/records/${caseId}/pack`, { language: 'en', question: 'Everything about me.' });
  expect(asked.status).toBe(200);
  const { rows } = await console_.app.database.reader.query('SELECT kind, account_id, purpose, params FROM evidence_packs WHERE case_number = $1', [number]);
  expect(rows).toMatchObject([{ kind: 'subject_access', account_id: 'acme', purpose: 'compliance_retention', params: { data_types: expect.arrayContaining(['api_call_metadata']) } }]);
  const shown = (await officer.get(`/api/resources/subject_requests/records/${caseId}/show`)).json<Shown>();
  expect(shown.sections.find((section) => section.name === 'case_packs')!.rows).toMatchObject([{ state: expect.any(String) }]);
  // Nothing is handed over in an erasure.
  const erasure = await walk.open(ADA, 'subject_request', { ...SUBJECT, right: 'erasure' }, { accountId: 'kuhn' });
  expect(await actions(officer, 'subject_requests', erasure.caseId)).not.toContain('pack');
});

test('a form that is wrong says so at its field', async () => {
  const answer = await officer.post('/api/resources/lawful_requests/actions/open', { ...LAWFUL, country: 'Germany', case_account: '' });
  expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'invalid_request', field: 'country' } }]);
});

test('lists show each role what it may see', async () => {
  const seen = async (client: Client): Promise<number[]> => Promise.all(['disputes', 'lawful_requests', 'subject_requests', 'disclosures'].map(async (list) => (await client.get(`/api/resources/${list}/actions/list`)).status));
  expect(await seen(officer)).toEqual([200, 200, 200, 200]);
  expect(await seen(support)).toEqual([200, 403, 200, 403]);
  expect(await seen(admin)).toEqual([403, 403, 403, 403]);
});

test('a file is stored as bytes by one of our own pages, up to its size, and comes back as it was, to be saved', async () => {
  const { caseId } = await walk.open(ADA, 'lawful_request', LAWFUL);
  const send = (client: Client, body: Uint8Array, query: string, headers: Record<string, string> = { ...OWN, 'content-type': 'application/octet-stream' }) => client.send('POST', `/upload/case-files/${caseId}?${query}`, { body, headers });
  const bytes = Buffer.alloc(200_000, 'order '), query = 'role=instrument&name=Order%20n%C2%B0%201.pdf&type=application/pdf';
  expect((await send(support, bytes, query)).status).toBe(404);
  expect((await send(console_.stranger(), bytes, query)).status).toBe(401);
  expect((await send(officer, bytes, query, { 'content-type': 'application/octet-stream', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await send(officer, bytes, query, { ...OWN, 'content-type': 'multipart/form-data' })).status).toBe(413);
  expect((await send(officer, bytes, 'role=secret&name=x&type=text/plain')).status).toBe(400);
  const stored = await send(officer, bytes, query);
  expect([stored.status, stored.json()]).toMatchObject([201, { role: 'instrument', bytes: 200_000, name: 'Order n° 1.pdf' }]);
  const { file_id: fileId } = stored.json<{ file_id: string }>(), back = await officer.get(`/download/case-files/${fileId}`);
  expect(back.text).toBe(bytes.toString());
  expect([back.headers.get('content-disposition'), back.headers.get('content-type')]).toEqual(["attachment; filename*=UTF-8''Order%20n%C2%B0%201.pdf", 'application/octet-stream']);
  expect((await support.get(`/download/case-files/${fileId}`)).status).toBe(404);
});

test('a file larger than 20 MB is refused before it is read', async () => {
  const { caseId } = await walk.open(ADA, 'lawful_request', LAWFUL);
  // Only announced: the answer comes before a byte of the body.
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = request(`${console_.url}/console/upload/case-files/${caseId}?role=instrument&name=x&type=text/plain`, { method: 'POST', agent: false, headers: { ...OWN, cookie: officer.cookie, 'content-type': 'application/octet-stream', 'content-length': 21 * 1024 * 1024 } },
      (response) => { response.resume(); resolve(response.statusCode); sending.destroy(); });
    sending.on('error', reject).flushHeaders();
  });
  expect(status).toBe(413);
  expect((await console_.app.cases.findCase(ADA, caseId))!.files).toEqual([]);
});

test('the report and the disclosure log come as files for who may see them', async () => {
  const { caseId } = await walk.open(ADA, 'lawful_request', { ...LAWFUL, reference: '=1+1' }, { accountId: 'acme' });
  await walk.file(ADA, caseId);
  await walk.go(caseId, TO_RELEASE);
  await walk.go(caseId, [[ADA, 'release', { recipient: 'StA', delivery: 'encrypted_portal' }]]);
  const year = new Date().getUTCFullYear(), window = `from=${year}-01-01&to=${year}-12-31`;
  const log = await officer.get(`/download/disclosures.csv?${window}`);
  expect([log.status, log.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(log.text).toContain(`,Staatsanwaltschaft Berlin,DE,production_order,'=1+1,`);
  expect(log.text).toContain(`${BEN.name} ${CEM.name} ${BEN.name}`);
  expect((await officer.get(`/api/pages/transparency?${window}`)).json()).toMatchObject({ rows: [{ country: 'DE', instrument_type: 'production_order', cells: { requests: '<5', disclosed: '<5', rejected: 0 } }] });
  expect((await officer.get(`/download/transparency.json?${window}`)).json()).toMatchObject({ from: `${year}-01-01`, total: { requests: expect.stringMatching(/^≥/) } });
  expect((await officer.get(`/download/transparency.csv?${window}`)).text).toContain('DE,production_order,<5');
  for (const path of ['disclosures.csv', 'transparency.csv', 'transparency.json']) expect([path, (await support.get(`/download/${path}?${window}`)).status]).toEqual([path, 403]);
  expect((await officer.get('/download/transparency.csv?from=2026-02-30&to=2026-03-01')).status).toBe(400);
});

test('the home board counts open cases and names what is late, for who may see it; the metrics count it too', async () => {
  await console_.app.database.pool.query("UPDATE case_clocks SET amber_at = now() - interval '3 days', red_at = now() - interval '2 days', due_at = now() - interval '1 day' WHERE case_id IN (SELECT case_id FROM cases WHERE kind = 'dispute')");
  const board = async (client: Client) => (await client.get('/api/dashboard')).json<{ cases: { open: number; overdue: number } | null; tasks: { kind: string; count: number }[] }>();
  const seen = await board(support);
  expect(seen.cases).toMatchObject({ open: 3, overdue: 1 });
  expect(seen.tasks.filter((task) => task.kind === 'disputes_overdue')).toMatchObject([{ count: 1 }]);
  expect((await board(officer)).cases!.open).toBeGreaterThan(1);
  expect((await board(admin)).cases).toBeNull();
  const metrics = await (await fetch(`${console_.url}/metrics`)).text();
  expect(metrics).toContain('holdfast_cases_overdue{kind="dispute"} 1');
  expect(metrics).toContain('holdfast_cases_overdue{kind="lawful_request"} 0');
});
