// A provider's usage file: RFC 4180 CSV with the columns of the common exports, under any of their names. Pure.
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

/** The rows of the file; or a refusal that names the line and what is wrong with it. Either every row names a request, or none. */
export function parseUsage(csv: string): readonly UsageRow[] | Refusal {
  const lines = parseCsv(csv.replace(/^\uFEFF/, ''));
  if (isRefusal(lines)) return lines;
  const [header = [], ...body] = lines, named = header.map((cell) => cell.trim().toLowerCase()), at = (column: Column): number => named.findIndex((name) => (NAMES[column] as readonly string[]).includes(name));
  const places = Object.fromEntries((Object.keys(NAMES) as Column[]).map((column) => [column, at(column)])) as Record<Column, number>;
  for (const needed of ['day', 'model', 'input', 'output'] as const) if (places[needed] < 0) return wrong(1, `there is no column ${NAMES[needed].join(' or ')}`);
  if (body.length === 0) return wrong(1, 'there are no rows below the header');
  if (body.length > MOST_USAGE_ROWS) return wrong(1, `there are more than ${MOST_USAGE_ROWS} rows; split the file`);
  const rows: UsageRow[] = [];
  for (const [index, cells] of body.entries()) {
    const row = rowOf(cells, places, index + 2);
    if (isRefusal(row)) return row;
    if (rows.length > 0 && (row.upstreamRequestId === null) !== (rows[0]!.upstreamRequestId === null)) return wrong(index + 2, 'some rows name a request and some do not; give two files');
    rows.push(row);
  }
  return rows;
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

/** Cells by line; quoted cells may hold commas, quotes and line breaks. */
function parseCsv(text: string): string[][] | Refusal {
  const lines: string[][] = [];
  let cells: string[] = [], cell = '', quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === ',') { cells.push(cell); cell = ''; }
    else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at += 1;
      if (cells.length > 0 || cell !== '') lines.push([...cells, cell]);
      cells = []; cell = '';
    } else cell += sign;
  }
  if (quoted) return wrong(lines.length + 1, 'a quoted cell does not end');
  if (cells.length > 0 || cell !== '') lines.push([...cells, cell]);
  return lines;
}

function wrong(line: number, message: string): Refusal { return refuse('invalid_request', `line ${line}: ${message}`, 'csv'); }
