import fc from 'fast-check';
import { CONFIRMATION_COVERS, decideTransfer, type ConfirmationFacts } from '../../../src/domain/cross-border/transfer-rules.js';

const confirmation = (change: Partial<ConfirmationFacts> = {}): ConfirmationFacts => ({ confirmationId: 'c1', destination: 'US', basis: 'standard-contract',
  covers: [...CONFIRMATION_COVERS], confirmedAt: '2026-02-01', validUntil: '2029-02-01', withdrawn: false, ...change });
const ask = (confirmations: ConfirmationFacts[], destinations = ['US'], day = '2026-06-01') => decideTransfer({ origin: 'DE', destinations, confirmations, day });

test('a call that stays at home needs no confirmation', () => {
  expect(ask([], ['DE'])).toEqual({ crossBorder: false, allowed: true, missing: [], confirmationIds: [], basis: null });
});

test('a confirmation in force lets it go, and is named with its basis', () => {
  expect(ask([confirmation()])).toEqual({ crossBorder: true, allowed: true, missing: [], confirmationIds: ['c1'], basis: 'standard-contract' });
});

test.each<[string, Partial<ConfirmationFacts>, string?]>([
  ['for another destination', { destination: 'SG' }], ['not yet given', { confirmedAt: '2026-06-02' }], ['run out', { validUntil: '2026-05-31' }],
  ['withdrawn', { withdrawn: true }], ...CONFIRMATION_COVERS.map((left): [string, Partial<ConfirmationFacts>] => [`that does not cover ${left}`, { covers: CONFIRMATION_COVERS.filter((one) => one !== left) }]),
])('a confirmation %s does not count', (_, change) => {
  expect(ask([confirmation(change)])).toEqual({ crossBorder: true, allowed: false, missing: ['US'], confirmationIds: [], basis: null });
});

test.each(['2026-02-01', '2029-02-01'])('both its first and its last day count: %s', (day) => { expect(ask([confirmation()], ['US'], day).allowed).toBe(true); });

test('each foreign destination needs its own, and home among them does not help', () => {
  const both = [confirmation(), confirmation({ confirmationId: 'c2', destination: 'IE', basis: 'adequacy' })];
  expect(ask([confirmation()], ['DE', 'US', 'IE'])).toMatchObject({ allowed: false, missing: ['IE'] });
  expect(ask(both, ['DE', 'US', 'IE'])).toMatchObject({ allowed: true, missing: [], confirmationIds: ['c1', 'c2'], basis: 'adequacy, standard-contract' });
});

test('a provider that processes nowhere known counts as abroad and is refused', () => { expect(ask([confirmation()], [])).toMatchObject({ crossBorder: true, allowed: false }); });

test('of several for one destination the one valid longest is relied on', () => {
  expect(ask([confirmation({ confirmationId: 'short', validUntil: '2026-12-31' }), confirmation()]).confirmationIds).toEqual(['c1']);
});

test('nothing crosses a border unless every foreign destination has a confirmation', () => {
  const places = fc.constantFrom('DE', 'US', 'IE', 'SG', 'CN');
  fc.assert(fc.property(fc.array(places, { maxLength: 4 }), fc.array(places.map((destination) => confirmation({ destination, confirmationId: destination }))), (destinations, confirmations) => {
    const decision = ask(confirmations, destinations);
    const foreign = new Set(destinations.filter((place) => place !== 'DE'));
    const confirmed = new Set(confirmations.map((one) => one.destination));
    expect(decision.allowed).toBe(destinations.length > 0 && [...foreign].every((place) => confirmed.has(place)));
    if (decision.allowed) expect(new Set(decision.confirmationIds)).toEqual(foreign);
  }));
});
