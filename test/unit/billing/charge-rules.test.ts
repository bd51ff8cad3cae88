import fc from 'fast-check';
import { chargeFor, NO_USAGE, priceInForce, type Price, type Usage } from '../../../src/domain/billing/charge-rules.js';

const price: Price = { priceId: 'p', model: 'm', providerId: 'x', currency: 'USD', effectiveFrom: '2026-01-01',
  inputMicros: 3_000_000n, cacheReadMicros: 300_000n, cacheWriteMicros: 3_750_000n, cacheWrite1hMicros: 6_000_000n, outputMicros: 15_000_000n };
const tokens = fc.bigInt(0n, 10_000_000n);
const usages = fc.record({ input: tokens, cacheRead: tokens, cacheWrite5m: tokens, cacheWrite1h: tokens, answer: tokens, reasoning: tokens })
  .map(({ cacheWrite5m, answer, ...rest }): Usage => ({ input: rest.input, cacheRead: rest.cacheRead, cacheWrite: cacheWrite5m + rest.cacheWrite1h,
    cacheWrite1h: rest.cacheWrite1h, output: answer + rest.reasoning, reasoning: rest.reasoning }));

test('each bucket is charged at its own price, and the one-hour part of cache writes at its own', () => {
  const charge = chargeFor(price, { input: 1_000n, cacheRead: 10_000n, cacheWrite: 3_000n, cacheWrite1h: 1_000n, output: 100n, reasoning: 40n });
  expect(charge.lines).toEqual([
    { bucket: 'input', units: 1_000n, microsPerMillion: 3_000_000n, costMicros: 3_000n },
    { bucket: 'cache_read', units: 10_000n, microsPerMillion: 300_000n, costMicros: 3_000n },
    { bucket: 'cache_write', units: 2_000n, microsPerMillion: 3_750_000n, costMicros: 7_500n },
    { bucket: 'cache_write_1h', units: 1_000n, microsPerMillion: 6_000_000n, costMicros: 6_000n },
    { bucket: 'output', units: 100n, microsPerMillion: 15_000_000n, costMicros: 1_500n },
  ]);
  expect(charge.costMicros).toBe(21_000n);
});

test('the total is the sum of the lines, and nothing used costs nothing', () => {
  fc.assert(fc.property(usages, (usage) => {
    const charge = chargeFor(price, usage);
    expect(charge.costMicros).toBe(charge.lines.reduce((sum, line) => sum + line.costMicros, 0n));
    expect(charge.lines.reduce((sum, line) => sum + line.units, 0n)).toBe(usage.input + usage.cacheRead + usage.cacheWrite + usage.output);
  }));
  expect(chargeFor(price, NO_USAGE)).toEqual({ costMicros: 0n, lines: [] });
});

test('using more never costs less', () => {
  fc.assert(fc.property(usages, tokens, (usage, more) => {
    expect(chargeFor(price, { ...usage, output: usage.output + more }).costMicros).toBeGreaterThanOrEqual(chargeFor(price, usage).costMicros);
  }));
});

test('without a price for one-hour cache writes they cost what the others do', () => {
  const plain = { ...price, cacheWrite1hMicros: null };
  const usage = { ...NO_USAGE, cacheWrite: 2_000_000n, cacheWrite1h: 1_000_000n };
  expect(chargeFor(plain, usage).costMicros).toBe(7_500_000n);
});

test('reasoning is not paid twice, and a part larger than its whole is a fault', () => {
  expect(chargeFor(price, { ...NO_USAGE, output: 10n, reasoning: 10n })).toEqual(chargeFor(price, { ...NO_USAGE, output: 10n }));
  expect(() => chargeFor(price, { ...NO_USAGE, reasoning: 1n })).toThrow(RangeError);
  expect(() => chargeFor(price, { ...NO_USAGE, cacheWrite1h: 1n })).toThrow(RangeError);
});

describe('the price in force', () => {
  const at = (priceId: string, model: string, effectiveFrom: string, providerId = 'x'): Price => ({ ...price, priceId, model, effectiveFrom, providerId });
  const prices = [at('any', '*', '2026-01-01'), at('family-old', 'gpt-*', '2026-01-01'), at('family', 'gpt-*', '2026-03-01'), at('mini', 'gpt-mini*', '2026-01-01'),
    at('exact-later', 'gpt-mini', '2026-06-01'), at('elsewhere', 'gpt-mini', '2026-01-01', 'y')];
  test.each([
    ['gpt-big', '2026-02-28', 'family-old'], ['gpt-big', '2026-03-01', 'family'], ['gpt-mini', '2026-05-31', 'mini'], ['gpt-mini', '2026-06-01', 'exact-later'],
    ['other', '2026-01-01', 'any'], ['other', '2025-12-31', undefined],
  ])('of %s on %s is %s: longest match, then newest, never one of the future', (model, day, expected) => {
    expect(priceInForce(prices, model, 'x', day)?.priceId).toBe(expected);
    expect(priceInForce([...prices].reverse(), model, 'x', day)?.priceId).toBe(expected);
  });
});
