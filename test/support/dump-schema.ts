// The schema as text, from the catalogue alone: the embedded server ships no pg_dump. Dated partitions are left out.
import type pg from 'pg';

const TABLES = `
SELECT c.oid, c.relname AS name, pg_get_partkeydef(c.oid) AS partition_key
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`;
const COLUMNS = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default_value,
       col_description(a.attrelid, a.attnum) AS comment
FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;
const CONSTRAINTS = `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = $1 AND contype <> 'n' ORDER BY conname`;
const INDEXES = `SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
WHERE i.indrelid = $1 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = $1) ORDER BY 1`;
const TRIGGERS = `SELECT pg_get_triggerdef(oid) AS definition, tgenabled AS enabled FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY tgname`;
const FUNCTIONS = `SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' ORDER BY p.proname`;

/** Deterministic SQL-like text of every table, constraint, index, trigger and function of the public schema. */
export async function dumpSchema(pool: pg.Pool): Promise<string> {
  const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await pool.query<T>(sql, values)).rows;
  const parts = ['-- The whole schema after all migrations. Made by `npm run schema`; a test compares it with a migrated database.\n'];
  for (const table of await rows<{ oid: number; name: string; partition_key: string | null }>(TABLES)) {
    const columns = await rows<{ name: string; type: string; not_null: boolean; default_value: string | null; comment: string | null }>(COLUMNS, [table.oid]);
    const constraints = await rows<{ name: string; definition: string }>(CONSTRAINTS, [table.oid]);
    const lines = [
      ...columns.map((c) => `  ${c.name} ${c.type}${c.not_null ? ' NOT NULL' : ''}${c.default_value === null ? '' : ` DEFAULT ${c.default_value}`}`),
      ...constraints.map((c) => `  CONSTRAINT ${c.name} ${c.definition}`),
    ];
    parts.push(`\nCREATE TABLE ${table.name} (\n${lines.join(',\n')}\n)${table.partition_key ? ` PARTITION BY ${table.partition_key}` : ''};\n`);
    for (const { definition } of await rows<{ definition: string }>(INDEXES, [table.oid])) parts.push(`${definition};\n`);
    for (const trigger of await rows<{ definition: string; enabled: string }>(TRIGGERS, [table.oid])) parts.push(`${trigger.definition};${trigger.enabled === 'A' ? ' -- enabled always' : ''}\n`);
    for (const c of columns) if (c.comment) parts.push(`COMMENT ON COLUMN ${table.name}.${c.name} IS '${c.comment.replaceAll("'", "''")}';\n`);
  }
  for (const { definition } of await rows<{ definition: string }>(FUNCTIONS)) parts.push(`\n${definition.trimEnd()};\n`);
  return parts.join('');
}
