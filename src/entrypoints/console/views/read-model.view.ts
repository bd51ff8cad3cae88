// Reads any read model with statements made of its own columns alone; values are always parameters.
import type pg from 'pg';
import { idLowerBound, isUuid } from '../../../kernel/ids.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import { columnOf, type Column, type ReadModel, type Section } from './read-model.js';

/** Counting stops here; lists say "more than 10,000". */
export const COUNT_CAP = 10_001;
/** The deepest row a list goes to by pages; beyond it one filters. OFFSET 400,000 took 1 s on 5 million rows. */
export const OFFSET_CAP = 10_000;
const LIMIT_CAP = 100;

export type FilterValue = string | { readonly from?: string; readonly to?: string };
export type Filters = Readonly<Record<string, FilterValue>>;
export type Row = Record<string, unknown>;
export interface ListOptions { readonly limit: number; readonly offset: number; readonly sortBy?: string | undefined; readonly direction?: 'asc' | 'desc' | undefined }
export interface ReadContext {
  readonly reader: pg.Pool;
  /** IANA zone in which days of filters are meant. */
  readonly timeZone: string;
  /** SQL for "retention lets the row be shown", for tables that have one. What is past it is hidden at once, before a purge removes it. */
  readonly shownSql: (table: string, alias: string, add: (value: unknown) => string) => Promise<string | undefined>;
}

/** Rows of one page. A filter that cannot be meant (unknown column, malformed id or day) matches nothing; it never widens the list. */
export async function listRows(context: ReadContext, model: ReadModel, filters: Filters, options: ListOptions): Promise<Row[]> {
  const { where, values } = await conditions(context, model, filters);
  const limit = bounded(options.limit, 1, LIMIT_CAP), offset = bounded(options.offset, 0, OFFSET_CAP);
  const text = `SELECT ${selection(model.columns)} FROM ${model.from}${where} ORDER BY ${orderBy(model, options)} LIMIT ${limit} OFFSET ${offset}`;
  return (await context.reader.query<Row>(text, values)).rows.map((row) => toPlain(model.columns, row));
}

/** How many rows match, up to COUNT_CAP. */
export async function countRows(context: ReadContext, model: ReadModel, filters: Filters): Promise<number> {
  const { where, values } = await conditions(context, model, filters);
  const { rows: [row] } = await context.reader.query<{ count: string }>(`SELECT count(*) FROM (SELECT 1 FROM ${model.from}${where} LIMIT ${COUNT_CAP}) counted`, values);
  return Number(row?.count ?? 0);
}

/** One record, or undefined; an id of another shape than the key's is none. */
export async function findRow(context: ReadContext, model: ReadModel, id: string): Promise<Row | undefined> {
  const key = columnOf(model, model.key)!;
  if (key.uuid && !isUuid(id)) return undefined;
  const values: unknown[] = [id], shown = await shownOf(context, model, (value) => `$${values.push(value)}`);
  const { rows: [row] } = await context.reader.query<Row>(`SELECT ${selection(model.columns)} FROM ${model.from} WHERE ${expression(key)} = $1${shown ? ` AND ${shown}` : ''}`, values);
  return row && toPlain(model.columns, row);
}

/** The rows of a section of the record, at most 100. */
export async function sectionRows({ reader }: ReadContext, section: Section, id: string): Promise<Row[]> {
  const { rows } = await reader.query<Row>(`SELECT ${selection(section.columns)} FROM (${section.sql}) section LIMIT ${LIMIT_CAP}`, [id]);
  return rows.map((row) => toPlain(section.columns, row));
}

/** What is no number counts as the least. */
function bounded(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(least, Math.trunc(value)), most) : value > 0 ? most : least;
}

/** Read models of one table say so by their FROM clause: the table and perhaps an alias. */
async function shownOf(context: ReadContext, model: ReadModel, add: (value: unknown) => string): Promise<string | undefined> {
  const [, table, alias = ''] = /^(\w+)(?: (\w+))?$/.exec(model.from) ?? [];
  return table === undefined ? undefined : await context.shownSql(table, alias, add);
}

async function conditions(context: ReadContext, model: ReadModel, filters: Filters): Promise<{ where: string; values: unknown[] }> {
  const values: unknown[] = [], { timeZone } = context;
  const parameter = (value: unknown): string => { values.push(value); return `$${values.length}`; };
  const parts = Object.entries(filters).map(([name, value]) => {
    const column = columnOf(model, name);
    return (column?.filter && condition(model, column, value, timeZone, parameter)) ?? 'false';
  });
  const shown = await shownOf(context, model, parameter);
  if (shown) parts.push(shown);
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
}

function condition(model: ReadModel, column: Column, value: FilterValue, timeZone: string, parameter: (value: unknown) => string): string | undefined {
  if (column.filter === 'range') return typeof value === 'object' ? rangeCondition(model, column, value, timeZone, parameter) : undefined;
  if (typeof value !== 'string') return undefined;
  if (column.uuid) return isUuid(value) ? `${expression(column)} = ${parameter(value)}` : undefined;
  if (column.values && !column.values.includes(value)) return undefined;
  if (column.kind === 'bool') return value === 'true' || value === 'false' ? `${expression(column)} = ${value}` : undefined;
  if (column.filter === 'member') return `${parameter(value)} = ANY(${expression(column)})`;
  if (column.filter === 'contains') return `${expression(column)} ILIKE ${parameter(`%${value.replace(/[\\%_]/g, '\\$&')}%`)}`;
  return `${expression(column)} = ${parameter(value)}`;
}

/** Both days included, midnight to midnight of the operator's zone; on big tables as bounds of ids, which choose the partitions. */
function rangeCondition(model: ReadModel, column: Column, range: { from?: string; to?: string }, timeZone: string, parameter: (value: unknown) => string): string | undefined {
  const key = columnOf(model, model.key)!;
  const bound = (at: Date): string => parameter(model.keyIsTime ? idLowerBound(at) : at);
  const subject = expression(model.keyIsTime ? key : column);
  try {
    const parts = [
      range.from ? `${subject} >= ${bound(startOfDay(range.from, timeZone))}` : undefined,
      range.to ? `${subject} < ${bound(addPeriod(startOfDay(range.to, timeZone), 'P1D', timeZone))}` : undefined,
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? 'true' : parts.join(' AND ');
  } catch { return undefined; }
}

function orderBy(model: ReadModel, options: ListOptions): string {
  const asked = options.sortBy === undefined ? undefined : columnOf(model, options.sortBy);
  const column = asked?.sort ? asked : columnOf(model, model.order.column)!;
  const direction = (asked?.sort ? options.direction : undefined) ?? model.order.direction;
  const key = columnOf(model, model.key)!;
  if (model.keyIsTime && column.kind === 'time') return `${expression(key)} ${direction}`;
  return `${expression(column)} ${direction} NULLS LAST, ${expression(key)} ${direction}`;
}

function expression(column: Column): string { return column.sql ?? column.name; }

function selection(columns: readonly Column[]): string {
  return columns.map((column) => `${expression(column)} AS ${column.name}`).join(', ');
}

/** Times as ISO text, JSON as text (its keys are data), everything else as PostgreSQL's driver gives it; bytes never leave. */
function toPlain(columns: readonly Column[], row: Row): Row {
  return Object.fromEntries(columns.map(({ name, kind }) => {
    const value = row[name];
    if (value instanceof Date) return [name, value.toISOString()];
    if (value instanceof Uint8Array) throw new TypeError(`column ${name} holds bytes, which a read model must not show`);
    if (kind === 'json' && value !== null && value !== undefined) return [name, JSON.stringify(value)];
    return [name, value ?? null];
  }));
}
