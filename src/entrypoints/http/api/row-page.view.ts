// One page of a table in the order of its key, for the lists of the management API; on the read-only connection.
import type pg from 'pg';
import { isUuid } from '../../../kernel/ids.js';
import { jsonMicros } from '../../../kernel/money.js';
import { refuse, type Refusal } from '../../../kernel/result.js';

export interface Listing {
  /** Table, view or join, as it stands behind FROM. */
  readonly from: string;
  readonly columns: string;
  /** The unique column that orders the list; of UUIDv7 ids that is the order of time. */
  readonly key: string;
  readonly keyKind: 'uuid' | 'text';
  /** Name of the key among the answered columns, when not `key` itself. */
  readonly keyName?: string;
  /** bigint columns, which arrive as text and are answered as numbers. */
  readonly integers?: readonly string[];
}
/** `{sql: 'account_id = ?', value}`; undefined values do not filter. */
export interface Condition { readonly sql: string; readonly value: unknown }
export interface PageRequest { readonly limit: number; readonly cursor?: string | undefined; readonly order?: 'oldest' | 'newest' }
/** Values as JSON has them: no Date, no bigint, no Buffer. */
export type Row = Record<string, unknown>;
export interface RowPage<T = Row> { readonly data: T[]; readonly next_cursor: string | null }

/** Rows behind the cursor, at most `limit`; a cursor of another list or order is refused as `invalid_request`. */
export async function readPage<T = Row>(reader: pg.Pool, listing: Listing, conditions: readonly Condition[], request: PageRequest): Promise<RowPage<T> | Refusal> {
  const values: unknown[] = [];
  const where: string[] = [];
  const order = request.order ?? 'oldest';
  const add = (sql: string, value: unknown): void => { values.push(value); where.push(sql.replaceAll('?', `$${values.length}`)); };
  for (const { sql, value } of conditions) if (value !== undefined) add(sql, value);
  if (request.cursor !== undefined) {
    const after = openCursor(request.cursor, order, listing.keyKind);
    if (after === undefined) return refuse('invalid_request', 'the cursor is not one this list gave in this order', 'query.cursor');
    add(`${listing.key} ${order === 'oldest' ? '>' : '<'} ?`, after);
  }
  values.push(request.limit + 1);
  const { rows } = await reader.query<Row>(`SELECT ${listing.columns} FROM ${listing.from} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
    ORDER BY ${listing.key} ${order === 'oldest' ? 'ASC' : 'DESC'} LIMIT $${values.length}`, values);
  const data = rows.slice(0, request.limit).map((row) => jsonRow(row, listing.integers));
  const last = data.at(-1)?.[listing.keyName ?? listing.key];
  return { data: data as T[], next_cursor: rows.length > request.limit ? Buffer.from(`${order}:${String(last)}`).toString('base64url') : null };
}

/** One row, or undefined. */
export async function readRow<T = Row>(reader: pg.Pool, listing: Listing, conditions: readonly Condition[]): Promise<T | undefined> {
  const found = await readPage<T>(reader, listing, conditions, { limit: 1 });
  return 'refused' in found ? undefined : found.data[0];
}

/** Instants as RFC 3339, bytes as hex, the named bigints as numbers, amounts of money as jsonMicros. */
export function jsonRow(row: Row, integers: readonly string[] = []): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name,
    value instanceof Date ? value.toISOString() : Buffer.isBuffer(value) ? value.toString('hex')
      : integers.includes(name) && typeof value === 'string' ? name.endsWith('_micros') ? jsonMicros(BigInt(value)) : Number(value) : value]));
}

function openCursor(cursor: string, order: string, kind: 'uuid' | 'text'): string | undefined {
  const [, from, key] = /^(oldest|newest):([a-z0-9-]{1,63})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return key === undefined || from !== order || (kind === 'uuid' && !isUuid(key)) ? undefined : key;
}
