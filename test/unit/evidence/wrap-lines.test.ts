import fc from 'fast-check';
import type { Glyphs } from '../../../src/domain/evidence/pdf/glyphs.js';
import { wrapLines } from '../../../src/domain/evidence/pdf/wrap-lines.js';

const glyphs = (text: string): Glyphs[] => Array.from(text).map((one) => ({ text: one, advance: one > '\u2e80' ? 2 : 1, hex: '', font: undefined as never, escaped: one === '¤', rightToLeft: false, actual: false }));
const lines = (text: string, width: number): string[] => [...wrapLines(glyphs(text), width)].map((line) => line.glyphs.map((glyph) => glyph.text).join(''));

test.each([
  ['breaks after spaces', 'the quick brown fox', 10, ['the quick ', 'brown fox']],
  ['breaks between ideographs but never before closing punctuation', '本证据包，完整。', 8, ['本证据', '包，完', '整。']],
  ['breaks an identifier after its separators', '01a20d8f-e0bb-76e4', 10, ['01a20d8f-', 'e0bb-76e4']],
  ['breaks inside a word only when it is wider than a line', 'x aaaaaaaaaaaa b', 5, ['x ', 'aaaaa', 'aaaaa', 'aa b']],
  ['gives one empty line for nothing', '', 5, ['']],
  ['may break before and after an escape', 'aaaa¤bbbb', 5, ['aaaa¤', 'bbbb']],
])('%s', (_, text, width, expected) => { expect(lines(text, width)).toEqual(expected); });

test('loses nothing and keeps to the width, but for spaces that hang over', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '中', '。', '(', '¤'), maxLength: 200 }), fc.integer({ min: 3, max: 30 }), (text, width) => {
    const found = lines(text, width);
    expect(found.join('')).toBe(text);
    for (const line of found) expect(Array.from(line.trimEnd()).reduce((sum, one) => sum + (one > '\u2e80' ? 2 : 1), 0)).toBeLessThanOrEqual(width);
  }), { numRuns: 500 });
});
