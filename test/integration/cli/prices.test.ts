// Prices from the library on the command line and over the API: shown first, taken only when confirmed, never over one set by hand.
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { codeOf, startTestApi, type ApiClient, type TestApi } from '../../support/api.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, registryOf } from '../../support/registry.js';

let test_: TestApp, api: TestApi, officer: ApiClient;
beforeAll(async () => {
  test_ = await createTestApp();
  const { app } = test_;
  for (const providerId of ['openai', 'elsewhere']) {
    ok(await run((tx) => app.providers.registerProvider(tx, { providerId, name: providerId, category: 'model', legalEntity: 'X', jurisdictions: ['US'], protocol: 'openai', baseUrl: providerId === 'openai' ? 'https://api.openai.com/v1' : 'http://127.0.0.1:1/v1' })));
  }
  ok(await run((tx) => app.providers.setRoutes(tx, 'gpt-5.5', [{ providerId: 'openai', upstreamModel: null }])));
  ok(await run((tx) => app.providers.setRoutes(tx, 'fast', [{ providerId: 'openai', upstreamModel: 'gpt-5.4' }, { providerId: 'elsewhere', upstreamModel: null }])));
  api = await startTestApi(app);
  officer = await api.as('compliance_officer');
});
afterAll(async () => { await api.close(); await test_.close(); });
const { run, read } = registryOf(() => test_);

async function cli(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '', err = '';
  const code = await runCli(argv, { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl }, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
}
const prices = () => read<{ model: string; input_micros: string; source: string | null }>('SELECT model, input_micros, source FROM prices ORDER BY price_id');

test('without a word nothing is taken: a dry run shows the table, and a program must say --yes', async () => {
  const shown = await cli('prices', 'import', '--dry-run');
  expect(shown.out).toMatch(/^added +gpt-5\.5 +openai +\d{4}-\d\d-\d\d +5\.00 +30\.00 +0\.50 +above 271999: 10\.00 \/ 45\.00 +gpt-5\.5/m);
  expect(shown.out).toMatch(/^left out +\* +elsewhere .* the library does not know this provider$/m);
  expect(shown.out).toMatch(/^2 added, 0 changed, 0 unchanged, 0 kept, 1 left out$/m);
  expect(await cli('prices', 'import')).toMatchObject({ code: 1, err: expect.stringContaining('run it again with --yes') });
  expect(await prices()).toEqual([]);
});

test('what is set by hand is kept, the rest is taken with its source, and a second import finds nothing to do', async () => {
  ok(await run((tx) => test_.app.billing.setPrice(tx, { model: 'fast', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 7n, cacheReadMicros: 7n, cacheWriteMicros: 7n, outputMicros: 7n })));
  expect((await cli('prices', 'import', '--provider', 'openai', '--markup', '20', '--yes')).out).toMatch(/1 prices added, 0 changed$/m);
  expect(await prices()).toEqual([{ model: 'fast', input_micros: '7', source: null }, { model: 'gpt-5.5', input_micros: '6000000', source: 'genai-prices 0.1.8 openai/gpt-5.5 +20 %' }]);
  const again = await cli('prices', 'import', '--provider', 'openai', '--markup', '20', '--yes');
  expect(again.out).toMatch(/0 added, 0 changed, 1 unchanged, 1 kept, 0 left out\nthere is nothing to import/);
  expect((await cli('prices', 'list')).out).toMatch(/^gpt-5\.5 +openai .*above 271999: 12\.00 \/ 54\.00 +genai-prices 0\.1\.8 openai\/gpt-5\.5 \+20 %/m);
  expect((await cli('prices', 'import', '--markup', 'much')).code).toBe(2);
  expect(await cli('prices', 'import', '--provider', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('there is no model provider nobody') });
  const { rows: [record] } = await test_.app.database.reader.query(`SELECT actor_kind, "after"->>'source' AS source FROM audit_records WHERE action = 'price.set' ORDER BY record_id DESC LIMIT 1`);
  expect(record).toEqual({ actor_kind: 'cli', source: 'genai-prices 0.1.8 openai/gpt-5.5 +20 %' });
});

test('over the API the plan is read first and its digest confirms it', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10), question = { provider: 'openai', model: 'gpt-5.5', from: tomorrow };
  const plan = (await officer.post('/prices/import-plan', question)).body as { digest: string; rows: object[] };
  expect(plan.rows).toMatchObject([{ state: 'changed', before: { input_micros: 6_000_000 }, after: { input_micros: 5_000_000, long_context: { above: 271_999 } } }]);
  expect(codeOf(await officer.post('/prices/import', question))).toBe('confirmation_required');
  expect(codeOf(await officer.post('/prices/import', { ...question, markup_percent: 1, digest: plan.digest }))).toBe('conflict');
  expect((await officer.post('/prices/import', { ...question, digest: plan.digest })).body).toEqual({ added: 0, changed: 1 });
  expect(((await officer.get('/prices')).body as { data: object[] }).data).toMatchObject([{ model: 'fast', source: null }, { model: 'gpt-5.5', version: 1 }, { model: 'gpt-5.5', effective_from: tomorrow, unit_micros: null, source: 'genai-prices 0.1.8 openai/gpt-5.5' }]);
  expect(codeOf(await (await api.as('support_agent')).post('/prices/import-plan', question))).toBe('forbidden');
});
