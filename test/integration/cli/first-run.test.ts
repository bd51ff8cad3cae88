import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway } from '../../../src/entrypoints/http/gateway-server.js';
import { startStandIn } from '../../../src/platform/embedded/stand-in-provider.js';
import { firstRun } from '../../../src/entrypoints/cli/first-run.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { registryOf } from '../../support/registry.js';

const urls = { gatewayUrl: 'http://127.0.0.1:4000', consoleUrl: 'http://127.0.0.1:4001', standInUrl: 'http://127.0.0.1:5005' };
interface Told { gatewayUrl: string; consoleUrl: string; apiKey: string; abroadApiKey: string; apiToken: string; operators: { email: string; password: string; roles: string[] }[] }

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_.close(); });
const { state } = registryOf(() => test_);
const file = (): string => join(test_.home, 'first-run.json');
const told = (): Told => JSON.parse(readFileSync(file(), 'utf8')) as Told;

test('a first run leaves operators who can sign in, a token, keys, models, prices and all seven policies', async () => {
  expect(await firstRun(test_.app, urls)).toBe('created');
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(told()).toMatchObject({ gatewayUrl: urls.gatewayUrl, consoleUrl: urls.consoleUrl });
  for (const { email, password, roles } of told().operators) expect(await test_.app.security.verifyLogin({ email, password, address: '127.0.0.1' })).toMatchObject({ email, roles });
  expect(told().operators.map(({ roles }) => roles)).toEqual([['compliance_officer', 'administrator', 'support_agent'], ['approver']]);
  expect(await test_.app.security.authenticateToken(told().apiToken)).toMatchObject({ kind: 'api_token' });
  expect((await test_.app.security.keys()).map((key) => [key.accountId, key.hint])).toEqual([['demo', told().apiKey.slice(-4)], ['demo-abroad', told().abroadApiKey.slice(-4)]]);
  expect((await test_.app.providers.models()).every(({ modelId }) => modelId.startsWith('demo-'))).toBe(true);
  expect((await test_.app.retention.policies({ inForce: true })).map((policy) => policy.dataType).sort()).toEqual(
    ['account_information', 'api_call_metadata', 'input_content', 'output_content', 'payment_records', 'security_logs', 'third_party_call_records']);
});

test('every demo provider is labelled as a stand-in and points at this instance', async () => {
  await firstRun(test_.app, urls);
  const providers = await test_.app.providers.providers();
  expect(providers.map(({ standIn, baseUrl, protocol }) => [standIn, protocol, baseUrl])).toEqual([[true, 'anthropic', 'http://127.0.0.1:5005'], [true, 'openai', 'http://127.0.0.1:5005/v1']]);
  expect(providers.every(({ name, legalEntity }) => /no real model/.test(name) && /imitation/.test(legalEntity))).toBe(true);
});

test('one demo account is at home with the stand-in, the other abroad without a confirmation', async () => {
  await firstRun(test_.app, urls);
  const [place] = (await test_.app.providers.providers()).flatMap((provider) => provider.jurisdictions);
  expect((await test_.app.billing.accounts()).map(({ accountId, jurisdiction }) => [accountId, jurisdiction === place])).toEqual([['demo', true], ['demo-abroad', false]]);
  expect(await test_.app.crossBorder.confirmations()).toEqual([]);
});

test('a second run changes nothing but addresses, and keeps the secrets', async () => {
  await firstRun(test_.app, urls);
  const first = told(), before = await state();
  expect(await firstRun(test_.app, urls)).toBe('exists');
  expect(await state()).toEqual(before);
  expect(await firstRun(test_.app, { gatewayUrl: 'http://127.0.0.1:4100', consoleUrl: urls.consoleUrl, standInUrl: 'http://127.0.0.1:6006' })).toBe('exists');
  expect(told()).toEqual({ ...first, gatewayUrl: 'http://127.0.0.1:4100' });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect((await test_.app.providers.findProvider('stand-in-openai'))?.baseUrl).toBe('http://127.0.0.1:6006/v1');
});

test('a provider of the operator\'s own is not moved with the stand-in', async () => {
  await firstRun(test_.app, urls);
  await test_.app.database.pool.query(`UPDATE providers SET stand_in = false, base_url = 'https://real.test/v1' WHERE provider_id = 'stand-in-openai'`);
  await firstRun(test_.app, { ...urls, standInUrl: 'http://127.0.0.1:6006' });
  expect((await test_.app.providers.findProvider('stand-in-openai'))?.baseUrl).toBe('https://real.test/v1');
});

test('a run that died before the operators were made is done again, with keys that work', async () => {
  await firstRun(test_.app, urls);
  const lost = told();
  await test_.app.database.pool.query('DELETE FROM operators');
  expect(await firstRun(test_.app, urls)).toBe('created');
  expect(told().apiKey).not.toBe(lost.apiKey);
  expect((await test_.app.security.keys('demo')).map((key) => key.hint)).toEqual([told().apiKey.slice(-4)]);
});

test('without demo data, or with operators from elsewhere, nothing is made', async () => {
  const bare = await createTestApp({ env: { HOLDFAST_DEMO: 'off' } });
  try {
    expect(await firstRun(bare.app, { ...urls, standInUrl: '' })).toBe('exists');
    expect(existsSync(join(bare.home, 'first-run.json'))).toBe(false);
    expect(await bare.app.billing.accounts()).toEqual([]);
  } finally { await bare.close(); }
});

test('no secret of the first run stands in a record or in another file of the home', async () => {
  await firstRun(test_.app, urls);
  const { apiKey, apiToken, operators } = told();
  const records = JSON.stringify((await test_.app.database.reader.query('SELECT * FROM audit_records')).rows);
  for (const secret of [apiKey, apiToken, ...operators.map(({ password }) => password)]) expect(records).not.toContain(secret);
  expect(readdirSync(test_.home).sort()).toEqual(['first-run.json', 'keys']);
});

test('the first call works at once, in both protocols; the account abroad is refused, on record', async () => {
  const standIn = await startStandIn({ port: 0 });
  await firstRun(test_.app, { ...urls, standInUrl: standIn.url });
  const gateway = await startGateway(test_.app);
  try {
    const ask = (path: string, key: string): Promise<Response> => fetch(gateway.url + path, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'demo-chat', max_tokens: 20, messages: [{ role: 'user', content: 'Hello' }] }) });
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const answer = await ask(path, told().apiKey);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('stand-in');
    }
    const refused = await ask('/v1/chat/completions', told().abroadApiKey);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: { code: 'cross_border_confirmation_required' } });
    const { rows } = await test_.app.database.reader.query('SELECT account_id, status, cost_micros > 0 AS charged FROM calls ORDER BY request_id');
    expect(rows).toEqual([{ account_id: 'demo', status: 'completed', charged: true }, { account_id: 'demo', status: 'completed', charged: true }, { account_id: 'demo-abroad', status: 'refused', charged: false }]);
  } finally {
    await gateway.close();
    await standIn.close();
  }
});
