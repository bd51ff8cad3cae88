// Cron expressions as the queue understands them: its own parser says what is valid and when the next runs are.
import cronParser from 'cron-parser';

/** Whether the text is a five-field cron expression (minute, hour, day of month, month, day of week) that ever comes due. */
export function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try { cronParser.parseExpression(text, { tz: 'UTC' }).next(); return true; } catch { return false; }
}

/** The next `count` instants after `after` at which the expression comes due by the clock of the IANA zone. Throws for what `isCron` denies. */
export function nextRuns(cron: string, timeZone: string, after: Date, count: number): Date[] {
  const expression = cronParser.parseExpression(cron, { tz: timeZone, currentDate: after });
  return Array.from({ length: count }, () => new Date(expression.next().getTime()));
}
