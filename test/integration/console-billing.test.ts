// Limits, prices and usage in the console: forms that check, pages that need a purpose, and a record for each.
import { ok } from '../support/registry.js';
import { systemActor } from '../../src/kernel/actor.js';
import { startTestConsole, type Answer, type Client, type TestConsole } from '../support/console.js';
import { makeWorld, type World } from '../support/console-world.js';

let console_: TestConsole, world: World, officer: Client, support: Client;
beforeAll(async () => {
  console_ = await startTestConsole();
  world = await makeWorld(console_.app, { calls: 6 });
  officer = await console_.signIn('compliance_officer');
  support = await console_.signIn('support_agent');
});
afterAll(async () => { await console_.close(); });

const read = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await console_.app.database.reader.query<T>(sql, values)).rows;
const act = (client: Client, resource: string, action: string, payload: object = {}, record?: string): Promise<Answer> => client.post(`/api/resources/${resource}/${record === undefined ? 'actions' : `records/${record}`}/${action}`, payload);
const errorOf = (answer: Answer): { code: string; field?: string; fields?: Record<string, string> } => answer.json<{ error: never }>().error;
const usage = (client: Client, payload: object): Promise<Answer> => client.post('/api/pages/usage', { group_by: 'model', ...payload });

test('limits of an account are set by a form, on record, and stand in its record for the next form', async () => {
  const form = { budget_amount: '99.50', budget_currency: 'usd', budget_period: 'month', quota_tokens: '', quota_period: 'month', concurrent_calls: '8' };
  const set = await act(officer, 'accounts', 'setLimits', form, 'acme');
  expect(set.json<{ record: { params: object } }>().record.params).toMatchObject({ budget_amount: '99.5', budget_currency: 'USD', budget_period: 'month', concurrent_calls: 8 });
  expect(await read(`SELECT "after" FROM audit_records WHERE action = 'limits.set' AND subject_id = 'acme'`)).toMatchObject([{ after: { budget: { micros: '99500000', period: 'month', currency: 'USD' }, concurrent_calls: 8 } }]);
  expect(errorOf(await act(officer, 'accounts', 'setLimits', { ...form, budget_amount: 'ten' }, 'acme'))).toMatchObject({ code: 'invalid_request', fields: { budget_amount: 'an amount such as 250 or 99.50' } });
  expect(errorOf(await act(officer, 'accounts', 'setLimits', { ...form, budget_currency: '' }, 'acme'))).toMatchObject({ code: 'invalid_request', field: 'budget_currency' });
  expect(errorOf(await act(officer, 'accounts', 'setLimits', { ...form, budget_amount: '0' }, 'acme'))).toMatchObject({ code: 'invalid_request', field: 'budget_amount' });
  expect((await act(support, 'accounts', 'setLimits', form, 'acme')).status).toBe(403);
});

test('limits of a key have its limits a minute too', async () => {
  expect((await act(officer, 'keys', 'setLimits', { quota_tokens: '5000', quota_period: 'day', requests_per_minute: '60' }, world.keyId)).status).toBe(200);
  expect(await read('SELECT quota_tokens, quota_period, requests_per_minute FROM usage_limits WHERE subject_id = $1', [world.keyId])).toEqual([{ quota_tokens: '5000', quota_period: 'day', requests_per_minute: 60 }]);
});

test('the usage page needs a purpose, leaves its record, and shows bars of what is used', async () => {
  expect((await support.get('/api/pages/usage')).status).toBe(405);
  expect(errorOf(await usage(support, {}))).toMatchObject({ code: 'purpose_required' });
  expect(errorOf(await usage(support, { purpose: 'billing', from: '2020-01-01' }))).toMatchObject({ code: 'invalid_request', field: 'from' });
  const [sum] = await read<{ n: string; cost: string }>(`SELECT count(*) AS n, sum(cost_micros) AS cost FROM calls WHERE account_id = 'acme' AND currency = 'USD'`);
  const answer = (await usage(support, { account: 'acme', purpose: 'billing' })).json<{ rows: { calls: number; currency: string | null; cost: string }[]; limits: object[]; csv: string }>();
  const priced = answer.rows.filter((row) => row.currency === 'USD');
  expect(priced.reduce((total, row) => total + row.calls, 0)).toBe(Number(sum!.n));
  expect(priced.reduce((total, row) => total + BigInt(row.cost), 0n)).toBe(BigInt(sum!.cost));
  expect(answer.limits).toMatchObject([{ kind: 'account', concurrent: 8, bars: [{ of: 'budget', period: 'month', limit: '99500000', currency: 'USD' }] }, { kind: 'key', requestsPerMinute: 60, bars: [{ of: 'quota', period: 'day', limit: '5000' }] }]);
  expect(answer.csv).toMatch(/^model,currency,calls/);
  expect(await read(`SELECT purpose, actor_name, "after"->>'account' AS account FROM audit_records WHERE action = 'usage.read' ORDER BY record_id DESC LIMIT 1`)).toEqual([{ purpose: 'billing', actor_name: 'Pat of support_agent', account: 'acme' }]);
});

test('a price is set by a form, and what is wrong is said at its field', async () => {
  const form = { model: 'writer-*', provider: 'openai', currency: 'usd', effective_from: '', input_amount: '1.25', cache_read_amount: '', cache_write_amount: '', output_amount: '10' };
  expect((await act(officer, 'prices', 'set', form)).status).toBe(200);
  expect(await read(`SELECT input_micros, cache_read_micros, output_micros, currency, source FROM prices WHERE model = 'writer-*'`)).toEqual([{ input_micros: '1250000', cache_read_micros: '1250000', output_micros: '10000000', currency: 'USD', source: null }]);
  expect(errorOf(await act(officer, 'prices', 'set', { ...form, input_amount: '2' }))).toMatchObject({ code: 'conflict', field: 'effective_from' });
  expect(errorOf(await act(officer, 'prices', 'set', { ...form, provider: 'nobody' }))).toMatchObject({ code: 'not_found', field: 'provider' });
  expect((await act(support, 'prices', 'set', form)).status).toBe(403);
});

test('an import shows its plan first, takes nothing but that plan, and says where each price comes from', async () => {
  ok(await console_.app.act(systemActor('test'), (tx) => console_.app.providers.setRoutes(tx, 'gpt-5.5', [{ providerId: 'openai', upstreamModel: null }])));
  const question = { provider: 'openai', model: 'gpt-5.5', markup_percent: '10', effective_from: '', all_models: false };
  const { plan, digest } = (await act(officer, 'prices', 'planImport', question)).json<{ result: { show: { plan: string[]; digest: string } } }>().result.show;
  expect(plan).toContainEqual(expect.stringMatching(/^added · gpt-5\.5 · openai · \d{4}-\d\d-\d\d · 5\.50 \/ 33\.00/));
  expect(await read(`SELECT 1 FROM prices WHERE model = 'gpt-5.5'`)).toEqual([]);
  expect(errorOf(await act(officer, 'prices', 'import', { ...question, markup_percent: '20', digest }))).toMatchObject({ code: 'conflict' });
  expect((await act(officer, 'prices', 'import', { ...question, digest })).json()).toMatchObject({ result: { show: { added: plan.length, changed: 0 } } });
  expect(await read(`SELECT input_micros, source, long_context->>'above' AS above FROM prices WHERE model = 'gpt-5.5'`)).toEqual([{ input_micros: '5500000', source: 'genai-prices 0.1.8 openai/gpt-5.5 +10 %', above: '271999' }]);
  expect((await act(officer, 'prices', 'planImport', question)).json()).toMatchObject({ result: { show: { plan: plan.map(() => expect.stringMatching(/^unchanged/)) } } });
});
