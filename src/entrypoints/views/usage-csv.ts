// Usage as a file for a spreadsheet. Names come from outside: a cell that a spreadsheet would take for a formula begins with an apostrophe.
import type { UsageGroup, UsageRow } from '../../domain/gateway/index.js';
import { formatMicros } from '../../kernel/money.js';

/** RFC 4180 with a header row; amounts in units of the currency, exact. */
export function usageCsv(groupBy: UsageGroup, rows: readonly UsageRow[]): string {
  const head = [groupBy, 'currency', 'calls', 'estimated_calls', 'input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens', 'reasoning_tokens', 'cost'];
  const lines = rows.map((row) => [row.group ?? '', row.currency ?? '', row.calls, row.estimated, row.input, row.cacheRead, row.cacheWrite, row.output, row.reasoning, formatMicros(row.costMicros)]);
  return [head, ...lines].map((line) => `${line.map((value) => csvCell(String(value))).join(',')}\r\n`).join('');
}

/** One cell: what begins like a formula is made text, and what needs quotes gets them. */
export function csvCell(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
