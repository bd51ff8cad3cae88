// Plain tables for people.

/** Columns padded to their widest cell; instants to the second, empty cells as "-". One line says so when there are no rows. */
export function table<Row>(rows: readonly Row[], columns: Readonly<Record<string, (row: Row) => unknown>>, nothing: string): string {
  if (rows.length === 0) return nothing;
  const names = Object.keys(columns);
  const cells = [names, ...rows.map((row) => names.map((name) => cell(columns[name]!(row))))];
  const widths = names.map((_, index) => Math.max(...cells.map((line) => line[index]!.length)));
  return cells.map((line) => line.map((text, index) => text.padEnd(widths[index]!)).join('  ').trimEnd()).join('\n');
}

/** Names and values, one a line. */
export function facts(pairs: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(pairs).map((name) => name.length));
  return Object.entries(pairs).map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`).join('\n');
}

/** A value as people read it. Control characters become spaces: a name from outside must not steer the terminal. */
export function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z');
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cell).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value)).replaceAll(/\p{Cc}/gu, ' ');
}
