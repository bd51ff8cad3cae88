// Compelling Evidence 3.0: which earlier payments count, and when two of them make a case.
import fc from 'fast-check';
import { CORE_ELEMENTS, matchPayments, OLDEST_DAYS, YOUNGEST_DAYS } from '../../../src/domain/billing/match-rules.js';
import type { Payment } from '../../../src/domain/billing/payment.view.js';

const DISPUTED_AT = new Date('2026-11-20T10:00:00Z'), DAY = 86_400_000;
const payment = (id: string, daysBefore: number, more: Partial<Payment> = {}): Payment => ({
  paymentId: id, accountId: 'acme', amountMicros: 20_000_000n, currency: 'USD', paidAt: new Date(DISPUTED_AT.getTime() - daysBefore * DAY), fiscalYearEnd: '2026-12-31', reference: id, processor: 'stripe', processorPaymentId: id, method: 'card',
  cardBrand: 'visa', cardLast4: '4242', cardFingerprintSha256: 'card-a', descriptor: 'HOLDFAST', loginId: 'dev@acme.test', ipAddress: '203.0.113.7', deviceSha256: 'device-a', shippingSha256: null, status: 'paid', refundedMicros: 0n, disputedAt: null, statusAt: null, ...more });
const disputed = payment('d', 5, { status: 'disputed', disputedAt: DISPUTED_AT });
const match = (others: readonly Payment[], of = disputed) => matchPayments(of, others, 'UTC');

test('two undisputed payments with the same card that agree in address and login make a case', () => {
  const found = match([payment('a', 130, { deviceSha256: null }), payment('b', 300, { deviceSha256: null })]);
  expect(found).toMatchObject({ eligible: true, reasons: [], disputedOn: '2026-11-20', chosen: ['a', 'b'], common: ['ip_address', 'login_id'] });
});

test('both ends of the window count, a day beyond either does not', () => {
  const rows = match([YOUNGEST_DAYS - 1, YOUNGEST_DAYS, OLDEST_DAYS, OLDEST_DAYS + 1].map((days) => payment(`p${days}`, days))).rows;
  expect(rows.map((row) => [row.days, row.counts, row.reasons])).toEqual([[119, false, ['too_recent']], [120, true, []], [365, true, []], [366, false, ['too_old']]]);
});

test.each<[string, Partial<Payment>, string]>([
  ['was disputed', { status: 'disputed', disputedAt: DISPUTED_AT }, 'disputed'], ['was disputed and won', { status: 'won', disputedAt: DISPUTED_AT }, 'disputed'], ['was given back', { status: 'refunded', refundedMicros: 20_000_000n }, 'refunded'],
  ['was made with another card', { cardFingerprintSha256: 'card-b' }, 'other_card'], ['names no card', { cardFingerprintSha256: null }, 'card_not_known'], ['was a transfer', { method: 'bank_transfer' }, 'other_card'],
  ['agrees in one element', { loginId: 'x', deviceSha256: 'x' }, 'too_few_elements'], ['agrees in no address and no device', { ipAddress: '198.51.100.1', deviceSha256: 'x', shippingSha256: 's' }, 'no_address_or_device'],
])('a payment that %s does not count', (_, more, reason) => {
  const of = { ...disputed, shippingSha256: 's' }, found = match([payment('a', 130, more), payment('b', 140)], of);
  expect(found).toMatchObject({ eligible: false, reasons: ['too_few_payments'], chosen: [] });
  expect(found.rows.find((row) => row.payment.paymentId === 'a')!.reasons).toContain(reason);
});

test('a payment given back in part still counts', () => {
  expect(match([payment('a', 130, { status: 'refunded', refundedMicros: 1n }), payment('b', 140)]).eligible).toBe(true);
});

test('two payments that agree with the disputed one in different elements make no case: all three must agree in the same', () => {
  const of = { ...disputed, shippingSha256: 's' };
  const found = match([payment('a', 130, { deviceSha256: 'x', shippingSha256: 'x' }), payment('b', 140, { ipAddress: '198.51.100.1', loginId: 'x', shippingSha256: 's' })], of);
  expect(found.rows.map((row) => row.counts)).toEqual([true, true]);
  expect(found).toMatchObject({ eligible: false, reasons: ['no_common_elements'], common: [] });
});

test('what is not disputed, not by card, or of an unknown card has no case', () => {
  const two = [payment('a', 130), payment('b', 140)];
  expect(match(two, payment('d', 5)).reasons).toContain('not_disputed');
  expect(match(two, { ...disputed, method: 'wallet' }).reasons).toEqual(['not_by_card']);
  expect(match(two, { ...disputed, cardFingerprintSha256: null }).reasons).toContain('card_not_known');
});

const text = (values: readonly string[]) => fc.constantFrom(null, ...values);
const anyPayment = fc.record({ days: fc.integer({ min: 90, max: 400 }), ipAddress: text(['a', 'b']), deviceSha256: text(['a', 'b']), loginId: text(['a', 'b']), shippingSha256: text(['a', 'b']), cardFingerprintSha256: text(['card-a', 'card-b']), disputedAt: fc.constantFrom(null, null, null, DISPUTED_AT), refunded: fc.constantFrom(0n, 0n, 20_000_000n) })
  .map(({ days, refunded, ...marks }) => ({ days, refunded, marks }));

test('the answer is the one of trying every pair by the text of the rule', () => {
  fc.assert(fc.property(fc.array(anyPayment, { maxLength: 9 }), fc.record({ ipAddress: text(['a']), deviceSha256: text(['a']), loginId: text(['a']), shippingSha256: text(['a']) }), (list, own) => {
    const of = { ...disputed, ...own }, others = list.map(({ days, refunded, marks }, index) => payment(`p${index}`, days, { ...marks, refundedMicros: refunded }));
    const columns = { ip_address: 'ipAddress', device: 'deviceSha256', login_id: 'loginId', shipping_address: 'shippingSha256' } as const;
    const same = (one: Payment, element: (typeof CORE_ELEMENTS)[number]): boolean => of[columns[element]] !== null && one[columns[element]] === of[columns[element]];
    const fits = (one: Payment): boolean => { const days = Math.round((DISPUTED_AT.getTime() - one.paidAt.getTime()) / DAY); return days >= 120 && days <= 365 && one.disputedAt === null && one.refundedMicros < one.amountMicros && one.cardFingerprintSha256 === 'card-a'; };
    const expected = others.some((one, index) => others.slice(index + 1).some((other) => {
      const common = CORE_ELEMENTS.filter((element) => same(one, element) && same(other, element));
      return fits(one) && fits(other) && common.length >= 2 && (common.includes('ip_address') || common.includes('device'));
    }));
    const found = matchPayments(of, others, 'UTC');
    expect(found.eligible).toBe(expected);
    expect(found.eligible).toBe(found.reasons.length === 0);
    expect(found.chosen.length).toBe(expected ? 2 : 0);
    for (const element of found.common) for (const id of found.chosen) expect(same(others.find((one) => one.paymentId === id)!, element)).toBe(true);
  }), { numRuns: 300 });
});

test('neither the order of the payments nor payments of other accounts change the answer', () => {
  fc.assert(fc.property(fc.array(anyPayment, { maxLength: 8 }), (list) => {
    const others = list.map(({ days, refunded, marks }, index) => payment(`p${index}`, days, { ...marks, refundedMicros: refunded })), foreign = others.map((one) => ({ ...one, paymentId: `x${one.paymentId}`, accountId: 'kuhn' }));
    expect(match([...others].reverse().concat(foreign))).toEqual(match(others));
  }), { numRuns: 60 });
});
