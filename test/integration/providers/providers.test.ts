import { openFileKeyRing } from '../../../src/platform/crypto/keyring.js';
import type { ProviderInput, TermsInput } from '../../../src/domain/providers/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const { run, audit, state, read } = registryOf(() => test_);

const up: ProviderInput = { providerId: 'up', name: 'Up', category: 'model', legalEntity: 'Up, LLC', jurisdictions: ['US', 'IE'], protocol: 'openai', baseUrl: 'https://up.test/v1/',
  credential: { source: 'env:UP_KEY', secret: 'up-secret-1' }, dpa: { signedOn: '2026-01-15', reference: 'DPA-1' } };
const set = (part: Partial<ProviderInput> = {}) => run((tx) => test_.app.providers.setProvider(tx, { ...up, ...part }));
const storedSecret = async (id: string): Promise<string | null> => {
  const [row] = await read<{ credential_sealed: Buffer | null }>('SELECT credential_sealed FROM providers WHERE provider_id = $1', [id]);
  return row?.credential_sealed ? openFileKeyRing(test_.home).openSecret(row.credential_sealed, `provider:${id}`) : null;
};

test('a provider is registered with its credential sealed; neither the record nor the view has it', async () => {
  expect(ok(await run((tx) => test_.app.providers.registerProvider(tx, up)))).toEqual({ providerId: 'up' });
  expect(await storedSecret('up')).toBe('up-secret-1');
  const shown = await test_.app.providers.findProvider('up');
  expect(shown).toMatchObject({ name: 'Up', credentialSource: 'env:UP_KEY', baseUrl: 'https://up.test/v1', dpaSignedOn: '2026-01-15', status: 'active', terms: [] });
  expect(JSON.stringify([shown, await audit(), await read('SELECT encode(credential_sealed, \'escape\') FROM providers')])).not.toContain('up-secret-1');
  expect(await run((tx) => test_.app.providers.registerProvider(tx, up))).toMatchObject({ code: 'conflict' });
});

test('setting what is so writes nothing, though sealing the same credential twice gives other bytes', async () => {
  const before = await state();
  expect(await set()).toEqual({ changed: false, created: false });
  expect(await set({ jurisdictions: ['IE', 'US'] })).toEqual({ changed: false, created: false });
  expect(await run((tx) => test_.app.providers.updateProvider(tx, 'up', { name: 'Up' }))).toEqual({ changed: false });
  expect(await state()).toEqual(before);
});

test('another secret from the same variable is a change, told on record without the secret', async () => {
  expect(await set({ credential: { source: 'env:UP_KEY', secret: 'up-secret-2' } })).toMatchObject({ changed: true });
  expect(await storedSecret('up')).toBe('up-secret-2');
  const record = (await audit('up')).at(-1);
  expect(record).toMatchObject({ action: 'provider.update', before: { credential_source: 'env:UP_KEY' }, after: { credential_replaced: true, status: 'active' } });
  expect(JSON.stringify(record)).not.toContain('up-secret');
});

test('updating keeps the credential, setting without one takes it away', async () => {
  await run((tx) => test_.app.providers.updateProvider(tx, 'up', { legalEntity: 'Up Holdings' }));
  expect(await storedSecret('up')).toBe('up-secret-2');
  expect(await test_.app.providers.findProvider('up')).toMatchObject({ legalEntity: 'Up Holdings', credentialSource: 'env:UP_KEY' });
  await set({ credential: undefined });
  expect(await storedSecret('up')).toBeNull();
  expect(await test_.app.providers.findProvider('up')).toMatchObject({ credentialSource: 'none' });
});

test.each([
  [{ providerId: 'No' }, 'providerId'], [{ name: '' }, 'name'], [{ category: 'bank' as never }, 'category'], [{ legalEntity: '' }, 'legalEntity'], [{ jurisdictions: [] }, 'jurisdictions'],
  [{ jurisdictions: ['US', 'US'] }, 'jurisdictions'], [{ jurisdictions: ['US', 'usa'] }, 'jurisdictions[1]'], [{ protocol: null }, 'protocol'], [{ baseUrl: null }, 'baseUrl'],
  [{ baseUrl: 'ftp://up.test' }, 'baseUrl'], [{ baseUrl: 'up.test' }, 'baseUrl'], [{ baseUrl: 'https://u:p@up.test' }, 'baseUrl'], [{ baseUrl: 'https://up.test/?k=v' }, 'baseUrl'], [{ dpa: { signedOn: '15.1.2026', reference: 'x' } }, 'dpa.signedOn'],
  [{ credential: { source: 'env:X', secret: 'with\nnewline' } }, 'credential'], [{ category: 'email' as const }, 'protocol'], [{ category: 'email' as const, protocol: null, baseUrl: null }, 'credential'],
])('a wrong field is refused by name: %p', async (part, field) => { expect(await set({ providerId: 'fresh', ...part })).toMatchObject({ refused: true, code: 'invalid_request', field }); });

test('a provider that routes lead to stays a model provider', async () => {
  ok(await run((tx) => test_.app.providers.setRoutes(tx, 'm', [{ providerId: 'up' }])));
  expect(await set({ category: 'cloud', protocol: null, baseUrl: null, credential: null })).toMatchObject({ code: 'conflict', field: 'category' });
});

test('suspending and resuming happen once each, with a reason', async () => {
  const suspend = (reason = 'incident') => run((tx) => test_.app.providers.suspendProvider(tx, 'up', reason));
  expect(await suspend('')).toMatchObject({ code: 'invalid_request', field: 'reason' });
  expect([await suspend(), await suspend()]).toEqual([{ changed: true }, { changed: false }]);
  await set({ name: 'Up again' });
  expect(await test_.app.providers.findProvider('up')).toMatchObject({ status: 'suspended', name: 'Up again' });
  const resume = () => run((tx) => test_.app.providers.resumeProvider(tx, 'up', 'over'));
  expect([await resume(), await resume()]).toEqual([{ changed: true }, { changed: false }]);
  expect((await audit('up')).at(-1)).toMatchObject({ action: 'provider.resume', reason: 'over', before: { status: 'suspended' }, after: { status: 'active' } });
});

const terms: TermsInput = { version: '2026-01-01', effectiveFrom: '2026-01-01', url: 'https://up.test/terms', trainsOnInputs: false, retentionDays: 30 };
const add = (part: Partial<TermsInput> = {}, id = 'up') => run((tx) => test_.app.providers.addTerms(tx, id, { ...terms, ...part }));

test('a version of terms is put on file once and never changes', async () => {
  expect(await add()).toEqual({ changed: true });
  const before = await state();
  expect(await add()).toEqual({ changed: false });
  expect(await state()).toEqual(before);
  expect(await add({ trainsOnInputs: true })).toMatchObject({ code: 'conflict', field: 'version' });
  expect(await add({ version: '2025', effectiveFrom: '2025-01-01' })).toEqual({ changed: true });
  expect((await test_.app.providers.findProvider('up'))?.terms.map((one) => one.version)).toEqual(['2025', '2026-01-01']);
});

test.each([[{ version: '' }, 'version'], [{ effectiveFrom: 'soon' }, 'effectiveFrom'], [{ url: 'javascript:alert(1)' }, 'url'], [{ retentionDays: -1 }, 'retentionDays'], [{ retentionDays: 0.5 }, 'retentionDays']])(
  'wrong terms are refused by field: %p', async (part, field) => { expect(await add({ version: 'w', ...part })).toMatchObject({ refused: true, code: 'invalid_request', field }); });

test('what is not there is not found, and only providers.write changes providers', async () => {
  expect(await add({}, 'nobody')).toMatchObject({ code: 'not_found' });
  expect(await run((tx) => test_.app.providers.updateProvider(tx, 'nobody', {}))).toMatchObject({ code: 'not_found' });
  expect(await run((tx) => test_.app.providers.suspendProvider(tx, 'nobody', 'x'))).toMatchObject({ code: 'not_found' });
  const admin = person('administrator');
  for (const attempt of [
    run((tx) => test_.app.providers.setProvider(tx, up), admin), run((tx) => test_.app.providers.registerProvider(tx, { ...up, providerId: 'x' }), admin), run((tx) => test_.app.providers.updateProvider(tx, 'up', {}), admin),
    run((tx) => test_.app.providers.suspendProvider(tx, 'up', 'x'), admin), run((tx) => test_.app.providers.resumeProvider(tx, 'up', 'x'), admin), run((tx) => test_.app.providers.addTerms(tx, 'up', terms), admin),
  ]) expect(await attempt).toMatchObject({ refused: true, code: 'forbidden' });
});
