// What can be taken out of a pack, and how: the column leaves the row, the salt leaves the record, and so the value leaves the file.
import type { PackDocument, PackRecord } from './pack-document.js';

/** Columns an officer or a template may take out, of whatever table has them. Ids, times, counts and amounts stay: without them a record says nothing. */
export const REDACTABLE = [
  'key_id', 'session_id', 'caller_region', 'client_request_id', 'upstream_request_id', 'answer_id', 'model', 'served_model', 'upstream_model', 'upstream_host', 'path',
  'actor_id', 'actor_name', 'reason', 'before', 'after', 'address', 'detail', 'operator_id',
] as const;
export type Redactable = (typeof REDACTABLE)[number];
export function isRedactable(column: string): column is Redactable { return (REDACTABLE as readonly string[]).includes(column); }

/** The record without these columns; untouched, salt included, when it has none of them or they are all empty. */
export function redactRecord(record: PackRecord, columns: ReadonlySet<string>): PackRecord {
  const redacted = Object.keys(record.row).filter((column) => columns.has(column) && record.row[column] !== null);
  if (redacted.length === 0) return record;
  return { ...record, redacted, salt: null, row: Object.fromEntries(Object.entries(record.row).filter(([column]) => !redacted.includes(column))) };
}

/** The redaction list: each field with the number of records it was taken out of. */
export function redactionList(records: readonly PackRecord[], template: readonly string[]): PackDocument['redactions'] {
  const counts = new Map<string, number>();
  for (const record of records) for (const column of record.redacted ?? []) counts.set(`${record.table}.${column}`, (counts.get(`${record.table}.${column}`) ?? 0) + 1);
  return [...counts].map(([field, count]) => ({ field, records: count, ground: template.includes(field.split('.')[1]!) ? 'template' as const : 'officer' as const }));
}

/** Values worth looking for: what was in the columns taken out, as texts of at least six characters. */
export function removedValues(records: readonly PackRecord[], columns: ReadonlySet<string>): Set<string> {
  const values = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') { if (value.length >= 6) values.add(value); }
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) collect(one);
  };
  // Facts inside before and after often repeat what the pack says anyway (its own id); only whole columns of text are looked for.
  for (const record of records) for (const column of columns) if (column !== 'before' && column !== 'after' && column !== 'detail' && !namesProcess(record, column)) collect(record.row[column]);
  return values;
}

/** Processes of ours have no name of a person: their id is their name, and that stands beside it. */
function namesProcess({ row }: PackRecord, column: string): boolean { return (column === 'actor_id' || column === 'actor_name') && row['actor_kind'] === 'system'; }
