// Lines in the order in which they are drawn: the Unicode bidirectional algorithm, line by line. Explicit controls never get here, they
// are printed as escapes, so only the direction of the letters themselves decides.
import bidiPackage from 'bidi-js';
import type { Glyphs } from './glyphs.js';
import { RIGHT_TO_LEFT } from './joined-words.js';
import type { Line } from './wrap-lines.js';

// A CommonJS function in truth, a default export by its types.
const bidi = (bidiPackage as unknown as typeof bidiPackage.default)();
const STRONG = /\p{L}/u;
/** Takes the direction of what is around it. */
const NEUTRAL = '\ufffc';

/** The direction of a text is that of its first letter. `lookUp` finds the glyph of a mirrored bracket. */
export function* readingOrder(text: string, lines: Iterable<Line>, lookUp: (mirrored: string) => Glyphs | null): Generator<Line> {
  const base = RIGHT_TO_LEFT.test(STRONG.exec(text)?.[0] ?? '') ? 1 : 0;
  let before = base === 1 ? 'א' : 'a';
  for (const line of lines) {
    if (base === 0 && before === 'a' && !line.glyphs.some((glyph) => glyph.rightToLeft)) { yield line; continue; }
    const glyphs = reorder(line.glyphs, base, before, lookUp);
    yield base === 1 ? { glyphs, width: glyphs.reduce((sum, glyph) => sum + glyph.advance, 0), fromRight: true } : { ...line, glyphs };
    const last = line.glyphs.findLast((glyph) => !glyph.escaped && STRONG.test(glyph.text));
    if (last) before = last.rightToLeft ? 'א' : 'a';
  }
}

function reorder(glyphs: readonly Glyphs[], base: 0 | 1, before: string, lookUp: (mirrored: string) => Glyphs | null): Glyphs[] {
  const texts = glyphs.map((glyph) => (glyph.escaped ? NEUTRAL : glyph.text));
  // The last letter of the line before stands in front, so that digits and neutrals see what came before them.
  const { levels } = bidi.getEmbeddingLevels(before + texts.join(''), base === 1 ? 'rtl' : 'ltr');
  let at = 1;
  const units = glyphs.map((glyph, index) => {
    const level = levels[at]!;
    at += texts[index]!.length;
    return { glyph, level };
  });
  // Spaces at the end of a line belong to the text as a whole; of one that starts at the right they would only leave a gap at the left.
  for (let index = units.length - 1; index > 0 && units[index]!.glyph.text === ' '; index -= 1) if (base === 1) units.pop(); else units[index]!.level = 0;
  const highest = Math.max(0, ...units.map((unit) => unit.level));
  for (let level = highest; level > 0; level -= 1) {
    for (let start = 0; start < units.length; start += 1) {
      if (units[start]!.level < level) continue;
      let end = start;
      while (end < units.length && units[end]!.level >= level) end += 1;
      units.splice(start, end - start, ...units.slice(start, end).reverse());
      start = end;
    }
  }
  return units.map(({ glyph, level }) => {
    const mirrored = level % 2 === 1 && !glyph.escaped ? bidi.getMirroredCharacter(glyph.text) : null;
    return (mirrored !== null && lookUp(mirrored)) || glyph;
  });
}
