// From text to glyphs: which font draws a cluster, its encoded glyphs and its width. One per document; every cluster is laid out once.
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import type { PdfDocument, PdfFont } from './pdfkit-internals.js';
import { visibleClusters } from './visible-text.js';

const FACES = {
  sans: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  sansBold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  mono: '@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf',
  han: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  hanBold: '@expo-google-fonts/noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf',
} as const;
type Face = keyof typeof FACES;

/** Text styles and the faces tried in order; what none can draw is shown as an escape. */
const STYLES = { regular: ['sans', 'han'], bold: ['sansBold', 'hanBold'], mono: ['mono', 'sans', 'han'] } as const satisfies Record<string, readonly Face[]>;
export type Style = keyof typeof STYLES;

/** File of the face every document starts with (a document without one would take an unembedded standard font). */
export function defaultFontPath(): string { return facePath('sans'); }

const { resolve } = createRequire(import.meta.url);
function facePath(face: Face): string { return resolve(FACES[face]); }

/** A laid-out cluster. `advance` is in em. `placed` is set when glyphs do not simply follow each other (combining marks). */
export interface Glyphs {
  readonly text: string;
  readonly font: PdfFont;
  readonly hex: string;
  readonly advance: number;
  readonly escaped: boolean;
  readonly placed?: readonly { readonly hex: string; readonly x: number; readonly y: number }[];
}

export interface GlyphSource {
  /** Opens the fonts every page uses, one in each turn of the event loop: the first layout with a font costs up to 75 ms. */
  warmUp(): Promise<void>;
  /** Writes the fonts into the document, one in each turn; nothing may be drawn afterwards. */
  finalize(): Promise<void>;
  /** Clusters of the text in the style, lazily and ready to draw. */
  glyphs(text: string, style: Style): Generator<Glyphs>;
  /** Width of a text in em. */
  width(text: string, style: Style): number;
}

/** Opens fonts of `doc` at first use and caches what they drew. */
export function createGlyphSource(doc: PdfDocument): GlyphSource {
  const fonts = new Map<Face, PdfFont>();
  const caches: Record<Style, Map<string, Glyphs | null>> = { regular: new Map(), bold: new Map(), mono: new Map() };
  const fontOf = (face: Face): PdfFont => {
    let font = fonts.get(face);
    if (!font) fonts.set(face, font = doc.font(facePath(face))._font);
    return font;
  };
  const layOut = (text: string, style: Style): Glyphs | null => {
    for (const face of STYLES[style]) {
      const font = fontOf(face);
      if (Array.from(text, (character) => character.codePointAt(0)!).every((codePoint) => font.font.hasGlyphForCodePoint(codePoint))) return encode(font, text);
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
    *glyphs(text, style) {
      for (const cluster of visibleClusters(text, (one) => lookUp(one, style) !== null)) {
        const glyphs = lookUp(cluster.text, style)!;
        yield cluster.escaped ? { ...glyphs, escaped: true } : glyphs;
      }
    },
    width(text, style) {
      let sum = 0;
      for (const glyph of source.glyphs(text, style)) sum += glyph.advance;
      return sum;
    },
  };
  return source;
}

function encode(font: PdfFont, text: string): Glyphs {
  const [hexes, positions] = font.encode(text);
  let x = 0;
  const placed = hexes.map((hex, index) => {
    const { advanceWidth, xOffset, yOffset } = positions[index]!;
    const at = { hex, x: (x + xOffset) / 1000, y: yOffset / 1000, shifted: xOffset !== 0 || yOffset !== 0 };
    x += advanceWidth;
    return at;
  });
  const simple = { text, font, hex: hexes.join(''), advance: x / 1000, escaped: false };
  return placed.some((glyph) => glyph.shifted) ? { ...simple, placed } : simple;
}
