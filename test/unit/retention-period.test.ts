import fc from 'fast-check';
import { addPeriod, expiredBefore, isShorterPeriod } from '../../src/kernel/period.js';

const at = (text: string): Date => new Date(text);
const DAY_MS = 86_400_000;

test.each([
  ['twelve months back from a plain day, to the millisecond', '2026-11-24T10:20:30.123Z', 'P12M', 'UTC', '2025-11-24T10:20:30.123Z'],
  ['on 28 February of a common year only 28 January has gone by, not the days after it', '2026-02-28T12:00:00Z', 'P1M', 'UTC', '2026-01-28T12:00:00Z'],
  ['on 1 March all of 29, 30 and 31 January has gone by', '2026-03-01T00:00:00Z', 'P1M', 'UTC', '2026-02-01T00:00:00Z'],
  ['on 29 March nothing of March is a month old, and all of February is', '2026-03-29T10:00:00Z', 'P1M', 'UTC', '2026-03-01T00:00:00Z'],
  ['a year after 29 February is 28 February, so 29 February is old on 1 March', '2029-03-01T00:00:00Z', 'P1Y', 'UTC', '2028-03-01T00:00:00Z'],
  ['hours are exact hours over a clock change', '2026-03-31T11:00:00Z', 'PT72H', 'Europe/Berlin', '2026-03-28T11:00:00Z'],
  ['the calendar is that of the zone', '2026-03-31T16:30:00Z', 'P1M', 'Asia/Shanghai', '2026-02-28T16:30:00Z'],
  ['nothing kept is over at once', '2026-11-24T10:20:30.123Z', 'P0D', 'UTC', '2026-11-24T10:20:30.123Z'],
])('%s', (_, now, keep, zone, expected) => { expect(expiredBefore(at(now), keep, zone)).toEqual(at(expected)); });

const instant = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2040, 0, 1) }).map((ms) => new Date(ms));
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe');
const period = fc.oneof(fc.constantFrom('P6M', 'P12M', 'P3Y', 'P10Y', 'P30D', 'PT72H', 'P1M', 'P1Y2M10D', 'P1DT6H'),
  fc.record({ m: fc.nat(40), d: fc.nat(40), h: fc.nat(50) }).map(({ m, d, h }) => `P${m}M${d}DT${h}H`));
// Starts close to the edge, where being wrong is possible at all.
const offset = fc.oneof(fc.integer({ min: -5 * DAY_MS, max: 5 * DAY_MS }), fc.integer({ min: -7_200_000, max: 7_200_000 }), fc.constantFrom(-1, 0, 1));

test('nothing that began before the cut-off is younger than its period', () => {
  fc.assert(fc.property(instant, period, zone, offset, (now, keep, timeZone, ms) => {
    const cutOff = expiredBefore(now, keep, timeZone);
    const start = new Date(cutOff.getTime() + ms);
    if (start < cutOff) expect(addPeriod(start, keep, timeZone).getTime()).toBeLessThanOrEqual(now.getTime());
  }), { numRuns: 1_000 });
});

test('what is due for a day and an hour is before the cut-off', () => {
  fc.assert(fc.property(instant, period, zone, offset, (now, keep, timeZone, ms) => {
    const start = new Date(expiredBefore(now, keep, timeZone).getTime() + ms);
    if (addPeriod(start, keep, timeZone).getTime() + DAY_MS + 3_600_000 <= now.getTime()) expect(start.getTime()).toBeLessThan(expiredBefore(now, keep, timeZone).getTime());
  }), { numRuns: 1_000 });
});

test('the cut-off never moves back', () => {
  fc.assert(fc.property(instant, period, zone, fc.nat(3 * DAY_MS), (now, keep, timeZone, ms) => {
    expect(expiredBefore(new Date(now.getTime() + ms), keep, timeZone).getTime()).toBeGreaterThanOrEqual(expiredBefore(now, keep, timeZone).getTime());
  }), { numRuns: 1_000 });
});

test.each([
  ['P180D', 'P6M', true], ['P181D', 'P6M', true], ['P184D', 'P6M', false], ['P6M', 'P6M', false], ['P12M', 'P1Y', false], ['P1Y', 'P12M', false],
  ['P365D', 'P1Y', true], ['P366D', 'P1Y', false], ['P0D', 'PT1H', true], ['P30D', 'P1M', true], ['P31D', 'P1M', false], ['PT720H', 'P30D', false],
])('%s is shorter than %s: %s', (a, b, expected) => { expect(isShorterPeriod(a, b)).toBe(expected); });
