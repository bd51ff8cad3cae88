import fc from 'fast-check';
import { chargeFor, costOf, createPriceBook, NO_USAGE, priceInForce, unitColumn, unitsFrom, UNITS, type Price, type Units, type Usage } from '../../../src/domain/billing/index.js';
import { unpricedUnits } from '../../../src/domain/billing/charge-rules.js';

const count = fc.bigInt(0n, 5_000_000n), rate = fc.bigInt(0n, 200_000_000n);
const units = fc.record(Object.fromEntries(UNITS.map((unit) => [unit, count])), { requiredKeys: [] }) as fc.Arbitrary<Units>;
const rates = fc.record(Object.fromEntries(UNITS.map((unit) => [unit, rate])), { requiredKeys: [] }) as fc.Arbitrary<Units>;
const prices = fc.record({ inputMicros: rate, cacheReadMicros: rate, cacheWriteMicros: rate, cacheWrite1hMicros: fc.option(rate), outputMicros: rate, unitMicros: fc.option(rates) })
  .map((amounts): Price => ({ priceId: 'p', model: 'm', providerId: 'x', currency: 'USD', effectiveFrom: '2026-01-01', ...amounts }));
const usages = fc.record({ input: count, cacheRead: count, short: count, cacheWrite1h: count, output: count, units: fc.option(units, { nil: undefined }) })
  .map(({ short, ...rest }): Usage => ({ ...rest, cacheWrite: short + rest.cacheWrite1h, reasoning: rest.output / 2n }));
const price: Price = { priceId: 'p', model: 'm', providerId: 'x', currency: 'USD', effectiveFrom: '2026-01-01', inputMicros: 4_000_000n, cacheReadMicros: 0n, cacheWriteMicros: 4_000_000n, cacheWrite1hMicros: null,
  outputMicros: 16_000_000n, unitMicros: { input_audio_tokens: 40_000_000n, output_image_tokens: 30_000_000n, images: 40_000_000_000n, audio_ms: 100_000n, characters: 15_000_000n } };

test('a part that the price names is paid at its own rate and only the rest at that of the whole; pictures, sound and characters stand beside', () => {
  const usage: Usage = { ...NO_USAGE, input: 1_000n, output: 500n, units: { input_audio_tokens: 600n, input_image_tokens: 100n, output_image_tokens: 200n, images: 2n, audio_ms: 60_000n, characters: 1_000n } };
  expect(chargeFor(price, usage).lines.map((line) => [line.bucket, line.units, line.costMicros])).toEqual([
    ['input', 400n, 1_600n], ['output', 300n, 4_800n], ['input_audio_tokens', 600n, 24_000n], ['output_image_tokens', 200n, 6_000n], ['images', 2n, 80_000n], ['audio_ms', 60_000n, 6_000n], ['characters', 1_000n, 15_000n]]);
  expect(chargeFor({ ...price, unitMicros: null }, usage).lines.map((line) => [line.bucket, line.units])).toEqual([['input', 1_000n], ['output', 500n]]);
});

test('a part is never more than what is left of its whole, whatever a provider reports', () => {
  const usage: Usage = { ...NO_USAGE, input: 10n, units: { input_audio_tokens: 600n } };
  expect(chargeFor(price, usage).lines.map((line) => [line.bucket, line.units])).toEqual([['input_audio_tokens', 10n]]);
});

test('units beside the tokens that no price names cost nothing, and are told', () => {
  const usage: Usage = { ...NO_USAGE, units: { images: 1n, audio_ms: 0n, input_audio_tokens: 3n } };
  expect(unpricedUnits({ ...price, unitMicros: null }, usage)).toEqual(['images']);
  expect(unpricedUnits(price, usage)).toEqual([]);
  expect(unpricedUnits(undefined, usage)).toEqual(['images']);
});

test('for every price and usage the lines add up to the cost, each is its exact product rounded half up, and the short way comes to the same', () => {
  fc.assert(fc.property(prices, usages, (any, usage) => {
    const charge = chargeFor(any, usage);
    expect(charge.lines.reduce((sum, line) => sum + line.costMicros, 0n)).toBe(charge.costMicros);
    for (const line of charge.lines) {
      // |cost − exact| ≤ ½ micro, and at exactly ½ it is the upper one.
      const twice = line.units * line.microsPerMillion * 2n - line.costMicros * 2_000_000n;
      expect(twice >= -1_000_000n && twice < 1_000_000n).toBe(true);
    }
    expect(costOf(any, usage)).toBe(charge.costMicros);
  }));
});

test('using more of a unit never costs less', () => {
  fc.assert(fc.property(prices, usages, fc.constantFrom('images', 'audio_ms', 'characters'), count, (any, usage, unit, more) => {
    const larger = { ...usage, units: { ...usage.units, [unit]: (usage.units?.[unit as 'images'] ?? 0n) + more } };
    expect(costOf(any, larger)).toBeGreaterThanOrEqual(costOf(any, usage));
  }));
});

test('units come back from their column as they went in; an empty set is no column', () => {
  fc.assert(fc.property(units, (some) => { expect(unitsFrom(JSON.parse(JSON.stringify(unitColumn(some))))).toEqual(Object.keys(some).length === 0 ? undefined : some); }));
  expect(unitColumn(undefined)).toBeNull();
  for (const wrong of [[], { images: 3 }, { images: '-1' }, { pixels: '3' }, 'images']) expect(() => unitsFrom(wrong)).toThrow(RangeError);
});

test('the price book answers as the rule does, on every day and for names it was never asked for', () => {
  const day = fc.constantFrom('2025-12-31', '2026-01-01', '2026-01-02'), model = fc.constantFrom('m', 'm-1', 'm-*', '*', 'other');
  const entry = fc.record({ priceId: fc.uuid(), model, providerId: fc.constantFrom('x', 'y'), effectiveFrom: day, version: fc.integer({ min: 1, max: 3 }) }).map((own): Price => ({ ...price, ...own }));
  const unique = fc.uniqueArray(entry, { maxLength: 12, selector: (one) => `${one.model}|${one.providerId}|${one.effectiveFrom}|${one.version}` });
  fc.assert(fc.property(unique, fc.array(fc.tuple(model, fc.constantFrom('x', 'y', 'z'), day), { maxLength: 20 }), (all, questions) => {
    const book = createPriceBook(all);
    for (const [name, provider, on] of [...questions, ...questions]) expect(book.inForce(name, provider, on)).toBe(priceInForce(all, name, provider, on));
  }));
});
