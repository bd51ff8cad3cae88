import type { LedgerRecord } from '../../src/domain/ledger/index.js';
import { aCall, anOutcome, aTransfer } from '../fixtures/calls.js';
import { codeOf, startTestApi, type ApiClient, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
let support: ApiClient;
const start = new Date(Date.now() - 3_600_000);
const minutes = (n: number): Date => new Date(start.getTime() + n * 60_000);
const write = (records: LedgerRecord[]): Promise<void> => test_.app.ledger.createRecorder('gateway').write(records);
interface Page { data: { request_id: string; at: string; account: string; status: string; usage: object; cost_micros: number }[]; next_cursor: string | null }
const pageOf = async (query: string): Promise<Page> => (await support.get(`/calls?${query}`)).body as Page;

const many = Array.from({ length: 2_500 }, (_, i) => aCall(new Date(start.getTime() + i * 20), { account_id: 'many', account_seq: BigInt(i + 1), client_request_id: `client-${i}` }));
const told = aCall(minutes(10), { upstream_request_id: 'chatcmpl-told', answer_id: 'resp_told', session_id: 'session-told', client_request_id: 'order-77', model: 'claude-opus', status: 'completed' });
const transfer = aTransfer(told);
const refused = aCall(minutes(20), { status: 'refused', http_status: 403, refusal_code: 'cross_border_confirmation_required', account_id: 'kuhn', provider_id: null, attempts: 0,
  usage_input: 0n, usage_cache_read: 0n, usage_output: 0n, usage_reasoning: 0n, usage_source: 'none', cost_micros: 0n, currency: null, served_model: null });

beforeAll(async () => {
  test_ = await createTestApp();
  api = await startTestApi(test_.app);
  support = await api.as('support_agent');
  for (let i = 0; i < many.length; i += 500) await write(many.slice(i, i + 500));
  await write([told, transfer, anOutcome(transfer), refused]);
  await test_.app.ledger.sealOnce();
});
afterAll(async () => { await api.close(); await test_.close(); });

test('walking 2,500 calls by cursor gives each exactly once and in order', async () => {
  const seen: string[] = [];
  let cursor: string | null = null, pages = 0;
  do {
    const page: Page = await pageOf(`account=many&limit=700${cursor === null ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.data.map((row) => row.request_id));
    cursor = page.next_cursor;
    pages += 1;
  } while (cursor !== null);
  expect(pages).toBe(4);
  expect(seen).toEqual(many.map((call) => call.row.request_id));
});

test('a row says what DESIGN promises of it, in snake_case, with integers for money', async () => {
  const { data: [row] } = await pageOf('model=claude-opus');
  expect(row).toMatchObject({
    request_id: told.row.request_id, at: told.row.at.toISOString(), account: 'acme', key: told.row.key_id, path: '/v1/chat/completions', model: 'claude-opus', served_model: 'gpt-5-2026-08-01',
    stream: false, status: 'completed', usage: { input: 1200, cache_read: 800, cache_write: 0, output: 350, reasoning: 120 }, usage_source: 'reported', cost_micros: 5360, currency: 'USD',
  });
});

test('filters narrow by account, model, status and time, and together', async () => {
  expect((await pageOf('account=kuhn')).data.map((row) => row.request_id)).toEqual([refused.row.request_id]);
  expect((await pageOf('status=refused')).data).toHaveLength(1);
  expect((await pageOf('session=session-told')).data.map((row) => row.request_id)).toEqual([told.row.request_id]);
  for (const id of [told.row.request_id, 'chatcmpl-told', 'resp_told', 'order-77']) expect((await pageOf(`id=${id}`)).data.map((row) => row.request_id)).toEqual([told.row.request_id]);
  expect((await pageOf('id=nobody')).data).toEqual([]);
  expect((await pageOf(`from=${minutes(10).toISOString()}&to=${minutes(20).toISOString()}`)).data.map((row) => row.request_id)).toEqual([told.row.request_id]);
  expect((await pageOf(`account=acme&status=refused`)).data).toEqual([]);
  expect((await pageOf(`key=${told.row.key_id}&account=acme`)).data).toHaveLength(1);
  const withOffset = encodeURIComponent(minutes(20).toISOString().replace('Z', '+00:00'));
  expect((await pageOf(`from=${withOffset}`)).data).toHaveLength(1);
});

test.each([
  ['limit=0', 'query.limit'], ['limit=1001', 'query.limit'], ['limit=ten', 'query.limit'], ['cursor=nonsense', 'query.cursor'], ['status=lost', 'query.status'], ['from=yesterday', 'query.from'],
  ['account=ACME', 'query.account'], ['acount=acme', 'query'], ['account=a&account=b', 'query.account'], ['model=%00', 'query.model'],
])('a query that is wrong is refused with its field: %s', async (query, field) => {
  const answer = await support.get(`/calls?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', field } } });
});

test.each([['ours', () => told.row.request_id], ['ours in capitals', () => String(told.row.request_id).toUpperCase()], ["the provider's", () => 'chatcmpl-told'], ["the client's", () => 'order-77']])(
  'the story of a call is found by its id: %s', async (_, id) => {
    const answer = await support.get(`/calls/${id()}`);
    expect(answer.body).toMatchObject({ request_id: told.row.request_id });
  });

test('the story has usage, every transfer with its legal facts and outcome, retention, holds and proof', async () => {
  const { body } = await support.get(`/calls/${told.row.request_id}`);
  expect(body).toMatchObject({
    status: 'completed', cost_micros: 5360, currency: 'USD', usage_source: 'reported', usage: { input: 1200, cache_read: 800, cache_write: 0, output: 350, reasoning: 120 },
    transfers: [{
      transfer_id: transfer.row.transfer_id, attempt: 1, provider: 'openai', legal_entity: 'OpenAI OpCo, LLC', origin: 'DE', jurisdictions: ['US'], cross_border: true, terms_version: '2026-01-01',
      basis: 'standard-contract', confirmation_ids: transfer.row.confirmation_ids, outcome: { outcome: 'answered', http_status: 200, upstream_request_id: 'req_openai_1', duration_ms: 880 },
    }],
    retention: {
      api_call_metadata: { stored: true }, third_party_call_records: { stored: true }, input_content: { stored: false }, output_content: { stored: false },
    },
    holds: [], packs: [], charge: null,
  });
});

test('an id that no call has is not found', async () => {
  for (const id of ['0193c1a2-7b3c-7000-8000-0123456789ab', 'nobody', '%20', encodeURIComponent('../x'), 'x'.repeat(200)]) expect(codeOf(await support.get(`/calls/${id}`))).toBe('not_found');
  expect(codeOf(await support.get(`/calls/${'x'.repeat(201)}`))).toBe('invalid_request');
});

test('every reading is on the ledger with its purpose before the data leaves', async () => {
  const readings = async (): Promise<{ action: string; subject_id: string; purpose: string; after: object }[]> =>
    (await test_.app.database.reader.query("SELECT action, subject_id, purpose, after FROM audit_records WHERE action LIKE 'call%' ORDER BY record_id DESC LIMIT 1")).rows;
  await support.get(`/calls/order-77?purpose=dispute_resolution`);
  expect(await readings()).toMatchObject([{ action: 'call.view', subject_id: told.row.request_id, purpose: 'dispute_resolution', after: { purpose_stated: true } }]);
  await support.get('/calls/order-77', { 'x-holdfast-purpose': 'lawful_cooperation' });
  expect(await readings()).toMatchObject([{ purpose: 'lawful_cooperation' }]);
  await support.get('/calls?account=kuhn&limit=5');
  expect(await readings()).toMatchObject([{ action: 'calls.list', purpose: 'billing', after: { filter: { account: 'kuhn', limit: '5' }, purpose_stated: false, rows: 1 } }]);
});

test('a reading for a purpose that is not published is refused, and a reading that found nothing leaves nothing', async () => {
  expect(codeOf(await support.get('/calls?purpose=marketing'))).toBe('purpose_required');
  const count = async (): Promise<number> => Number((await test_.app.database.reader.query('SELECT count(*) FROM audit_records')).rows[0].count);
  const before = await count();
  await support.get('/calls/nobody');
  expect(await count()).toBe(before);
});

test('a reading that cannot be recorded answers with no data', async () => {
  const own = await createTestApp();
  const reached = await startTestApi(own.app);
  try {
    const client = await reached.as('support_agent');
    expect((await client.get('/calls')).status).toBe(200);
    await own.app.database.pool.query("ALTER TABLE audit_records ADD CONSTRAINT full_disk CHECK (false) NOT VALID");
    const answer = await client.get('/calls');
    expect([answer.status, codeOf(answer), answer.body]).toEqual([503, 'records_unavailable', expect.not.objectContaining({ data: expect.anything() })]);
  } finally { await reached.close(); await own.close(); }
});

test('who read a call is part of its story', async () => {
  await support.get('/calls/order-77?purpose=security_audit');
  const { body } = await support.get('/calls/order-77');
  expect((body as { access: object[] }).access[0]).toMatchObject({ action: 'call.view', purpose: 'security_audit', actor: 'token:support_agent' });
});
