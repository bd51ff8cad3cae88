import type { Glyphs } from '../../../src/domain/evidence/pdf/glyphs.js';
import { readingOrder } from '../../../src/domain/evidence/pdf/bidi-order.js';
import { joinWords, RIGHT_TO_LEFT } from '../../../src/domain/evidence/pdf/joined-words.js';
import { visibleClusters } from '../../../src/domain/evidence/pdf/visible-text.js';

const glyph = (text: string, escaped = false): Glyphs => ({ text, advance: 1, hex: '', font: undefined as never, escaped, rightToLeft: !escaped && RIGHT_TO_LEFT.test(text), actual: false });
const units = (text: string): Glyphs[] => [...joinWords(visibleClusters(text, () => true))].map((unit) => glyph(unit.text, unit.escaped));
/** Units from left to right as they are drawn; words stay whole, so their letters are in the order of reading. */
const drawn = (...lines: string[]): string[] => [...readingOrder(lines.join(''), lines.map((line) => ({ glyphs: units(line), width: 0 })), glyph)].map((line) => line.glyphs.map((one) => one.text).join('|'));

test.each([
  ['left to right text stays as it is', 'a b (c)', 'a| |b| |(|c|)'],
  ['words from right to left change places', 'שלום עולם', 'עולם| |שלום'],
  ['a phrase inside English is turned by itself', 'he said שלום עולם now', 'h|e| |s|a|i|d| |עולם| |שלום| |n|o|w'],
  ['digits keep their order, brackets are mirrored', 'שלום (12)', '(|1|2|)| |שלום'],
  ['an escape stands where it was, unturned', 'שלום \u202Eעולם', 'עולם|\\u{202e}| |שלום'],
  ['letters that join are one word', 'السلام عليكم', 'عليكم| |السلام'],
])('%s', (_, text, order) => { expect(drawn(text)).toEqual([order]); });

test('each line is turned by itself, in the direction of the first letter of the whole text', () => {
  expect(drawn('שלום עולם ', 'abc 1')).toEqual(['עולם| |שלום', 'a|b|c| |1']);
  expect(drawn('abc שלום ', 'עולם')).toEqual(['a|b|c| |שלום| ', 'עולם']);
});

test('lines of a text that begins at the right start there, as wide as what is drawn; others start at the left', () => {
  const lines = (text: string): unknown[] => [...readingOrder(text, [{ glyphs: units(text), width: 99 }], glyph)].map(({ width, fromRight = false }) => ({ width, fromRight }));
  // Two words and the space between them; the space at the end is not drawn.
  expect(lines('שלום עולם ')).toEqual([{ width: 3, fromRight: true }]);
  expect(lines('(12) שלום')).toEqual([{ width: 6, fromRight: true }]);
  expect(lines('abc שלום')).toEqual([{ width: 99, fromRight: false }]);
});

test('a word without an end is shaped in pieces', () => {
  const pieces = units('ب'.repeat(1_000));
  expect(Math.max(...pieces.map((one) => one.text.length))).toBeLessThanOrEqual(40);
  expect(pieces.map((one) => one.text).join('')).toBe('ب'.repeat(1_000));
});
