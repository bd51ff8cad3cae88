// Headings, paragraphs, notices and listings, each tagged as what it is.
import { AMBER, AMBER_SHADE, INK, MUTED, NAVY, SHADE, type Colour } from './canvas.js';
import type { Style } from './glyphs.js';
import { CONTENT_WIDTH, PAGE, type Pdf } from './open-document.js';
import type { StructureElement } from './pdfkit-internals.js';
import type { Words } from './words.js';

export interface TextLook { readonly style: Style; readonly size: number; readonly colour: Colour; /** Points. */ readonly leading: number }
export const BODY: TextLook = { style: 'regular', size: 9.5, colour: INK, leading: 14 };
export const SMALL: TextLook = { style: 'regular', size: 8, colour: MUTED, leading: 11.5 };
const HEADINGS = { 1: { style: 'bold', size: 15, colour: NAVY, leading: 20 }, 2: { style: 'bold', size: 11, colour: NAVY, leading: 15 } } as const satisfies Record<1 | 2, TextLook>;
const CODE: TextLook = { style: 'mono', size: 7.8, colour: INK, leading: 11.2 };

/** A heading with its bookmark; never left alone at the foot of a page. Later pieces stand below the first, smaller. */
export async function heading(pdf: Pdf, parent: StructureElement, level: 1 | 2, words: Words, options: { bookmark?: boolean } = {}): Promise<void> {
  const look = HEADINGS[level];
  await pdf.reserve(words.length * look.leading + (level === 1 ? 120 : 90));
  if (pdf.y > PAGE.top) pdf.y += level === 1 ? 18 : 10;
  if (options.bookmark !== false) pdf.bookmark(words.map((piece) => piece.text).join(' · '), level);
  const element = pdf.element(parent, `H${level}`);
  for (const [index, piece] of words.entries()) {
    const size = index === 0 ? look.size : look.size * 0.8;
    for (const line of pdf.source.lines(piece.text, look.style, CONTENT_WIDTH / size)) {
      pdf.marked(element, `H${level}`, () => pdf.inLanguage(piece.lang, () => pdf.canvas.text(line.glyphs, PAGE.left, pdf.y + size, size, index === 0 ? look.colour : MUTED)));
      pdf.y += index === 0 ? look.leading : look.leading * 0.85;
    }
  }
  element.end();
  pdf.y += level === 1 ? 6 : 4;
}

/** Paragraphs, one for each piece. */
export async function paragraph(pdf: Pdf, parent: StructureElement, words: Words, look: TextLook = BODY, indent = 0): Promise<void> {
  for (const piece of words) {
    const element = pdf.element(parent, 'P', piece.lang === undefined ? {} : { lang: piece.lang });
    await flow(pdf, element, 'P', piece.text, look, PAGE.left + indent, CONTENT_WIDTH - indent);
    element.end();
    pdf.y += look.leading * 0.35;
  }
}

/** Lines of one text, over as many pages as it takes. */
async function flow(pdf: Pdf, element: StructureElement, tag: string, text: string, look: TextLook, x: number, width: number): Promise<void> {
  for (const line of pdf.source.lines(text, look.style, width / look.size)) {
    await pdf.reserve(look.leading);
    await pdf.breathe();
    const start = line.fromRight ? x + width - line.width * look.size : x;
    pdf.marked(element, tag, () => pdf.canvas.text(line.glyphs, start, pdf.y + look.leading * 0.75, look.size, look.colour));
    pdf.y += look.leading;
  }
}

/** A boxed statement that must not be overlooked. Kept on one page; meant for a few lines. */
export async function notice(pdf: Pdf, parent: StructureElement, words: Words): Promise<void> {
  const look: TextLook = { ...BODY, style: 'bold', size: 9, leading: 13 };
  const inner = CONTENT_WIDTH - 28;
  const lines = words.flatMap((piece) => [...pdf.source.lines(piece.text, look.style, inner / look.size)].map((line) => ({ line, lang: piece.lang })));
  const height = lines.length * look.leading + 14;
  await pdf.reserve(height + 8);
  const top = pdf.y;
  pdf.artifact('Layout', () => {
    pdf.canvas.fill(PAGE.left, top, CONTENT_WIDTH, height, AMBER_SHADE);
    pdf.canvas.fill(PAGE.left, top, 3, height, AMBER);
  });
  const element = pdf.element(parent, 'P');
  pdf.y += 7;
  for (const { line, lang } of lines) {
    pdf.marked(element, 'P', () => pdf.inLanguage(lang, () => pdf.canvas.text(line.glyphs, PAGE.left + 16, pdf.y + look.leading * 0.74, look.size, INK)));
    pdf.y += look.leading;
  }
  element.end();
  pdf.y = top + height + 10;
}

/** Text to be read or typed exactly: commands, signed texts. Long lines continue on the next. */
export async function listing(pdf: Pdf, parent: StructureElement, text: string): Promise<void> {
  const element = pdf.element(parent, 'P');
  const width = (CONTENT_WIDTH - 20) / CODE.size;
  await pdf.reserve(CODE.leading * Math.min(text.split('\n').length, 12) + 10);
  const strip = (height: number): void => pdf.artifact('Layout', () => pdf.canvas.fill(PAGE.left, pdf.y, CONTENT_WIDTH, height, SHADE));
  strip(5);
  pdf.y += 5;
  for (const source of text.split('\n')) {
    for (const line of pdf.source.lines(source, CODE.style, width)) {
      await pdf.reserve(CODE.leading);
      await pdf.breathe();
      strip(CODE.leading);
      pdf.marked(element, 'P', () => pdf.canvas.text(line.glyphs, PAGE.left + 10, pdf.y + CODE.leading * 0.75, CODE.size, CODE.colour));
      pdf.y += CODE.leading;
    }
  }
  strip(5);
  element.end();
  pdf.y += 5 + 9;
}
