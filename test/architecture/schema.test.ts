import { readFileSync, writeFileSync } from 'node:fs';
import { RECORD_TABLES } from '../../src/domain/ledger/record-tables.js';
import { EXEMPT_TABLES, TABLES_BY_DATA_TYPE } from '../../src/kernel/data-types.js';
import { PARTITIONED } from '../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { dumpSchema } from '../support/dump-schema.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const query = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await test_.app.database.reader.query<T>(sql, values)).rows;

test('migrations/schema.sql is what the migrations make (npm run schema renews it)', async () => {
  const actual = await dumpSchema(test_.app.database.reader);
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync('migrations/schema.sql', actual);
  expect(actual).toBe(readFileSync('migrations/schema.sql', 'utf8'));
});

test('every table belongs to a data type or is exempt by name', async () => {
  const tables = await query<{ name: string }>(`SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'vault') AND c.relkind IN ('r','p') AND NOT c.relispartition ORDER BY 1`);
  const registered = [...Object.values(TABLES_BY_DATA_TYPE).flat(), ...Object.keys(EXEMPT_TABLES)].sort();
  expect(tables.map((row) => row.name).sort()).toEqual(registered);
});

test.each(Object.entries(RECORD_TABLES))('the commitment of %s covers every column but the ledger\'s own', async (table, spec) => {
  const columns = await query<{ name: string }>(`SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`, [table]);
  const ledgerOwn = ['schema_version', 'salt', 'batch_id', 'batch_position'];
  expect(columns.map((row) => row.name).filter((name) => !ledgerOwn.includes(name)).sort()).toEqual(Object.keys(spec.columns).sort());
});

test('no foreign key points into a partitioned table, and none has a default partition', async () => {
  const keys = await query<{ target: string }>(`SELECT confrelid::regclass::text AS target FROM pg_constraint WHERE contype = 'f'`);
  expect(keys.map((row) => row.target).filter((target) => target in PARTITIONED)).toEqual([]);
  expect(await query(`SELECT 1 FROM pg_partitioned_table WHERE partdefid <> 0`)).toEqual([]);
});

test('no column keeps request or answer content outside the vault', async () => {
  const suspicious = await query<{ column: string }>(`SELECT table_name || '.' || column_name AS column FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name ~ '(prompt|content|messages|completion|request_body|response_body)'`);
  expect(suspicious).toEqual([]);
});
