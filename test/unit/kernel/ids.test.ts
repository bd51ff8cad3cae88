import fc from 'fast-check';
import { idLowerBound, instantOfId, isUuid, mintId } from '../../../src/kernel/ids.js';

test('ids of one process rise strictly, even in one millisecond and when the clock steps back a little', () => {
  const start = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: 20_000 }, (_, i) => mintId(new Date(start - (i % 7))));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id carries its instant, its version and its variant', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
    const bound = idLowerBound(new Date(ms));
    expect(instantOfId(bound).getTime()).toBe(ms);
    expect(isUuid(bound)).toBe(true);
  }));
  expect(mintId(new Date('2031-05-05T00:00:00Z'))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
});

test('a day bound separates the ids of two days', () => {
  const noon = new Date('2032-03-01T12:00:00Z'), next = new Date('2032-03-02T00:00:00Z');
  expect(mintId(noon) < idLowerBound(next)).toBe(true);
  expect(mintId(next) >= idLowerBound(next)).toBe(true);
});
