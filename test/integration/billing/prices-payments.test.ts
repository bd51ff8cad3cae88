import { createBilling, priceInForce, type PaymentInput, type PriceInput } from '../../../src/domain/billing/index.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

const clock = fixedClock('2026-06-15T12:00:00Z');
let test_: TestApp;
beforeAll(async () => {
  test_ = await createTestApp({ clock });
  const { app } = test_;
  await run((tx) => app.billing.openAccount(tx, { accountId: 'acme', name: 'Acme', jurisdiction: 'DE', contact: 'c' }));
  await run((tx) => app.providers.registerProvider(tx, { providerId: 'up', name: 'Up', category: 'model', legalEntity: 'Up Ltd', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'http://127.0.0.1:1' }));
});
afterAll(async () => { await test_.close(); });
const { run, audit, state } = registryOf(() => test_);

const price: PriceInput = { model: 'mock-*', providerId: 'up', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_000_000n, cacheReadMicros: 200_000n, cacheWriteMicros: 2_500_000n, outputMicros: 8_000_000n };
const set = (part: Partial<PriceInput> = {}) => run((tx) => test_.app.billing.setPrice(tx, { ...price, ...part }));

test('a price is set once; setting it again writes nothing', async () => {
  const { priceId } = ok(await set());
  const before = await state();
  expect(await set()).toEqual({ priceId, changed: false, created: false });
  expect(await state()).toEqual(before);
  expect(await test_.app.billing.findPrice(priceId)).toEqual({ ...price, priceId, version: 1, source: null, unitMicros: null, longContext: null, cacheWrite1hMicros: null });
  expect(await test_.app.billing.findPrice('no-uuid')).toBeUndefined();
});

test('a price never changes: in effect it stays, and before its day a correction is a new version beside it, on record', async () => {
  expect(await set({ inputMicros: 1n })).toMatchObject({ code: 'conflict', field: 'effectiveFrom' });
  const later = ok(await set({ effectiveFrom: '2026-06-16', inputMicros: 1n }));
  const corrected = ok(await set({ effectiveFrom: '2026-06-16', inputMicros: 3n, cacheWrite1hMicros: 4n, unitMicros: { images: 5n }, source: 'a list' }));
  expect(corrected).toEqual({ priceId: expect.not.stringMatching(later.priceId), changed: true, created: false });
  expect((await audit(corrected.priceId)).at(-1)).toMatchObject({ action: 'price.set', before: { price_id: later.priceId, input_micros: '1', version: 1 },
    after: { input_micros: '3', cache_write_1h_micros: '4', unit_micros: { images: '5' }, version: 2, source: 'a list' } });
  expect(await test_.app.billing.findPrice(later.priceId)).toMatchObject({ inputMicros: 1n, version: 1 });
  expect(priceInForce(await test_.app.billing.prices(), price.model, price.providerId, '2026-06-20')).toMatchObject({ priceId: corrected.priceId, inputMicros: 3n, cacheWrite1hMicros: 4n, unitMicros: { images: 5n }, source: 'a list' });
  await expect(test_.app.database.pool.query('UPDATE prices SET input_micros = 9')).rejects.toThrow(/append-only/);
});

test('the day is the one of the operator\'s zone', async () => {
  const shanghai = createBilling({ clock: fixedClock('2026-06-15T16:30:00Z'), database: test_.app.database, ledger: test_.app.ledger, timeZone: 'Asia/Shanghai', security: test_.app.security, bookkeeping: test_.app.bookkeeping });
  ok(await set({ model: 'zone', effectiveFrom: '2026-06-16' }));
  expect(await run((tx) => shanghai.setPrice(tx, { ...price, model: 'zone', effectiveFrom: '2026-06-16', outputMicros: 1n }))).toMatchObject({ code: 'conflict' });
});

test.each([
  [{ model: 'a*b' }, 'model'], [{ model: '' }, 'model'], [{ currency: 'usd' }, 'currency'], [{ effectiveFrom: '2026-02-29' }, 'effectiveFrom'], [{ inputMicros: -1n }, 'inputMicros'], [{ outputMicros: 10n ** 16n }, 'outputMicros'],
])('a wrong field is refused by name: %p', async (part, field) => { expect(await set(part)).toMatchObject({ refused: true, code: 'invalid_request', field }); });

test('a price needs its provider, and prices.write', async () => {
  expect(await set({ providerId: 'nobody' })).toMatchObject({ code: 'not_found', field: 'providerId' });
  expect(await run((tx) => test_.app.billing.setPrice(tx, { ...price, model: 'x' }), person('auditor'))).toMatchObject({ code: 'forbidden' });
});

const payment: PaymentInput = { accountId: 'acme', amountMicros: 100_000_000n, currency: 'EUR', paidAt: new Date('2026-03-05T10:00:00Z'), reference: 'pi_1' };
const pay = (part: Partial<PaymentInput> = {}) => run((tx) => test_.app.billing.recordPayment(tx, { ...payment, ...part }));

test('a payment is recorded once for its reference, with the end of its calendar year as fiscal year', async () => {
  const { paymentId } = ok(await pay());
  const before = await state();
  expect(await pay()).toEqual({ paymentId, changed: false });
  expect(await state()).toEqual(before);
  expect(await pay({ amountMicros: 1n })).toMatchObject({ code: 'conflict', field: 'reference' });
  expect(await test_.app.billing.payments('acme')).toMatchObject([{ ...payment, paymentId, fiscalYearEnd: '2026-12-31', status: 'paid', processor: null, ipAddress: null }]);
  expect(ok(await pay({ reference: 'pi_2', fiscalYearEnd: '2026-06-30' }))).toMatchObject({ changed: true });
});

test.each([[{ amountMicros: 0n }, 'amountMicros'], [{ currency: 'Euro' }, 'currency'], [{ paidAt: new Date('x') }, 'paidAt'], [{ reference: '' }, 'reference'], [{ fiscalYearEnd: '2026-13-01' }, 'fiscalYearEnd']])(
  'a wrong payment is refused by field: %p', async (part, field) => {
    expect(await run((tx) => test_.app.billing.recordPayment(tx, { ...payment, reference: 'w', fiscalYearEnd: '2026-12-31', ...part }))).toMatchObject({ refused: true, code: 'invalid_request', field });
  });

test('a payment needs its account, and payments.write', async () => {
  expect(await pay({ accountId: 'nobody' })).toMatchObject({ code: 'not_found' });
  expect(await run((tx) => test_.app.billing.recordPayment(tx, payment), person('support_agent'))).toMatchObject({ code: 'forbidden' });
});
