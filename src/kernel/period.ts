// Calendar arithmetic in the operator's time zone. Six months are six calendar months, not 180 days.
import { Temporal } from 'temporal-polyfill';

/** An ISO 8601 duration of calendar units: P12M, P3Y, P30D, PT72H, P0D. */
export type Period = string;

/** Whether the text is a period a policy may use: non-negative years, months, weeks, days, hours. */
export function isPeriod(text: string): boolean {
  try {
    const duration = Temporal.Duration.from(text);
    return duration.sign >= 0 && duration.minutes === 0 && duration.seconds === 0 && duration.milliseconds === 0;
  } catch { return false; }
}

/**
 * The instant `period` after `start`, by the wall calendar of `timeZone` (IANA name): 31 January + P1M is 28 or 29 February.
 * Throws RangeError for an unknown zone or malformed period.
 */
export function addPeriod(start: Date, period: Period, timeZone: string): Date {
  return shift(start, Temporal.Duration.from(period), timeZone);
}

/** The instant `period` before `end`, by the wall calendar of `timeZone`. */
export function subtractPeriod(end: Date, period: Period, timeZone: string): Date {
  return shift(end, Temporal.Duration.from(period).negated(), timeZone);
}

function shift(start: Date, duration: Temporal.Duration, timeZone: string): Date {
  const zoned = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone);
  return new Date(zoned.add(duration).epochMilliseconds);
}

/** Midnight that starts the calendar day `YYYY-MM-DD` in the zone. */
export function startOfDay(date: string, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);
}

/** Whether the text is a day of the calendar as YYYY-MM-DD: 2026-02-29 is not. */
export function isDay(text: string): boolean {
  try { return /^\d{4}-\d{2}-\d{2}$/.test(text) && Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text; } catch { return false; }
}

/** The calendar day `YYYY-MM-DD` of the instant in the zone. */
export function dayOf(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/**
 * The instant before which everything has been kept for `period` by `now`: start < expiredBefore(now, p) implies addPeriod(start, p) ≤ now.
 * Never early; late by less than a day, and only where months of different length or a clock change make the calendar fold.
 * It never moves back as `now` moves on, unlike `subtractPeriod` (28 March − P1M and 29 March − P1M are both 28 February).
 */
export function expiredBefore(now: Date, period: Period, timeZone: string): Date {
  const { years, months, weeks, days, hours } = Temporal.Duration.from(period);
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime() - hours * 3_600_000).toZonedDateTimeISO(timeZone);
  if (years + months + weeks + days === 0) return new Date(local.epochMilliseconds);
  const target = local.toPlainDate(), shift = { years, months, weeks, days };
  let day = target.subtract({ weeks, days }).subtract({ years, months }).subtract({ days: 4 });
  while (Temporal.PlainDate.compare(day.add(shift), target) < 0) day = day.add({ days: 1 });
  const start = day.toZonedDateTime(timeZone);
  const even = local.hoursInDay === 24 && start.hoursInDay === 24;
  if (!even || !day.add(shift).equals(target)) return new Date(start.epochMilliseconds);
  return new Date(day.toZonedDateTime({ timeZone, plainTime: local.toPlainTime() }).epochMilliseconds);
}

/** Whether `period` ends before `other` for some start: P180D and P6M are compared by the calendar, not by their names. */
export function isShorterPeriod(period: Period, other: Period): boolean {
  const a = sampleEnds(period), b = sampleEnds(other);
  return a.some((end, index) => end < b[index]!);
}

// A comparison cost 10 ms without: publishing asks for the same few periods against every legal limit.
const knownEnds = new Map<Period, readonly number[]>();
function sampleEnds(period: Period): readonly number[] {
  let ends = knownEnds.get(period);
  if (!ends) {
    const duration = Temporal.Duration.from(period);
    if (knownEnds.size >= 200) knownEnds.clear();
    knownEnds.set(period, ends = SAMPLE_STARTS.map((start) => start.add(duration).epochMilliseconds));
  }
  return ends;
}

// Starts that tell calendar periods apart: the ends and the middle of every month of four years, one of them a leap year.
const SAMPLE_STARTS = Array.from({ length: 48 }, (_, month) => Temporal.ZonedDateTime.from('2027-01-01T12:00[UTC]').add({ months: month }))
  .flatMap((first) => [1, 15, 28, first.daysInMonth].map((day) => first.with({ day })));
