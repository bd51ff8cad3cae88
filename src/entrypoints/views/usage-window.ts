// The window of a usage question: given, or the last 30 days of the operator's calendar, today included.
import type { App } from '../../app.js';
import { addPeriod, dayOf, startOfDay, subtractPeriod } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';

const DAY_MS = 86_400_000, MOST_DAYS = 400;

/** `from` and `to` are instants (RFC 3339) or days (YYYY-MM-DD, the last one included). Refuses `invalid_request` for a window that is none or too long. */
export function usageWindow(app: Pick<App, 'clock' | 'config'>, from: string | undefined, to: string | undefined): { from: Date; to: Date } | Refusal {
  const { timeZone } = app.config, isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);
  const tomorrow = addPeriod(startOfDay(dayOf(app.clock.now(), timeZone), timeZone), 'P1D', timeZone);
  const end = to === undefined ? tomorrow : isDay(to) ? addPeriod(startOfDay(to, timeZone), 'P1D', timeZone) : new Date(to);
  if (Number.isNaN(end.getTime())) return refuse('invalid_request', 'must be an instant or a day', 'to');
  const start = from === undefined ? subtractPeriod(end, 'P30D', timeZone) : isDay(from) ? startOfDay(from, timeZone) : new Date(from);
  if (Number.isNaN(start.getTime())) return refuse('invalid_request', 'must be an instant or a day', 'from');
  if (start >= end) return refuse('invalid_request', 'must be before the end of the window', 'from');
  return end.getTime() - start.getTime() > MOST_DAYS * DAY_MS ? refuse('invalid_request', `a window has at most ${MOST_DAYS} days`, 'from') : { from: start, to: end };
}
