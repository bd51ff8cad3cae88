// The canonical JSON of a row, written column by column: the same text as canonicalJson(canonicalRecord(…).row), at a third
// of its cost. A test compares both for every table.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { RECORD_TABLES, type ColumnKind, type RecordTableName } from './record-tables.js';

type Encode = (value: unknown) => string;
const ENCODERS: Record<ColumnKind, Encode> = {
  text: encodeText, uuid: encodeText,
  int: (value) => canonicalJson(value as number),
  bigint: (value) => `"${(typeof value === 'bigint' ? value : BigInt(value as string | number)).toString()}"`,
  bool: (value) => (value === true ? 'true' : value === false ? 'false' : canonicalJson(value as Json)),
  time: (value) => `"${(value instanceof Date ? value : new Date(value as string)).toISOString()}"`,
  'text[]': (value) => canonicalJson(value as Json), 'uuid[]': (value) => canonicalJson(value as Json), jsonb: (value) => canonicalJson(value as Json),
};

function encodeText(value: unknown): string {
  if (typeof value !== 'string' || !value.isWellFormed()) return canonicalJson(value as Json); // which says what is wrong with it
  return JSON.stringify(value);
}

interface Column { readonly name: string; readonly before: string; readonly encode: Encode }
const COLUMNS = Object.fromEntries(Object.entries(RECORD_TABLES).map(([table, { columns }]) => [table,
  Object.entries<ColumnKind>(columns).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, kind], index): Column => ({ name, before: `${index === 0 ? '{' : ','}"${name}":`, encode: ENCODERS[kind] }))])) as Record<RecordTableName, Column[]>;

/** RFC 8785 text of the row alone, up to its closing brace. Throws TypeError for a missing column or a value without canonical form. */
export function encodeOpenRow(table: RecordTableName, row: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const { name, before, encode } of COLUMNS[table]) {
    const value = row[name];
    if (value === undefined) throw new TypeError(`${table}.${name} is missing`);
    text += before + (value === null ? 'null' : encode(value));
  }
  return text;
}
