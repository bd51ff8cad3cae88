// The list of sections; page numbers are filled in as the sections are reached.
import { INK } from '../pdf/canvas.js';
import { PAGE } from '../pdf/open-document.js';
import type { LaterText } from '../pdf/canvas.js';
import type { StructureElement } from '../pdf/pdfkit-internals.js';
import { oneLine, type Words } from '../pdf/words.js';
import type { Sheet } from './sheet.js';

const SIZE = 9.5;
const LEADING = 19;

/** Draws an entry for each title and answers the places of their page numbers. */
export function contents({ pdf }: Sheet, parent: StructureElement, titles: readonly Words[]): LaterText[] {
  const list = pdf.element(parent, 'TOC');
  const numbers = titles.map((title) => {
    const entry = pdf.element(list, 'TOCI');
    const glyphs = [...pdf.source.lines(oneLine(title, '   '), 'regular')].flatMap((line) => line.glyphs);
    const width = glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) * SIZE;
    const baseline = pdf.y + LEADING * 0.7;
    const number = pdf.later('regular', SIZE, 'right');
    const end = PAGE.width - PAGE.right - 24;
    pdf.marked(entry, 'TOCI', () => { pdf.canvas.text(glyphs, PAGE.left, baseline, SIZE, INK); number.draw(PAGE.width - PAGE.right, baseline); });
    const dot = pdf.source.width('.', 'regular') * SIZE + 1.6;
    const from = PAGE.left + width + 8;
    const dots = Math.max(0, Math.floor((end - 8 - from) / dot));
    pdf.artifact('Layout', () => { for (let i = 0; i < dots; i += 1) pdf.canvas.fill(end - 8 - i * dot, baseline - 0.8, 0.8, 0.8, [0.6, 0.63, 0.67]); });
    entry.end();
    pdf.y += LEADING;
    return number;
  });
  list.end();
  return numbers;
}
