import type { AvailabilityRuleInput, RouteInput } from '../../../src/domain/providers/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

let test_: TestApp;
const { run, audit, state } = registryOf(() => test_);
beforeAll(async () => {
  test_ = await createTestApp();
  const { providers, billing } = test_.app;
  for (const providerId of ['a', 'b']) await run((tx) => providers.registerProvider(tx, { providerId, name: providerId, category: 'model', legalEntity: 'L', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'http://127.0.0.1:1' }));
  await run((tx) => providers.registerProvider(tx, { providerId: 'mailer', name: 'm', category: 'email', legalEntity: 'L', jurisdictions: ['DE'] }));
  await run((tx) => billing.openAccount(tx, { accountId: 'acme', name: 'Acme', jurisdiction: 'DE', contact: 'c' }));
});
afterAll(async () => { await test_.close(); });

const set = (modelId: string, ...routes: RouteInput[]) => run((tx) => test_.app.providers.setRoutes(tx, modelId, routes));
const routesOf = async (modelId: string) => (await test_.app.providers.models()).find((model) => model.modelId === modelId)?.routes;

test('routes are kept in their order and replaced as a whole', async () => {
  expect(await set('m-*', { providerId: 'b' }, { providerId: 'a', upstreamModel: 'm-1' })).toEqual({ changed: true, created: true });
  expect(await routesOf('m-*')).toEqual([{ providerId: 'b', upstreamModel: null }, { providerId: 'a', upstreamModel: 'm-1' }]);
  expect(await set('m-*', { providerId: 'a' })).toEqual({ changed: true, created: false });
  expect(await routesOf('m-*')).toEqual([{ providerId: 'a', upstreamModel: null }]);
  expect((await audit('m-*')).at(-1)).toMatchObject({ action: 'routes.set', before: { routes: [{ provider: 'b', upstream_model: null }, { provider: 'a', upstream_model: 'm-1' }] } });
});

test('setting the same routes writes nothing; the other order is a change', async () => {
  await set('o', { providerId: 'a' }, { providerId: 'b' });
  const before = await state();
  expect(await set('o', { providerId: 'a', upstreamModel: null }, { providerId: 'b' })).toEqual({ changed: false, created: false });
  expect(await state()).toEqual(before);
  expect(await set('o', { providerId: 'b' }, { providerId: 'a' })).toMatchObject({ changed: true });
});

test('an empty list closes a model', async () => {
  await set('gone', { providerId: 'a' });
  expect(await set('gone')).toMatchObject({ changed: true });
  expect(await routesOf('gone')).toEqual([]);
});

test.each([
  ['to no provider', 'x', [{ providerId: 'nobody' }], 'routes[0].provider'], ['to a mailer', 'x', [{ providerId: 'a' }, { providerId: 'mailer' }], 'routes[1].provider'],
  ['twice the same', 'x', [{ providerId: 'a' }, { providerId: 'a' }], 'routes[1]'], ['an empty upstream name', 'x', [{ providerId: 'a', upstreamModel: '' }], 'routes[0].upstreamModel'], ['a star inside', 'a*b', [{ providerId: 'a' }], 'modelId'],
])('routes are refused: %s', async (_, modelId, routes, field) => { expect(await set(modelId, ...routes)).toMatchObject({ refused: true, field }); });

const rule = (conditions: AvailabilityRuleInput['conditions'], part: Partial<AvailabilityRuleInput> = {}): AvailabilityRuleInput => ({ conditions, outcome: 'suspend', reason: 'local-law', ...part });
const setRules = (...rules: AvailabilityRuleInput[]) => run((tx) => test_.app.providers.setAvailabilityRules(tx, rules));

test('rules are kept in their order and replaced as a whole; one that stays keeps its id', async () => {
  const kept = rule({ model: 'm-*', callerRegion: 'KP' });
  expect(await setRules(kept, rule({ account: 'acme' }))).toEqual({ changed: true });
  const first = await test_.app.providers.availabilityRules();
  expect(await setRules(rule({ provider: 'a' }, { outcome: 'allow' }), kept)).toEqual({ changed: true });
  const second = await test_.app.providers.availabilityRules();
  expect(second.map(({ conditions, outcome }) => ({ conditions, outcome }))).toEqual([{ conditions: { provider: 'a' }, outcome: 'allow' }, { conditions: kept.conditions, outcome: 'suspend' }]);
  expect(second[1]?.ruleId).toBe(first[0]?.ruleId);
});

test('setting the same rules writes nothing', async () => {
  await setRules(rule({ model: '*' }));
  const before = await state();
  expect(await setRules(rule({ model: '*', account: undefined }))).toEqual({ changed: false });
  expect(await state()).toEqual(before);
});

test.each([
  [rule({}), 'rules[0].conditions'], [rule({ region: 'KP' } as never), 'rules[0].conditions'], [rule({ callerRegion: 'kp' }), 'rules[0].conditions.callerRegion'], [rule({ model: 'a*b' }), 'rules[0].conditions.model'],
  [rule({ account: 'nobody' }), 'rules[0].conditions.account'], [rule({ provider: 'nobody' }), 'rules[0].conditions.provider'], [rule({ model: 'm' }, { outcome: 'limit' as never }), 'rules[0].outcome'], [rule({ model: 'm' }, { reason: 'Because!' }), 'rules[0].reason'],
])('a rule without effect or sense is refused: %p', async (one, field) => { expect(await setRules(one)).toMatchObject({ refused: true, field }); });

test('only an officer sets routes and rules', async () => {
  const support = person('support_agent', 'administrator');
  expect(await run((tx) => test_.app.providers.setRoutes(tx, 'm', []), support)).toMatchObject({ code: 'forbidden' });
  expect(await run((tx) => test_.app.providers.setAvailabilityRules(tx, []), support)).toMatchObject({ code: 'forbidden' });
  ok(await run((tx) => test_.app.providers.setAvailabilityRules(tx, []), person('compliance_officer')));
});
