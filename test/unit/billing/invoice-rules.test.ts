// Invoices as properties: what the lines say is what the records say, to the micro-unit, and each month begins where the one before ended.
import fc from 'fast-check';
import { chargeFor, type Price, type Usage } from '../../../src/domain/billing/charge-rules.js';
import { createInvoiceSum, isMonth, minorMicros, monthBounds, monthTeller, nextMonth, payableOf, previousMonth, type BilledCall } from '../../../src/domain/billing/invoice-rules.js';

const price = (priceId: string, rates: Partial<Price> = {}): Price => ({ priceId, model: 'gpt-*', providerId: 'openai', currency: 'USD', effectiveFrom: '2026-01-01', version: 1, inputMicros: 1_250_001n, cacheReadMicros: 125_003n, cacheWriteMicros: 1_562_507n,
  cacheWrite1hMicros: 2_500_009n, outputMicros: 10_000_003n, ...rates });
const PRICES = new Map([price('p1'), price('p2', { inputMicros: 7n, outputMicros: 13n, version: 2 }), price('p3', { unitMicros: { images: 40_000_000_000n, input_audio_tokens: 99n }, longContext: { above: 5_000n, inputMicros: 3n, cacheReadMicros: 1n, cacheWriteMicros: 2n, cacheWrite1hMicros: null, outputMicros: 9n } })].map((one) => [one.priceId, one]));

const count = fc.bigInt({ min: 0n, max: 20_000n });
const usage: fc.Arbitrary<Usage> = fc.record({ input: count, cacheRead: count, cacheWrite: count, output: count, share: fc.integer({ min: 0, max: 100 }), images: fc.option(fc.bigInt({ min: 1n, max: 4n }), { nil: undefined }) })
  .map(({ share, images, ...one }) => ({ ...one, cacheWrite1h: one.cacheWrite * BigInt(share) / 100n, reasoning: one.output * BigInt(share) / 100n, ...(images === undefined ? {} : { units: { images } }) }));
const call: fc.Arbitrary<BilledCall> = fc.record({ at: fc.date({ min: new Date('2026-08-01T00:00:00Z'), max: new Date('2026-11-30T00:00:00Z'), noInvalidDate: true }), model: fc.constantFrom('gpt-5', 'gpt-5-mini'), priceId: fc.constantFrom('p1', 'p2', 'p3', null, 'gone'), usage, off: fc.constantFrom(0n, 0n, 0n, 0n, 7n) })
  .map(({ off, ...one }) => ({ ...one, requestId: 'r', providerId: 'openai', costMicros: (one.priceId !== null && PRICES.has(one.priceId) ? chargeFor(PRICES.get(one.priceId)!, one.usage).costMicros : 4_211n) + off }));
const sumOf = (calls: readonly BilledCall[]) => { const sum = createInvoiceSum((id) => PRICES.get(id), 'Europe/Berlin'); for (const one of calls) sum.add(one); return sum.finish(); };

test('the lines add up to exactly what the records say, whatever was used, at whatever price, with whatever rounding', () => {
  fc.assert(fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
    const { lines, totalMicros, calls: counted } = sumOf(calls), recorded = calls.reduce((total, one) => total + one.costMicros, 0n);
    expect(lines.reduce((total, line) => total + line.amountMicros, 0n)).toBe(recorded);
    expect([totalMicros, counted]).toEqual([recorded, BigInt(calls.length)]);
    expect(lines.map((line) => line.position)).toEqual(lines.map((_, index) => index + 1));
  }), { numRuns: 60 });
});

test('the order in which calls come does not change a line', () => {
  fc.assert(fc.property(fc.array(call, { maxLength: 30 }), (calls) => { expect(sumOf([...calls].reverse())).toEqual(sumOf(calls)); }), { numRuns: 40 });
});

test('cutting the calls in two and invoicing each part loses and doubles nothing', () => {
  fc.assert(fc.property(fc.array(call, { maxLength: 30 }), fc.nat(30), (calls, at) => {
    expect(sumOf(calls.slice(0, at)).totalMicros + sumOf(calls.slice(at)).totalMicros).toBe(sumOf(calls).totalMicros);
  }), { numRuns: 40 });
});

test('a call whose price does not lead to its recorded cost is a line of its own, with what is on record', () => {
  const odd: BilledCall = { requestId: 'r', at: new Date('2026-10-05T00:00:00Z'), model: 'gpt-5', providerId: 'openai', priceId: 'p1', usage: { input: 100n, cacheRead: 0n, cacheWrite: 0n, cacheWrite1h: 0n, output: 0n, reasoning: 0n }, costMicros: 1n };
  expect(sumOf([odd]).lines).toMatchObject([{ bucket: 'recorded', rateMicros: null, amountMicros: 1n, calls: 1n, month: '2026-10' }]);
});

test('the same bucket at two rates of one price, as long context has, is two lines', () => {
  const of = (input: bigint): BilledCall => { const used = { input, cacheRead: 0n, cacheWrite: 0n, cacheWrite1h: 0n, output: 0n, reasoning: 0n }; return { requestId: 'r', at: new Date('2026-10-05T00:00:00Z'), model: 'gpt-5', providerId: 'openai', priceId: 'p3', usage: used, costMicros: chargeFor(PRICES.get('p3')!, used).costMicros }; };
  expect(sumOf([of(4_000n), of(6_000n), of(4_000n)]).lines.map((line) => [line.bucket, line.rateMicros, line.units, line.calls])).toEqual([['input', 3n, 6_000n, 1n], ['input', 1_250_001n, 8_000n, 2n]]);
});

test.each(['UTC', 'Europe/Berlin', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Australia/Lord_Howe'])('in %s months follow each other without gap or overlap, and every instant is in the month whose bounds it is in', (zone) => {
  for (let month = '2025-12', end = monthBounds('2025-11', zone).to; month <= '2027-04'; month = nextMonth(month)) {
    const { from, to } = monthBounds(month, zone), monthOf = monthTeller(zone);
    expect(from).toEqual(end);
    expect([monthOf(from), monthOf(new Date(to.getTime() - 1)), monthOf(to)]).toEqual([month, month, nextMonth(month)]);
    end = to;
  }
});

test('a month in which the clock goes back has an hour more, and the one in which it goes forward an hour less', () => {
  const hours = (month: string): number => { const { from, to } = monthBounds(month, 'Europe/Berlin'); return (to.getTime() - from.getTime()) / 3_600_000; };
  expect([hours('2026-10'), hours('2026-03'), hours('2026-12')]).toEqual([745, 743, 744]);
  expect(monthBounds('2026-11', 'Europe/Berlin').from.toISOString()).toBe('2026-10-31T23:00:00.000Z');
});

test('what is payable is the total in the smallest unit of its currency, half up, and never further away than half of one', () => {
  expect([minorMicros('USD'), minorMicros('JPY'), minorMicros('KWD')]).toEqual([10_000n, 1_000_000n, 1_000n]);
  expect([payableOf(15_000n, 'USD'), payableOf(14_999n, 'USD'), payableOf(499_999n, 'JPY'), payableOf(500_000n, 'JPY')]).toEqual([20_000n, 10_000n, 0n, 1_000_000n]);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.constantFrom('USD', 'JPY', 'KWD'), (total, currency) => {
    const minor = minorMicros(currency), apart = payableOf(total, currency) - total;
    expect(payableOf(total, currency) % minor).toBe(0n);
    expect(2n * (apart < 0n ? -apart : apart) <= minor).toBe(true);
  }));
});

test('a month is YYYY-MM of the calendar', () => {
  expect(['2026-01', '2026-12', '2026-13', '2026-00', '26-01', '2026-1'].map(isMonth)).toEqual([true, true, false, false, false, false]);
  expect([previousMonth(new Date('2026-11-24T12:00:00Z'), 'UTC'), previousMonth(new Date('2026-12-31T23:30:00Z'), 'Asia/Shanghai')]).toEqual(['2026-10', '2026-12']);
});
