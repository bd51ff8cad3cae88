// The calendar day of "now" in the operator's zone, worked out once a day instead of once a call.
import { dayOf, startOfDay } from '../../kernel/period.js';

/** A function from an instant to its day, YYYY-MM-DD, in the IANA zone. */
export function keepDay(timeZone: string): (at: Date) => string {
  let from = 0, to = 0, day = '';
  return (at) => {
    const now = at.getTime();
    if (now < from || now >= to) {
      day = dayOf(at, timeZone);
      from = startOfDay(day, timeZone).getTime();
      // No day is shorter than 22 hours, in any zone; asking once more is cheap.
      to = Math.max(now + 1, from + 22 * 3_600_000);
      if (now >= from + 22 * 3_600_000) to = now + 1_000;
    }
    return day;
  };
}
