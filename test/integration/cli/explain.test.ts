// `lookup --explain` says for every kind of call what it cost and why, and its lines add up to the record.
import { runCli } from '../../../src/entrypoints/cli/cli.js';
import { costOf, type Price, type Usage } from '../../../src/domain/billing/index.js';
import { aCall } from '../../fixtures/calls.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, registryOf } from '../../support/registry.js';

let test_: TestApp, price: Price;
beforeAll(async () => {
  test_ = await createTestApp();
  const { app } = test_;
  ok(await run((tx) => app.providers.registerProvider(tx, { providerId: 'openai', name: 'OpenAI', category: 'model', legalEntity: 'X', jurisdictions: ['US'], protocol: 'openai', baseUrl: 'http://127.0.0.1:1/v1' })));
  const { priceId } = ok(await run((tx) => app.billing.setPrice(tx, { model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 2_500_000n, cacheReadMicros: 250_000n, cacheWriteMicros: 3_125_000n,
    outputMicros: 10_000_000n, unitMicros: { input_audio_tokens: 40_000_000n }, longContext: { above: 200_000n, inputMicros: 5_000_000n, cacheReadMicros: 500_000n, cacheWriteMicros: 6_250_000n, cacheWrite1hMicros: null, outputMicros: 15_000_000n }, source: 'a list' })));
  price = (await app.billing.findPrice(priceId))!;
});
afterAll(async () => { await test_.close(); });
const { run } = registryOf(() => test_);

const NONE = { usage_input: 0n, usage_cache_read: 0n, usage_output: 0n, usage_reasoning: 0n, usage_source: 'none', cost_micros: 0n };
async function explain(row: Parameters<typeof aCall>[1]): Promise<string> {
  const call = aCall(new Date(), row);
  await test_.app.ledger.createRecorder('gateway').write([call]);
  let out = '';
  expect(await runCli(['lookup', call.row.request_id!, '--explain'], { HOLDFAST_HOME: test_.home, DATABASE_URL: test_.databaseUrl }, { out: (text) => { out += text; }, err: (text) => { out += text; } })).toBe(0);
  return out;
}
const priced = (usage: Partial<Usage>) => ({ price_id: price.priceId, cost_micros: costOf(price, { input: 1200n, cacheRead: 800n, cacheWrite: 0n, cacheWrite1h: 0n, output: 350n, reasoning: 120n, ...usage }) });

test('a whole call: every line, the rounding, the price with its source, and the sum as on record', async () => {
  const out = await explain(priced({}));
  expect(out).toMatch(/^price \S+: gpt-\* at openai from 2026-01-01, version 1, from a list$/m);
  expect(out).toMatch(/^input +1200 +× +2\.50 +=  ?0\.003$/m);
  expect(out).toMatch(/^of the output 120 tokens were reasoning, paid as output$/m);
  expect(out).toMatch(/^total 0\.0067 USD, as on record$/m);
});

test('a call that broke off says that its usage is estimated', async () => {
  expect(await explain({ ...priced({}), status: 'aborted', http_status: 499, usage_source: 'estimated' })).toMatch(/^usage estimated by us, because the provider did not report it/m);
});

test('long context and units are paid at their own rates, and a unit without one is named', async () => {
  const usage = { input: 250_000n, units: { input_audio_tokens: 1_000n, images: 2n } };
  const out = await explain({ ...priced(usage), usage_input: 250_000n, usage_units: { input_audio_tokens: '1000', images: '2' } });
  expect(out).toMatch(/^the rates for long context hold: the whole input is above 200000 tokens$/m);
  expect(out).toMatch(/^input +249000 +× +5\.00 /m);
  expect(out).toMatch(/^input_audio_tokens +1000 +× +40\.00 /m);
  expect(out).toMatch(/^used, but not named by the price and so not charged: images$/m);
  expect(out).toMatch(/ USD, as on record$/m);
});

test.each([
  ['refused here', { ...NONE, status: 'refused', http_status: 403, refusal_code: 'price_missing', provider_id: null, currency: null }, /^the call was refused before anything left, so nothing was used or charged/m],
  ['refused by the provider', { ...NONE, status: 'failed', http_status: 400 }, /^nothing was used, so nothing was charged; no usage/m],
  ['lost with its gateway', { ...NONE, status: 'unknown', http_status: 0, currency: null }, /^the gateway died before it could say what was used; nothing was charged/m],
  ['without a price', { cost_micros: 0n, currency: null }, /^no price was in force for this model at this provider on the day the call arrived; what was used cost nothing; usage as the provider reported it/m],
] as const)('a call %s says why it cost nothing', async (_, row, said) => {
  const out = await explain(row);
  expect(out).toMatch(said);
  expect(out).toMatch(/^total 0\.00( USD)? on record$/m);
});

test('a record that does not follow from its usage and price is told', async () => {
  expect(await explain({ ...priced({}), cost_micros: 1n })).toMatch(/^total 0\.0067 USD, but the record says 0\.000001 USD$/m);
});
