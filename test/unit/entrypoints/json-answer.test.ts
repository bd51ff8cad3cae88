import { jsonAnswer } from '../../../src/entrypoints/http/api/json-answer.js';

test('a domain value is said in snake_case, RFC 3339, numbers and hex, at every depth', () => {
  const answer = jsonAnswer({ placedAt: new Date('2026-11-24T10:00:00Z'), rowsDeleted: 12n, root: Buffer.from('ab', 'hex'), items: [{ bytesFreed: 1n, doneAt: null }], reviewOn: '2027-01-01' });
  const typed: { placed_at: string; rows_deleted: number; root: string; items: { bytes_freed: number; done_at: null }[]; review_on: string } = answer;
  expect(typed).toEqual({ placed_at: '2026-11-24T10:00:00.000Z', rows_deleted: 12, root: 'ab', items: [{ bytes_freed: 1, done_at: null }], review_on: '2027-01-01' });
});

test('an integer that JSON would round is refused, not rounded', () => {
  expect(() => jsonAnswer(2n ** 53n)).toThrow(RangeError);
  expect(jsonAnswer(2n ** 53n - 1n)).toBe(9007199254740991);
});
