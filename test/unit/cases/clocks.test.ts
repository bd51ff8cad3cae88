// Deadlines by the operator's calendar: month ends, daylight saving, working days, hours.
import fc from 'fast-check';
import { deadlineOf, endOfSpan, extendDeadline, isSpan, stageOf } from '../../../src/domain/cases/clock-rules.js';
import { MACHINES } from '../../../src/domain/cases/kinds.js';
import { CASE_KINDS } from '../../../src/domain/cases/machine.js';
import { dayOf, startOfDay } from '../../../src/kernel/period.js';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kathmandu'];
const anyTime = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
const clock = (kind: 'lawful_request' | 'subject_request', name: string) => MACHINES[kind].clocks.find((one) => one.name === name)!;
const local = (at: Date, zone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at);

test.each([
  ['2026-01-31T09:00:00Z', 'P1M', 'Europe/Berlin', '2026-03-01 00:00:00'], // the end of 28 February
  ['2028-01-31T09:00:00Z', 'P1M', 'Europe/Berlin', '2028-03-01 00:00:00'], // the end of 29 February
  ['2026-03-28T23:30:00Z', 'P1D', 'Europe/Berlin', '2026-03-31 00:00:00'], // 29 March, 00:30 there: the day the clocks go forward
  ['2026-10-24T12:00:00Z', 'P1D', 'Europe/Berlin', '2026-10-26 00:00:00'], // over the night the clocks go back
  ['2026-11-24T23:30:00Z', 'P10D', 'Asia/Shanghai', '2026-12-06 00:00:00'], // already the 25th there
  ['2026-11-24T10:00:00Z', 'B10', 'UTC', '2026-12-09 00:00:00'], // two weekends
  ['2026-11-27T10:00:00Z', 'B1', 'UTC', '2026-12-01 00:00:00'], // a Friday: the end of Monday
  ['2026-11-28T10:00:00Z', 'B1', 'UTC', '2026-12-01 00:00:00'], // a Saturday: the same
])('a span from %s of %s in %s ends at %s there', (start, span, zone, end) => {
  expect(local(endOfSpan(new Date(start), span, zone), zone)).toBe(end);
});

test('hours pass exactly, also in the night the clocks change', () => {
  for (const start of ['2026-03-28T20:00:00Z', '2026-10-24T20:00:00Z', '2026-06-01T00:00:00Z']) {
    for (const zone of ZONES) expect(endOfSpan(new Date(start), 'PT8H', zone).getTime() - Date.parse(start)).toBe(8 * 3_600_000);
  }
});

test('whatever the day, zone and preset: amber is not after red, red not after due, all are after the start, and days end at midnight', () => {
  const rules = CASE_KINDS.flatMap((kind) => MACHINES[kind].clocks.flatMap((rule) => rule.presets.map(({ id, due, amber, red, source }) => ({ ...rule, presets: [{ id, due, amber, red, source }] }))));
  fc.assert(fc.property(anyTime, fc.constantFrom(...ZONES), fc.constantFrom(...rules), (start, zone, rule) => {
    const { amberAt, redAt, dueAt } = deadlineOf(rule, {}, start, zone);
    expect(start < amberAt && amberAt <= redAt && redAt <= dueAt).toBe(true);
    if (rule.presets[0]!.due.startsWith('PT')) return;
    expect(startOfDay(dayOf(dueAt, zone), zone).getTime()).toBe(dueAt.getTime());
    const later = deadlineOf(rule, {}, new Date(start.getTime() + 86_400_000), zone);
    expect(later.dueAt >= dueAt).toBe(true);
  }), { numRuns: 500 });
});

test('an extension moves every stage on and never beyond what the law counts from the first day', () => {
  fc.assert(fc.property(anyTime, fc.constantFrom(...ZONES), (start, zone) => {
    const first = deadlineOf(clock('subject_request', 'answer'), { law: 'gdpr' }, start, zone), longer = extendDeadline(first, first.extension!, zone);
    expect(longer.amberAt > first.amberAt && longer.redAt > first.redAt && longer.dueAt > first.dueAt).toBe(true);
    expect(longer.dueAt <= endOfSpan(start, 'P3M', zone)).toBe(true);
  }), { numRuns: 300 });
});

test('the preset is chosen by the facts, a setting takes its place, and a day that is named goes before both', () => {
  const start = new Date('2026-11-24T10:00:00Z'), answer = clock('lawful_request', 'answer');
  expect(deadlineOf(answer, { regime: 'eu_e_evidence', emergency: true }, start, 'UTC')).toMatchObject({ preset: 'eu-emergency', dueAt: new Date('2026-11-24T18:00:00Z') });
  expect(deadlineOf(answer, { regime: 'eu_e_evidence' }, start, 'UTC')).toMatchObject({ preset: 'eu-production', dueAt: new Date('2026-12-05T00:00:00Z') });
  expect(deadlineOf(answer, { regime: 'us_sca' }, start, 'UTC', { 'lawful-house': { due: 'P5D', amber: 'P2D', red: 'P4D', source: 'our own' } })).toMatchObject({ source: 'our own', dueAt: new Date('2026-11-30T00:00:00Z') });
  const named = deadlineOf(answer, { regime: 'eu_e_evidence', due_on: '2026-11-30' }, start, 'Europe/Berlin');
  expect(named).toMatchObject({ dueAt: new Date('2026-11-30T23:00:00Z') });
  expect([stageOf(named, start), stageOf(named, named.amberAt), stageOf(named, named.redAt), stageOf(named, named.dueAt)]).toEqual(['running', 'amber', 'red', 'overdue']);
  expect(deadlineOf(clock('lawful_request', 'preservation'), { regime: 'us_sca' }, start, 'UTC')).toMatchObject({ dueAt: new Date('2027-02-23T00:00:00Z'), extension: 'P90D' });
});

test.each([['P10D', true], ['P1M', true], ['B10', true], ['PT8H', true], ['B0', false], ['B261', false], ['P0D', false], ['PT0H', false], ['P1DT2H', false], ['PT30M', false], ['ten days', false], ['-P1D', false]])('%s is a span: %s', (text, is) => {
  expect(isSpan(text)).toBe(is);
});
