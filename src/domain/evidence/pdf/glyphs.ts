// From text to glyphs: which font draws a cluster, its encoded glyphs and its width. One per document; every cluster is laid out once.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { readingOrder } from './bidi-order.js';
import { joinWords, RIGHT_TO_LEFT } from './joined-words.js';
import type { PdfDocument, PdfFont } from './pdfkit-internals.js';
import { visibleClusters } from './visible-text.js';
import { wrapLines, type Line } from './wrap-lines.js';

const FACES = {
  sans: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  sansBold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  mono: '@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
  han: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  hanBold: '@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf',
  arabic: '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  arabicBold: '@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf',
  hebrew: '@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
  hebrewBold: '@expo-google-fonts/noto-sans-hebrew/600SemiBold/NotoSansHebrew_600SemiBold.ttf',
  devanagari: '@expo-google-fonts/noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  devanagariBold: '@expo-google-fonts/noto-sans-devanagari/600SemiBold/NotoSansDevanagari_600SemiBold.ttf',
  thai: '@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf',
  thaiBold: '@expo-google-fonts/noto-sans-thai/600SemiBold/NotoSansThai_600SemiBold.ttf',
  emoji: '@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf',
} as const;
type Face = keyof typeof FACES;

/** Text styles and the faces tried in order; what none can draw is shown as an escape. */
const OTHERS = ['arabic', 'hebrew', 'devanagari', 'thai', 'emoji'] as const satisfies readonly Face[];
const STYLES = {
  regular: ['sans', 'han', ...OTHERS], mono: ['mono', 'sans', 'han', ...OTHERS],
  bold: ['sansBold', 'hanBold', 'arabicBold', 'hebrewBold', 'devanagariBold', 'thaiBold', 'emoji'],
} as const satisfies Record<string, readonly Face[]>;
export type Style = keyof typeof STYLES;

/** File of the face every document starts with (a document without one would take an unembedded standard font). */
export function defaultFontPath(): string { return facePath('sans'); }

const { resolve } = createRequire(import.meta.url);
function facePath(face: Face): string { return resolve(FACES[face]); }

/**
 * A laid-out cluster, or a word of a script whose letters join. `advance` is in em. `placed` is set when glyphs do not simply follow
 * each other (combining marks); `actual` when the glyphs alone do not tell the text, which then goes into the page beside them.
 */
export interface Glyphs {
  readonly text: string;
  readonly font: PdfFont;
  readonly hex: string;
  readonly advance: number;
  readonly escaped: boolean;
  readonly rightToLeft: boolean;
  readonly actual: boolean;
  readonly placed?: readonly { readonly hex: string; readonly x: number; readonly y: number }[];
}

/** A run of plain characters of one font. */
export interface AsciiRun { readonly font: PdfFont; readonly hex: string; /** em */ readonly advance: number }

export interface GlyphSource {
  /** The text as one run when it is printable ASCII that nothing has to be escaped in and that is no wider than `width` em; else undefined. */
  ascii(text: string, style: Style, width: number): AsciiRun | undefined;
  /** Opens the fonts every page uses, one in each turn of the event loop: the first layout with a font costs up to 75 ms. */
  warmUp(): Promise<void>;
  /** Writes the fonts into the document, one in each turn; nothing may be drawn afterwards. */
  finalize(): Promise<void>;
  /** Clusters of the text in the style, lazily, in the order in which they are read. */
  glyphs(text: string, style: Style): Generator<Glyphs>;
  /** Lines of at most `width` em, lazily, each in the order in which it is drawn from the left. Infinity gives one line. */
  lines(text: string, style: Style, width?: number): Generator<Line>;
  /** Width of a text in em. */
  width(text: string, style: Style): number;
}

/** Opens fonts of `doc` at first use and caches what they drew. */
export function createGlyphSource(doc: PdfDocument): GlyphSource {
  const fonts = new Map<Face, PdfFont>();
  const caches: Record<Style, Map<string, Glyphs | null>> = { regular: new Map(), bold: new Map(), mono: new Map() };
  const ascii: Record<Style, (Glyphs | null)[]> = { regular: [], bold: [], mono: [] };
  const fontOf = (face: Face): PdfFont => {
    let font = fonts.get(face);
    if (!font) fonts.set(face, font = doc.font(facePath(face))._font);
    return font;
  };
  const layOut = (text: string, style: Style): Glyphs | null => {
    for (const face of STYLES[style]) {
      const font = fontOf(face);
      if (Array.from(text, (character) => character.codePointAt(0)!).every((codePoint) => font.font.hasGlyphForCodePoint(codePoint))) {
        const encoded = encode(font, text);
        if (encoded) return encoded;
      }
    }
    return null;
  };
  const lookUp = (text: string, style: Style): Glyphs | null => {
    const cache = caches[style];
    let found = cache.get(text);
    if (found === undefined) {
      // Bounded: a text of ever new clusters must not fill the memory.
      if (cache.size > 50_000) cache.clear();
      cache.set(text, found = layOut(text, style));
    }
    return found;
  };
  const source: GlyphSource = {
    warmUp: async () => {
      for (const face of ['sans', 'sansBold', 'mono'] as const) {
        const { font } = fontOf(face);
        await setImmediate();
        font.layout('A');
        await setImmediate();
      }
    },
    finalize: async () => { for (const font of fonts.values()) { font.finalize(); await setImmediate(); } },
    ascii(text, style, width) {
      let hex = '', advance = 0, font: PdfFont | undefined;
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code < 0x20 || code > 0x7e || code === 0x5c) return undefined;
        const glyph = (ascii[style][code] ??= lookUp(text[index]!, style))!;
        font ??= glyph.font;
        advance += glyph.advance;
        if (advance > width || glyph.font !== font || glyph.placed) return undefined;
        hex += glyph.hex;
      }
      return font && { font, hex, advance };
    },
    *glyphs(text, style) {
      for (const unit of joinWords(visibleClusters(text, (one) => lookUp(one, style) !== null))) {
        const glyphs = lookUp(unit.text, style);
        if (glyphs) yield unit.escaped ? { ...glyphs, escaped: true, rightToLeft: false, actual: false } : glyphs;
        // A word no single font can draw: cluster by cluster, each of which one can.
        else for (const cluster of unit.clusters) yield lookUp(cluster, style)!;
      }
    },
    *lines(text, style, width = Number.POSITIVE_INFINITY) {
      const narrow = (glyphs: Iterable<Glyphs>): Iterable<Glyphs> => splitWide(glyphs, width, (word) => lookUp(word, style));
      yield* readingOrder(text, wrapLines(narrow(source.glyphs(text, style)), width), (mirrored) => lookUp(mirrored, style));
    },
    width(text, style) {
      let sum = 0;
      for (const glyph of source.glyphs(text, style)) sum += glyph.advance;
      return sum;
    },
  };
  return source;
}

/** Words wider than a line, in halves that are not; letters at the cut lose their joint. */
function* splitWide(glyphs: Iterable<Glyphs>, width: number, lookUp: (word: string) => Glyphs | null): Generator<Glyphs> {
  for (const glyph of glyphs) {
    const clusters = glyph.advance > width && !glyph.escaped ? [...graphemes.segment(glyph.text)].map((one) => one.segment) : [];
    const halves = clusters.length > 1 ? [clusters.slice(0, clusters.length / 2), clusters.slice(clusters.length / 2)].map((half) => lookUp(half.join(''))) : [];
    if (halves.length > 0 && halves.every((half) => half !== null)) yield* splitWide(halves, width, lookUp); else yield glyph;
  }
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
// Hebrew letters map one to one; what shaping changes carries its text beside it.
const JOINED = /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Thai}]|\p{Extended_Pictographic}/u;

/** Null when the font turns out to have no glyph for a part of it. */
function encode(font: PdfFont, text: string): Glyphs | null {
  const { glyphs } = font.font.layout(text);
  if (glyphs.length === 0 || glyphs.some((glyph) => glyph.id === 0)) return null;
  const [hexes, positions] = font.encode(text);
  // A glyph that stands for no character of its own (half of a Thai vowel) would have an empty entry in ToUnicode.
  for (const hex of hexes) if (font.unicode[Number.parseInt(hex, 16)]?.length === 0) font.unicode[Number.parseInt(hex, 16)] = [text.codePointAt(0)!];
  let x = 0;
  const placed = hexes.map((hex, index) => {
    const { advanceWidth, xOffset, yOffset } = positions[index]!;
    const at = { hex, x: (x + xOffset) / 1000, y: yOffset / 1000, shifted: xOffset !== 0 || yOffset !== 0 };
    x += advanceWidth;
    return at;
  });
  const simple = { text, font, hex: hexes.join(''), advance: x / 1000, escaped: false, rightToLeft: RIGHT_TO_LEFT.test(text), actual: JOINED.test(text) };
  return placed.some((glyph) => glyph.shifted) ? { ...simple, placed } : simple;
}
