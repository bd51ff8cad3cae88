import fc from 'fast-check';
import { formatMicros, priceOf, toMicros } from '../../../src/kernel/money.js';

test('a price is rounded half up to whole micro-units', () => {
  expect(priceOf(1n, 500_000n)).toBe(1n);
  expect(priceOf(1n, 499_999n)).toBe(0n);
  expect(priceOf(1_000_000n, 2_000_000n)).toBe(2_000_000n);
});

test('an amount survives writing and reading', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), (micros) => { expect(toMicros(formatMicros(micros))).toBe(micros); }));
});

test.each(['1e3', '-1', '0.1234567', '', '1,5', 'NaN'])('%s is not an amount', (text) => { expect(() => toMicros(text)).toThrow(RangeError); });
test('a negative unit count or price is refused', () => { expect(() => priceOf(-1n, 1n)).toThrow(RangeError); });
test('amounts read like money', () => { expect([0n, 1n, 1_500_000n, -250_000n].map(formatMicros)).toEqual(['0.00', '0.000001', '1.50', '-0.25']); });
