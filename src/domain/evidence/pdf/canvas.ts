// Drawing operators for the current page. Coordinates are points from the top left corner, as pdfkit flips its pages.
import type { AsciiRun, Glyphs, GlyphSource, Style } from './glyphs.js';
import type { PdfDocument, PdfRef } from './pdfkit-internals.js';

/** DeviceRGB, 0 to 1; the output intent is sRGB. */
export type Colour = readonly [number, number, number];
export const INK: Colour = [0.1, 0.12, 0.16];
export const MUTED: Colour = [0.38, 0.41, 0.46];
export const NAVY: Colour = [0.07, 0.18, 0.36];
export const RULE: Colour = [0.8, 0.83, 0.87];
export const SHADE: Colour = [0.945, 0.955, 0.97];
export const AMBER: Colour = [0.72, 0.45, 0.05];
export const AMBER_SHADE: Colour = [0.995, 0.97, 0.91];
/** Escapes of characters that cannot be shown stand out from text that merely looks like one. */
const ESCAPE: Colour = [0.7, 0.15, 0.1];

const number = (value: number): string => String(Math.round(value * 1000) / 1000);
const rgb = (colour: Colour): string => colour.map(number).join(' ');

/** Text that is known only when the document is complete, such as the number of pages. Every one must be set before the end. */
export interface LaterText { draw(x: number, baseline: number): void; set(text: string): void }

export interface Canvas {
  /** Draws glyphs from `x` on the baseline. */
  text(glyphs: Iterable<Glyphs>, x: number, baseline: number, size: number, colour: Colour): void;
  /** Draws a run without escapes or marks. */
  ascii(run: AsciiRun, x: number, baseline: number, size: number, colour: Colour): void;
  fill(x: number, y: number, width: number, height: number, colour: Colour): void;
  /** A place for text set later, drawn any number of times. */
  later(style: Style, size: number, colour: Colour, align?: 'right'): LaterText;
  /** Draws inside marked content that the operator begins. */
  within(begin: string, draw: () => void): void;
  /** Puts what was drawn into the page; before it is digested or ends. */
  flush(): void;
  /** How many later texts still lack their text. */
  readonly unset: number;
}

/** Luminance, for prints without colour (Rec. 709). */
function greyOf([r, g, b]: Colour): Colour {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [y, y, y];
}

export function createCanvas(doc: PdfDocument, source: GlyphSource, options: { greyscale?: boolean } = {}): Canvas {
  const shade = (colour: Colour): Colour => (options.greyscale ? greyOf(colour) : colour);
  const escapes = shade(ESCAPE);
  let laterCount = 0;
  let unset = 0;
  const pageFonts = (): Record<string, PdfRef> => doc.page.fonts;
  let operators: string[] = [];
  return {
    text: (glyphs, x, baseline, size, colour) => { operators.push(textOperators(glyphs, x, baseline, size, shade(colour), -1, pageFonts(), escapes)); },
    ascii: ({ font, hex }, x, baseline, size, colour) => {
      const fonts = pageFonts();
      fonts[font.id] ??= font.ref();
      operators.push(`BT ${rgb(shade(colour))} rg /${font.id} ${number(size)} Tf 1 0 0 -1 ${number(x)} ${number(baseline)} Tm <${hex}> Tj ET`);
    },
    fill: (x, y, width, height, colour) => { operators.push(`${rgb(shade(colour))} rg ${[x, y, width, height].map(number).join(' ')} re f`); },
    later: (style, size, colour, align) => {
      const name = `Later${++laterCount}`;
      const form = doc.ref({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 0, 0], Resources: {} });
      unset += 1;
      return {
        draw: (x, baseline) => {
          doc.page.xobjects[name] = form;
          operators.push(`q 1 0 0 -1 ${number(x)} ${number(baseline)} cm /${name} Do Q`);
        },
        set: (text) => {
          const glyphs = [...source.lines(text, style)].flatMap((line) => line.glyphs);
          const fonts: Record<string, PdfRef> = {};
          const width = glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) * size;
          const start = align === 'right' ? -width : 0;
          form.write(textOperators(glyphs, start, 0, size, shade(colour), 1, fonts, escapes));
          form.data['BBox'] = [start, -size * 0.4, start + width, size * 1.1];
          form.data['Resources'] = { Font: fonts };
          form.end();
          unset -= 1;
        },
      };
    },
    within: (begin, draw) => {
      operators.push(begin);
      draw();
      operators.push('EMC');
    },
    flush: () => {
      if (operators.length > 0) doc.page.content.write(Buffer.from(`${operators.join('\n')}\n`, 'latin1'));
      operators = [];
    },
    get unset() { return unset; },
  };
}

/** One text object. `up` is -1 on pdfkit's flipped pages and 1 in a form; the fonts used are put into `fonts`. */
function textOperators(glyphs: Iterable<Glyphs>, x: number, baseline: number, size: number, colour: Colour, up: 1 | -1, fonts: Record<string, PdfRef>, escapes: Colour): string {
  const out: string[] = [`BT ${rgb(colour)} rg`];
  let run: { glyph: Glyphs; hex: string; x: number } | undefined;
  let at = x;
  let inked = colour;
  const flush = (): void => {
    if (!run) return;
    const wanted = run.glyph.escaped ? escapes : colour;
    if (wanted !== inked) { out.push(`${rgb(wanted)} rg`); inked = wanted; }
    out.push(`/${run.glyph.font.id} ${number(size)} Tf 1 0 0 ${up} ${number(run.x)} ${number(baseline)} Tm <${run.hex}> Tj`);
    run = undefined;
  };
  for (const glyph of glyphs) {
    fonts[glyph.font.id] ??= glyph.font.ref();
    if (glyph.placed || glyph.actual) {
      flush();
      if (inked !== colour) { out.push(`${rgb(colour)} rg`); inked = colour; }
      if (glyph.actual) out.push(`/Span <</ActualText <feff${Buffer.from(glyph.text, 'utf16le').swap16().toString('hex')}>>> BDC`);
      for (const part of glyph.placed ?? [{ hex: glyph.hex, x: 0, y: 0 }]) {
        out.push(`/${glyph.font.id} ${number(size)} Tf 1 0 0 ${up} ${number(at + part.x * size)} ${number(baseline + up * part.y * size)} Tm <${part.hex}> Tj`);
      }
      if (glyph.actual) out.push('EMC');
    } else if (run && run.glyph.font === glyph.font && run.glyph.escaped === glyph.escaped) run.hex += glyph.hex;
    else { flush(); run = { glyph, hex: glyph.hex, x: at }; }
    at += glyph.advance * size;
  }
  flush();
  out.push('ET');
  return out.join(' ');
}
