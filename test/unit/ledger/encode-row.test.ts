import fc from 'fast-check';
import { encodeOpenRow } from '../../../src/domain/ledger/encode-row.js';
import { canonicalRecord, commitmentOf } from '../../../src/domain/ledger/record.js';
import { RECORD_TABLES, type ColumnKind, type RecordTableName } from '../../../src/domain/ledger/record-tables.js';
import { batchStatement, type LedgerRecord } from '../../../src/domain/ledger/write-records.js';
import { canonicalJson } from '../../../src/kernel/canonical-json.js';

const text = fc.string({ unit: 'binary' }).map((one) => one.toWellFormed()), orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const values: Record<ColumnKind, fc.Arbitrary<unknown>> = {
  text: orNull(text), uuid: orNull(fc.uuid()), int: orNull(fc.integer()), bigint: orNull(fc.oneof(fc.bigInt(), fc.integer(), fc.bigInt().map(String))), bool: orNull(fc.boolean()),
  time: fc.date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2100-01-01') }), 'text[]': fc.array(text), 'uuid[]': fc.array(fc.uuid()),
  jsonb: orNull(fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value).toWellFormed()) as unknown)),
};
const rowOf = (table: RecordTableName): fc.Arbitrary<Record<string, unknown>> => fc.record(Object.fromEntries(Object.entries<ColumnKind>(RECORD_TABLES[table].columns).map(([name, kind]) => [name, values[kind]])));

describe.each(Object.keys(RECORD_TABLES) as RecordTableName[])('%s', (table) => {
  test('the text written is the canonical JSON of the row, and what is stored and committed to says the same', () => {
    fc.assert(fc.property(rowOf(table), (row) => {
      const record = canonicalRecord(table, row), encoded = `${encodeOpenRow(table, row)}}`;
      expect(encoded).toBe(canonicalJson(record.row));
      const { values: [, , , count, commitments, stored] } = batchStatement([{ table, row } as unknown as LedgerRecord], 'w', new Date());
      const [sent] = JSON.parse(stored as string) as [Record<string, unknown>];
      const { salt, schema_version, batch_id, batch_position, ...rest } = sent;
      expect(rest).toEqual(record.row);
      expect([count, schema_version, batch_position, typeof batch_id]).toEqual([1, record.version, 0, 'string']);
      expect(salt).toMatch(/^\\x[0-9a-f]{32}$/);
      expect(commitments).toEqual(commitmentOf(record, Buffer.from((salt as string).slice(2), 'hex')));
    }), { numRuns: 60 });
  });
  test('a column left out or without canonical form is a fault', () => {
    const [row] = fc.sample(rowOf(table), 1) as [Record<string, unknown>];
    const [first] = Object.keys(row) as [string];
    expect(() => encodeOpenRow(table, { ...row, [first]: undefined })).toThrow(`${table}.${first} is missing`);
    expect(() => encodeOpenRow(table, { ...row, [first]: '\ud800' })).toThrow(TypeError);
  });
});

test('no two records share a salt, and a record larger than the scratch space is committed to like any other', () => {
  const event = (detail: string): LedgerRecord => ({ table: 'security_events', row: { event_id: 'e', at: new Date(), kind: 'k', severity: 'info', account_id: null, key_id: null, operator_id: null, address: null, detail } });
  const { values: [, , , , commitments, stored] } = batchStatement(Array.from({ length: 3_000 }, (_, i) => event(i === 1_500 ? 'é'.repeat(50_000) : 'x')), 'w', new Date());
  const rows = JSON.parse(stored as string) as { salt: string; detail: string; at: string; batch_position: number }[];
  expect(new Set(rows.map((row) => row.salt)).size).toBe(3_000);
  for (const index of [0, 1_500, 2_999]) {
    const row = rows[index]!, expected = commitmentOf(canonicalRecord('security_events', { ...event(row.detail).row, at: row.at }), Buffer.from(row.salt.slice(2), 'hex'));
    expect((commitments as Buffer).subarray(32 * index, 32 * index + 32)).toEqual(expected);
  }
});
