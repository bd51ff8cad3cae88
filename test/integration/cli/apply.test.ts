import { readFileSync } from 'node:fs';
import { applyConfiguration, type Change } from '../../../src/entrypoints/cli/apply/apply-configuration.js';
import { problemText } from '../../../src/entrypoints/cli/apply/problem.js';
import { readConfiguration } from '../../../src/entrypoints/cli/apply/read-configuration.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { registryOf, system } from '../../support/registry.js';

let test_: TestApp;
beforeEach(async () => { test_ = await createTestApp(); });
afterEach(async () => { await test_.close(); });
const { state, audit } = registryOf(() => test_);

const env: Record<string, string> = { HARBOUR_KEY: 'harbour-credential', JADE_KEY: 'jade-credential', WERFT_KEY: 'werft-secret-1', LUMEN_KEY: 'lumen-secret-1' };
const gateway = readFileSync('examples/gateway.yaml', 'utf8');
const apply = async (text: string, options: { dryRun?: boolean; confirmShortening?: boolean; env?: Record<string, string> } = {}): Promise<{ changes: Change[]; problems: string[] }> => {
  const file = readConfiguration(text, options.env ?? env);
  if (!('configuration' in file)) throw new Error('not YAML');
  const changes = await applyConfiguration(test_.app, system, file, options.env ?? env, options);
  return { changes, problems: file.problems.map((problem) => problemText('f.yaml', problem)) };
};
const outcomes = (changes: Change[]): Record<string, number> => Object.fromEntries([...new Set(changes.map((one) => one.outcome))].map((outcome) => [outcome, changes.filter((one) => one.outcome === outcome).length]));

test('everything in the file is there afterwards', async () => {
  expect((await apply(gateway)).problems).toEqual([]);
  const { security, billing, providers, crossBorder, retention } = test_.app;
  expect(await security.operatorProfile()).toMatchObject({ jurisdiction: 'SG' });
  expect((await providers.providers()).map((one) => [one.providerId, one.category, one.terms.length])).toEqual([['harbour-llm', 'model', 2], ['jade', 'model', 1], ['payfast', 'payment', 0], ['rack', 'cloud', 0]]);
  expect((await providers.findProvider('harbour-llm'))).toMatchObject({ dpaSignedOn: '2026-03-02', jurisdictions: ['US', 'IE'], credentialSource: 'env:HARBOUR_KEY' });
  expect((await providers.models()).find((model) => model.modelId === 'writer')?.routes).toEqual([{ providerId: 'jade', upstreamModel: 'jade-large-2' }, { providerId: 'harbour-llm', upstreamModel: 'harbour-pro' }]);
  expect((await billing.prices()).find((price) => price.model === 'writer' && price.providerId === 'harbour-llm')).toMatchObject({ inputMicros: 1_500_000n, cacheReadMicros: 1_500_000n, cacheWriteMicros: 1_500_000n, cacheWrite1hMicros: null, outputMicros: 12_000_000n });
  expect((await billing.accounts()).map((one) => [one.accountId, one.tokensPerMinute])).toEqual([['lumen', null], ['werft', 400_000n]]);
  expect((await crossBorder.confirmations('werft')).map((one) => [one.destination, one.validUntil])).toEqual([['IE', '2027-03-31'], ['US', '2027-03-31']]);
  expect((await security.keys()).map((key) => key.accountId).sort()).toEqual(['lumen', 'werft']);
  expect((await providers.availabilityRules()).map((rule) => rule.reason)).toEqual(['compliance-risk', 'local-law']);
  expect((await retention.policies({ inForce: true })).filter((policy) => policy.accountId ?? policy.jurisdiction).map((policy) => policy.keep).sort()).toEqual(['P13M', 'P5Y']);
});

test('applying twice changes nothing: no record, no registry version', async () => {
  const first = await apply(gateway), before = await state();
  const second = await apply(gateway);
  expect(outcomes(second.changes)).toEqual({ unchanged: first.changes.length });
  expect(await state()).toEqual(before);
});

test('the order of the sections and of the items in them does not matter', async () => {
  await apply(gateway);
  const before = await state();
  const sections = gateway.split(/^(?=\w+:)/m);
  const reversed = sections.map((section) => {
    if (/^(version|operator|availability|redaction)/.test(section)) return section;
    const [head, ...items] = section.split(/^(?= {2}- )/m);
    return head + items.reverse().map((item) => `${item.trimEnd()}\n`).join('');
  }).reverse().join('\n');
  expect(await apply(reversed)).toMatchObject({ problems: [] });
  expect(await state()).toEqual(before);
  const other = await createTestApp();
  try {
    const file = readConfiguration(reversed, env);
    if (!('configuration' in file)) throw new Error('not YAML');
    await applyConfiguration(other.app, system, file, env);
    expect(file.problems).toEqual([]);
    expect(await other.app.billing.accounts()).toHaveLength(2);
  } finally { await other.close(); }
});

test('a changed field is one change with its record, and only that', async () => {
  await apply(gateway);
  const before = await audit();
  const { changes } = await apply(gateway.replace('requestsPerMinute: 120', 'requestsPerMinute: 90'));
  expect(changes.filter((one) => one.outcome !== 'unchanged')).toEqual([{ kind: 'account', name: 'werft', outcome: 'changed' }]);
  expect((await audit()).slice(before.length)).toMatchObject([{ action: 'account.update', before: { requests_per_minute: 120 }, after: { requests_per_minute: 90 } }]);
});

test('what left the file stays, but a list inside an item and the rules are replaced', async () => {
  await apply(gateway);
  const { changes } = await apply(`version: 1\nmodels:\n  - id: writer\n    routes: [{ provider: jade, upstreamModel: jade-large-2 }]\navailability: []\n`);
  expect(changes).toEqual([{ kind: 'model', name: 'writer', outcome: 'changed' }, { kind: 'availability', name: '0 rules', outcome: 'changed' }]);
  expect(await test_.app.providers.providers()).toHaveLength(4);
  expect((await test_.app.providers.models()).find((model) => model.modelId === 'writer')?.routes).toHaveLength(1);
  expect(await test_.app.providers.availabilityRules()).toEqual([]);
  await apply('version: 1\n');
  expect(await test_.app.billing.accounts()).toHaveLength(2);
});

test('a dry run tells the same and changes nothing', async () => {
  const before = await state();
  const { changes } = await apply(gateway, { dryRun: true });
  expect(outcomes(changes)).toEqual(outcomes((await apply(gateway)).changes));
  expect(before.records).toBe('0');
  expect(await test_.app.billing.accounts()).toHaveLength(2);
});

test('one problem anywhere keeps everything as it was', async () => {
  const before = await state();
  const { problems } = await apply(gateway.replace('{ account: lumen }', '{ account: lumix }'));
  expect(problems).toEqual([expect.stringMatching(/^f\.yaml:\d+:\d+ retention\[8\]\.where\.account: no account lumix/)]);
  expect(await state()).toEqual(before);
  expect(await test_.app.providers.providers()).toEqual([]);
});

test('status is not in the file: closed, suspended, revoked and withdrawn stay so', async () => {
  await apply(gateway);
  const { app } = test_;
  const [key] = await app.security.keys('werft'), [confirmation] = await app.crossBorder.confirmations('werft');
  await app.act(system, async (tx) => {
    await app.billing.closeAccount(tx, 'werft', 'r');
    await app.providers.suspendProvider(tx, 'jade', 'r');
    await app.security.revokeKey(tx, key!.keyId, 'r');
    await app.crossBorder.withdrawConfirmation(tx, confirmation!.confirmationId, 'r');
  });
  const before = await state();
  const { changes, problems } = await apply(gateway);
  expect(problems).toEqual([]);
  expect(await state()).toEqual(before);
  expect(changes.filter((one) => one.note).map((one) => [one.kind, one.note])).toEqual([['confirmation', 'was withdrawn and stays so'], ['key', 'was revoked and stays so']]);
});

test('another value in the variable replaces a key\'s secret and a provider\'s credential', async () => {
  await apply(gateway);
  const { changes } = await apply(gateway, { env: { ...env, WERFT_KEY: 'werft-secret-2', JADE_KEY: 'jade-credential-2' } });
  expect(changes.filter((one) => one.outcome !== 'unchanged').map((one) => one.name)).toEqual(['jade', 'werft production']);
  expect(JSON.stringify(await audit())).not.toMatch(/werft-secret|jade-credential/);
});

test('keeping less than what is in force needs its own word', async () => {
  await apply(gateway);
  const shorter = gateway.replace('api_call_metadata, keep: P12M', 'api_call_metadata, keep: P9M');
  expect((await apply(shorter)).problems).toEqual([expect.stringMatching(/retention\[1\]\.keep: P9M is shorter than P12M.*--confirm-shortening/)]);
  expect((await apply(shorter, { confirmShortening: true })).problems).toEqual([]);
});

test('a confirmation that does not cover everything says that it opens nothing', async () => {
  const { changes } = await apply(gateway.replace('covers: [legality, authorisation, redaction, procedures]', 'covers: [legality, redaction]'));
  expect(changes.find((one) => one.name === 'werft to US of 2026-04-01')?.note).toBe('opens nothing yet: it does not cover authorisation, procedures');
});

test('a narrower policy is published before the general one, whatever their order: it shortens nothing that was in force', async () => {
  const narrow = '  - { dataType: api_call_metadata, keep: P9M, where: { account: lumen } }\n';
  expect((await apply(gateway.replace('retention:\n', `retention:\n${narrow}`))).problems).toEqual([]);
  const other = await createTestApp();
  try {
    const file = readConfiguration(gateway + narrow, env);
    if (!('configuration' in file)) throw new Error('not YAML');
    await applyConfiguration(other.app, system, file, env);
    expect(file.problems).toEqual([]);
  } finally { await other.close(); }
});
