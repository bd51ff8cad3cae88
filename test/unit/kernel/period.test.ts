import { addPeriod, dayOf, isPeriod, startOfDay, subtractPeriod } from '../../../src/kernel/period.js';

const at = (text: string): Date => new Date(text);

test.each([
  ['a month after 31 January of a common year is 28 February', '2026-01-31T12:00:00Z', 'P1M', 'UTC', '2026-02-28T12:00:00Z'],
  ['a month after 31 January of a leap year is 29 February', '2028-01-31T12:00:00Z', 'P1M', 'UTC', '2028-02-29T12:00:00Z'],
  ['a year after 29 February is 28 February', '2028-02-29T00:00:00Z', 'P1Y', 'UTC', '2029-02-28T00:00:00Z'],
  ['six months are calendar months, not 180 days', '2026-03-01T00:00:00Z', 'P6M', 'UTC', '2026-09-01T00:00:00Z'],
  ['a day over the change to summer time has 23 hours', '2026-03-28T11:00:00Z', 'P1D', 'Europe/Berlin', '2026-03-29T10:00:00Z'],
  ['72 hours over the change are 72 hours', '2026-03-28T11:00:00Z', 'PT72H', 'Europe/Berlin', '2026-03-31T11:00:00Z'],
  ['nothing added is nothing added', '2026-03-28T11:00:00Z', 'P0D', 'Asia/Shanghai', '2026-03-28T11:00:00Z'],
])('%s', (_, start, period, zone, end) => { expect(addPeriod(at(start), period, zone)).toEqual(at(end)); });

test('subtracting is by the calendar too', () => {
  expect(subtractPeriod(at('2026-08-31T00:00:00Z'), 'P6M', 'UTC')).toEqual(at('2026-02-28T00:00:00Z'));
});

test('a day starts at the midnight of its zone', () => {
  expect(startOfDay('2026-11-24', 'Asia/Shanghai')).toEqual(at('2026-11-23T16:00:00Z'));
  expect(dayOf(at('2026-11-23T16:00:00Z'), 'Asia/Shanghai')).toBe('2026-11-24');
});

test.each([['P12M', true], ['P0D', true], ['PT72H', true], ['-P1D', false], ['P1.5Y', false], ['12', false], ['PT1S', false], ['forever', false]])(
  '%s is a period: %s', (text, expected) => { expect(isPeriod(text)).toBe(expected); });
