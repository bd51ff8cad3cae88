// Our own line wrapper: linear, lazy and safe for any text. pdfkit's is quadratic: 50,000 unbroken characters block for 65 s.
import type { Glyphs } from './glyphs.js';

export interface Line { readonly glyphs: readonly Glyphs[]; /** em */ readonly width: number; /** Of a text that begins with a letter read from the right: its lines start at the right edge. */ readonly fromRight?: boolean }

const IDEOGRAPHIC = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]/u;
/** Must not start a line. */
const CLOSING = /^[)\]}>,.;:!?%'"，。、；：！？）》」』】〕…—’”·]/u;
/** Must not end a line. */
const OPENING = /[([{<'"（《「『【〔‘“]$/u;
/** A line may break after these inside a word: paths, identifiers, e-mail addresses. */
const BREAK_AFTER = /[-/,;_=&@|]$/u;

/**
 * Lines of at most `width` em. Breaks at spaces, between ideographs, after punctuation of identifiers, and inside a word only when
 * the word alone is wider than a line. Spaces at a break stay at the end of the line before it. An empty text gives one empty line.
 */
export function* wrapLines(glyphs: Iterable<Glyphs>, width: number): Generator<Line> {
  let line: Glyphs[] = [];
  let lineWidth = 0;
  let breakAt = 0;
  let breakWidth = 0;
  let any = false;
  for (const glyph of glyphs) {
    any = true;
    const before = line.at(-1);
    if (before && mayBreak(before, glyph)) { breakAt = line.length; breakWidth = lineWidth; }
    if (lineWidth + glyph.advance > width && line.length > 0 && glyph.text !== ' ') {
      const cut = breakAt > 0 ? breakAt : line.length;
      yield { glyphs: line.slice(0, cut), width: breakAt > 0 ? breakWidth : lineWidth };
      line = line.slice(cut);
      lineWidth = line.reduce((sum, one) => sum + one.advance, 0);
      breakAt = 0;
      if (lineWidth + glyph.advance > width && line.length > 0) { yield { glyphs: line, width: lineWidth }; line = []; lineWidth = 0; }
    }
    // Spaces that hang over the edge are not drawn there, but a megabyte of them still has to end.
    if (glyph.text === ' ' && lineWidth > width * 1.5) { yield { glyphs: line, width: lineWidth }; line = []; lineWidth = 0; breakAt = 0; }
    line.push(glyph);
    lineWidth += glyph.advance;
  }
  if (line.length > 0 || !any) yield { glyphs: line, width: lineWidth };
}

function mayBreak(before: Glyphs, after: Glyphs): boolean {
  if (after.text === ' ' || CLOSING.test(after.text) || OPENING.test(before.text)) return false;
  if (before.text === ' ' || before.escaped || after.escaped || BREAK_AFTER.test(before.text)) return true;
  return IDEOGRAPHIC.test(before.text) || IDEOGRAPHIC.test(after.text);
}
