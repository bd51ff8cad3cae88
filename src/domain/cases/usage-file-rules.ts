// A provider's usage file: RFC 4180 CSV with the columns of the common exports, under any of their names. Pure.
import { parseCsv } from '../../kernel/csv.js';
import { isDay } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { isPlainLine } from '../../kernel/text.js';

export const MOST_USAGE_ROWS = 200_000;
/** One row: of a request where the provider names it, else the sum of a day and model. Days are UTC, as providers bill. */
export interface UsageRow { readonly upstreamRequestId: string | null; readonly day: string; readonly model: string; readonly inputTokens: bigint; readonly outputTokens: bigint; readonly amountMicros: bigint | null; readonly currency: string | null }

const NAMES = {
  id: ['request_id', 'upstream_request_id', 'id'], day: ['day', 'date', 'at', 'timestamp', 'start_time'], model: ['model', 'model_name', 'snapshot_id'], input: ['input_tokens', 'prompt_tokens', 'n_context_tokens_total'],
  output: ['output_tokens', 'completion_tokens', 'n_generated_tokens_total'], amount: ['amount', 'cost', 'amount_value'], currency: ['currency', 'amount_currency'],
} as const;
type Column = keyof typeof NAMES;

export interface UsageProblem { readonly line: number; readonly message: string }
/** Problems that are listed; a file of another kind has one on every line. */
const MOST_PROBLEMS = 100;

/** The rows of the file; or a refusal that names the first line that is wrong and what is wrong with it. */
export function parseUsage(csv: string): readonly UsageRow[] | Refusal {
  const { rows, problems: [first] } = readUsageFile(csv);
  return first ? wrong(first.line, first.message) : rows;
}

/** The rows of the file and everything that is wrong with it, by line. Either every row names a request, or none. */
export function readUsageFile(csv: string): { readonly rows: readonly UsageRow[]; readonly problems: readonly UsageProblem[] } {
  const { rows: [header, ...body], unclosed } = parseCsv(csv), named = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase()), at = (column: Column): number => named.findIndex((name) => (NAMES[column] as readonly string[]).includes(name));
  const places = Object.fromEntries((Object.keys(NAMES) as Column[]).map((column) => [column, at(column)])) as Record<Column, number>, problems: UsageProblem[] = [], rows: UsageRow[] = [];
  const note = (line: number, message: string): void => { if (problems.length < MOST_PROBLEMS) problems.push({ line, message }); };
  if (unclosed !== undefined) note(unclosed, 'a quoted cell does not end');
  for (const needed of ['day', 'model', 'input', 'output'] as const) if (places[needed] < 0) note(1, `there is no column ${NAMES[needed].join(' or ')}`);
  if (body.length === 0) note(1, 'there are no rows below the header');
  if (body.length > MOST_USAGE_ROWS) note(1, `there are more than ${MOST_USAGE_ROWS} rows; split the file`);
  if (problems.length > 0) return { rows, problems };
  for (const { line, cells } of body) {
    const row = rowOf(cells, places, line);
    if (isRefusal(row)) note(line, row.message.replace(/^line \d+: /, ''));
    else if (rows.length > 0 && (row.upstreamRequestId === null) !== (rows[0]!.upstreamRequestId === null)) note(line, 'some rows name a request and some do not; give two files');
    else rows.push(row);
  }
  return { rows, problems };
}

function rowOf(cells: readonly string[], places: Readonly<Record<Column, number>>, line: number): UsageRow | Refusal {
  const cell = (column: Column): string => cells[places[column]]?.trim() ?? '';
  const day = cell('day').slice(0, 10), model = cell('model'), id = cell('id'), input = cell('input'), output = cell('output'), amount = cell('amount'), currency = cell('currency').toUpperCase();
  if (!isDay(day)) return wrong(line, `"${day}" is not a day as YYYY-MM-DD`);
  if (!isPlainLine(model, 200)) return wrong(line, 'the model is missing');
  if (id !== '' && !isPlainLine(id, 256)) return wrong(line, 'the request id cannot be stored');
  if (!/^\d{1,15}$/.test(input) || !/^\d{1,15}$/.test(output)) return wrong(line, 'tokens are whole numbers');
  const micros = amount === '' ? null : microsOf(amount);
  if (micros === undefined) return wrong(line, `"${amount.slice(0, 40)}" is not an amount such as 12.345678`);
  if (micros !== null && !/^[A-Z]{3}$/.test(currency)) return wrong(line, 'an amount needs its currency, an ISO 4217 code');
  return { upstreamRequestId: id === '' ? null : id, day, model, inputTokens: BigInt(input), outputTokens: BigInt(output), amountMicros: micros, currency: micros === null ? null : currency };
}

/** Decimal text in micro-units, a seventh decimal rounded; undefined for anything else. */
function microsOf(text: string): bigint | undefined {
  const [, whole, part = ''] = /^(\d{1,12})(?:\.(\d{1,18}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, '0').slice(0, 6)) + (Number(part[6] ?? 0) >= 5 ? 1n : 0n);
}

function wrong(line: number, message: string): Refusal { return refuse('invalid_request', `line ${line}: ${message}`, 'csv'); }
