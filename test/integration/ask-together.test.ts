import fc from 'fast-check';
import { askTogether, question, type Value } from '../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const reader = () => test_.app.database.reader;
const ask = (type: string, value: Value) => question<{ same: boolean; read: unknown }, unknown>(`SELECT $1::${type} AS read`, [value], ([row]) => row!.read);

// PostgreSQL has no NUL and no half of a surrogate pair in a text.
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((one) => one.replaceAll('\u0000', '')), nasty = fc.constantFrom("'", "''", '\\', "\\'", '$1', '"', '{}', ';', '--', '/*', "E'\\x41'", 'NULL', '\n', ',', ' ');

test('every value arrives as it was given, whatever it holds', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(text, nasty), { maxLength: 6 }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.date({ min: new Date('1970-01-01'), max: new Date('2199-01-01'), noInvalidDate: true }), async (parts, number, at) => {
    const joined = parts.join('');
    expect(await askTogether(reader(), { one: ask('text', joined), list: ask('text[]', parts), number: ask('bigint', number), at: ask('timestamptz', at), nothing: ask('text', null), yes: ask('boolean', true) }))
      .toEqual({ one: joined, list: parts, number: String(number), at, nothing: null, yes: true });
  }), { numRuns: 60 });
});

test('a value with a NUL, a parameter without a value, and two statements in one question are refused', async () => {
  await expect(askTogether(reader(), { one: ask('text', 'a\u0000b') })).rejects.toThrow(TypeError);
  await expect(askTogether(reader(), { one: ask('text[]', ['a\u0000b']) })).rejects.toThrow(TypeError);
  await expect(askTogether(reader(), { one: question('SELECT $2::text AS read', ['a'], (rows) => rows) })).rejects.toThrow(TypeError);
  await expect(askTogether(reader(), { one: question('SELECT 1; SELECT 2', [], (rows) => rows) })).rejects.toThrow(TypeError);
});

test('a question that fails fails all of them, and the connection serves the next', async () => {
  await expect(askTogether(reader(), { good: ask('text', 'a'), bad: ask('uuid', 'no uuid') })).rejects.toMatchObject({ code: '22P02' });
  expect(await askTogether(reader(), { good: ask('text', 'a') })).toEqual({ good: 'a' });
});

test('what writes is refused on the reading pool', async () => {
  await expect(askTogether(reader(), { one: question("INSERT INTO sealer_lease (lease, holder, expires_at) VALUES ('x', 'x', now())", [], (rows) => rows) })).rejects.toMatchObject({ code: '25006' });
});
