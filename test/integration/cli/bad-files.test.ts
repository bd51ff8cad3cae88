import { readFileSync } from 'node:fs';
import { applyConfiguration } from '../../../src/entrypoints/cli/apply/apply-configuration.js';
import { problemText } from '../../../src/entrypoints/cli/apply/problem.js';
import { readConfiguration } from '../../../src/entrypoints/cli/apply/read-configuration.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { registryOf, system } from '../../support/registry.js';

let test_: TestApp;
const { state } = registryOf(() => test_);
const gateway = readFileSync('examples/gateway.yaml', 'utf8');
const env: Record<string, string> = { HARBOUR_KEY: 'harbour-credential', JADE_KEY: 'jade-credential', WERFT_KEY: 'werft-secret-1', LUMEN_KEY: 'lumen-secret-1', SHORT: 'short' };
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });

const problemsOf = async (text: string): Promise<string[]> => {
  const file = readConfiguration(text, env);
  if ('configuration' in file) await applyConfiguration(test_.app, system, file, env);
  return file.problems.map((problem) => problemText('f.yaml', problem));
};
/** Where `needle` stands in the text, as line:column. */
const placeOf = (text: string, needle: string): string => {
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
};

// Each: what is wrong, the replacement in examples/gateway.yaml, what the line points at, the field, a word of the message.
const BAD: [string, [string, string], string, string, RegExp][] = [
  ['an unknown field', ['legalEntity: Harbour LLM Inc.', 'legalEntity: Harbour LLM Inc.\n    legalEntety: x'], 'legalEntety', 'providers[0].legalEntety', /is not a field here; allowed are id, name/],
  ['an unknown section', ['version: 1', 'version: 1\nholds: []'], 'holds: []', 'holds', /is not a field here; allowed are version, operator/],
  ['a missing field', ['    contact: it@lumen.example\n', ''], 'id: lumen', 'accounts[1].contact', /is missing; must be text/],
  ['a number for text', ['version: "2025-09"', 'version: 3.1'], '3.1,', 'providers[0].terms[0].version', /must be text, not a number; put it in quotes/],
  ['another format version', ['version: 1', 'version: 2'], '2\n', 'version', /must be 1/],
  ['an unknown category', ['category: cloud', 'category: clowd'], 'clowd', 'providers[2].category', /must be model, cloud, network, security, payment or email/],
  ['a jurisdiction that is none', ['jurisdiction: DE\n', 'jurisdiction: GER\n'], 'GER', 'accounts[0].jurisdiction', /not an ISO 3166-1 alpha-2 code/],
  ['a day that is none', ['effectiveFrom: 2026-02-10', 'effectiveFrom: 2026-02-30'], '2026-02-30', 'providers[1].terms[0].effectiveFrom', /not a calendar day/],
  ['an address that is none', ['baseUrl: https://jade.example', 'baseUrl: file:///etc/passwd'], 'file:', 'providers[1].baseUrl', /not an http or https URL/],
  ['an amount with seven decimals', ['input: 1.25', 'input: 1.2500001'], '1.2500001', 'prices[0].perMillion.input', /at most six decimals/],
  ['a limit of nothing', ['requestsPerMinute: 120', 'requestsPerMinute: 0'], '0, tokens', 'accounts[0].limits.requestsPerMinute', /must be at least 1/],
  ['a period that is none', ['api_call_metadata, keep: P12M', 'api_call_metadata, keep: 12 months'], '12 months', 'retention[1].keep', /ISO 8601 period/],
  ['a period below a legal minimum', ['security_logs, keep: P12M', 'security_logs, keep: P30D'], 'P30D }', 'retention[6].keep', /below the minimum of P6M/],
  ['a model provider without protocol', ['    protocol: anthropic\n', ''], 'id: jade', 'providers[1].protocol', /is missing; a provider of category model needs/],
  ['a model provider without baseUrl', ['    baseUrl: https://jade.example\n', ''], 'id: jade', 'providers[1].baseUrl', /is missing; a provider of category model needs/],
  ['a base URL of a cloud provider', ['category: cloud', 'category: cloud\n    baseUrl: https://rack.example'], 'baseUrl: https://rack', 'providers[2].baseUrl', /only a provider of category model/],
  ['a route to nobody', ['routes: [{ provider: harbour-llm }]', 'routes: [{ provider: harbor-llm }]'], 'harbor-llm', 'models[0].routes[0].provider', /there is no provider harbor-llm/],
  ['a route to a cloud provider', ['routes: [{ provider: harbour-llm }]', 'routes: [{ provider: rack }]'], 'rack }]', 'models[0].routes[0].provider', /category cloud/],
  ['a price at nobody', ['model: writer, provider: jade', 'model: writer, provider: jode'], 'jode', 'prices[2].provider', /there is no provider jode/],
  ['a key of nobody', ['account: lumen, name: production', 'account: lumix, name: production'], 'lumix', 'keys[1].account', /there is no account lumix/],
  ['a duplicate id', ['  - id: rack', '  - id: jade'], 'jade\n    name: Rack', 'providers[2].id', /stands in the file before, in providers\[1\]/],
  ['a duplicate key', ['account: lumen, name: production', 'account: werft, name: production'], 'production, secret: { env: LUMEN', 'keys[1].name', /stands in the file before, in keys\[0\]/],
  ['a duplicate price', ['model: writer, provider: jade', 'model: writer, provider: harbour-llm'], '2026-01-01, perMillion: { input: 2.5', 'prices[2].effectiveFrom', /before, in prices\[1\]/],
  ['a duplicate policy', ['output_content, keep', 'input_content, keep'], 'input_content, keep: P0D }\n  - { dataType: payment', 'retention[4].dataType', /before, in retention\[3\]/],
  ['a variable that is not set', ['env: JADE_KEY', 'env: JADE_KEI'], 'JADE_KEI', 'providers[1].credential.env', /environment variable JADE_KEI is not set/],
  ['a secret in the file', ['credential: { env: JADE_KEY }', 'credential: sk-live-abcdef'], 'sk-live', 'providers[1].credential', /never stands in this file; write \{ env: NAME \}/],
  ['a secret in the file under env', ['secret: { env: LUMEN_KEY }', 'secret: { env: "sk-live-abcdef" }'], '{ env: "sk-live', 'keys[1].secret', /never stands in this file/],
  ['a secret that is too short', ['env: LUMEN_KEY', 'env: SHORT'], 'SHORT', 'keys[1].secret.env', /8 to 256 visible ASCII characters/],
  ['one secret for two keys', ['env: LUMEN_KEY', 'env: WERFT_KEY'], 'production, secret: { env: WERFT_KEY } }\n\n', 'keys[1].name', /secret belongs to another key/],
  ['an unknown condition', ['{ callerRegion: KP }', '{ region: KP }'], 'region: KP', 'availability[1].when.region', /allowed are model, callerRegion, account, provider/],
  ['a rule about nobody', ['account: werft, model: "writer"', 'account: wreft, model: "writer"'], 'wreft', 'availability[0].when.account', /there is no account wreft/],
  ['a rule without a condition', ['{ callerRegion: KP }', '{}'], '{}', 'availability[1].when', /needs a condition/],
  ['a confirmation from the future', ['confirmedAt: 2026-04-01, validUntil: 2027-03-31 }\n      - { to: IE', 'confirmedAt: 2999-04-01, validUntil: 2999-04-02 }\n      - { to: IE'], '2999-04-01', 'accounts[0].confirmations[0].confirmedAt', /in the future/],
  ['a policy for account and jurisdiction', ['where: { account: lumen }', 'where: { account: lumen, jurisdiction: HK }'], '{ account: lumen, j', 'retention[8].where', /either an account or a jurisdiction/],
  ['a section that is no list', ['availability:\n', 'availability: none\nunused:\n'], 'none\n', 'availability', /must be a list, not text/],
];

test.each(BAD)('%s is named with its line and field, and nothing is changed', async (_, [from, to], needle, field, message) => {
  const text = gateway.replace(from, to), before = await state();
  expect(text).not.toBe(gateway);
  const problems = await problemsOf(text), found = problems.find((problem) => problem.includes(` ${field}: `));
  expect({ found, problems }).toMatchObject({ found: expect.stringMatching(message) as string });
  expect(found).toMatch(new RegExp(`^f\\.yaml:${placeOf(text, needle)} `));
  expect(problems.join()).not.toMatch(/sk-live/);
  expect(await state()).toEqual(before);
});

test.each([
  ['a tab as indentation', 'version: 1\noperator:\n\tname: x\n', /^f\.yaml:3:1 not valid YAML/], ['a key that stands twice', 'version: 1\nversion: 1\n', /^f\.yaml:2:1 not valid YAML: Map keys must be unique/],
  ['two documents', 'version: 1\n---\nversion: 1\n', /^f\.yaml:2:1 not valid YAML/], ['an unknown tag', 'version: 1\noperator: !js { name: x }\n', /^f\.yaml:2:11 not valid YAML: Unresolved tag/],
  ['an alias bomb', `version: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`, /not valid YAML/],
  ['nothing at all', '', /^f\.yaml:1:1 must be a mapping/], ['a list', '- version: 1\n', /^f\.yaml:1:1 must be a mapping/],
])('%s is one clear problem', async (_, text, message) => { expect((await problemsOf(text))[0]).toMatch(message); });

test('a broken line is not quoted: it may hold a secret', async () => {
  expect((await problemsOf('version: 1\nkeys: [{ secret: "sk-live-abcdef }\n')).join()).not.toContain('sk-live');
});

test('all problems come at once, also those only the database knows, and none that only follows from another', async () => {
  const text = gateway.replace('category: cloud', 'category: clowd').replace('requestsPerMinute: 120', 'requestsPerMinute: 0').replace('provider: jade, upstreamModel', 'provider: jode, upstreamModel').replace('security_logs, keep: P12M', 'security_logs, keep: P30D')
    .replace('env: LUMEN_KEY', 'env: LUMEN_KEI');
  expect((await problemsOf(text)).map((problem) => problem.split(' ')[1])).toEqual(['providers[2].category:', 'accounts[0].limits.requestsPerMinute:', 'keys[1].secret.env:', 'models[1].routes[0].provider:', 'retention[6].keep:']);
});

test('dates stay text: a version that looks like one is kept as written', async () => {
  const file = readConfiguration('version: 1\nproviders:\n  - { id: a, name: A, category: email, legalEntity: A, jurisdictions: [NO], terms: [{ version: 2026-01-02, effectiveFrom: 2026-01-02, url: "https://a.test", trainsOnInputs: false, retentionDays: 1 }] }\n', env);
  expect(file).toMatchObject({ problems: [], configuration: { providers: [{ value: { jurisdictions: ['NO'], terms: [{ version: '2026-01-02', effectiveFrom: '2026-01-02' }] } }] } });
});
