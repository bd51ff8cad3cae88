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

/** The calendar day `YYYY-MM-DD` of the instant in the zone. */
export function dayOf(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
