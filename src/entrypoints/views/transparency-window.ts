// Days of a transparency report as instants.
import { addPeriod, isDay, startOfDay } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';

/** Midnight to midnight of the operator's zone, the last day included. */
export function transparencyWindow(query: Readonly<Record<string, unknown>>, timeZone: string): { from: Date; to: Date; days: string; firstDay: string; lastDay: string } | Refusal {
  const { from, to } = query;
  if (typeof from !== 'string' || typeof to !== 'string' || !isDay(from) || !isDay(to) || from > to) return refuse('invalid_request', 'from and to are days as YYYY-MM-DD, in this order', 'from');
  return { from: startOfDay(from, timeZone), to: addPeriod(startOfDay(to, timeZone), 'P1D', timeZone), days: `${from}-${to}`, firstDay: from, lastDay: to };
}
