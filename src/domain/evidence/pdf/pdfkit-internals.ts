// The parts of pdfkit 0.20.2 that its types do not show and that we rely on; pinned, and every one exercised by the engine's tests.

export interface PdfRef {
  readonly id: number;
  readonly data: Record<string, unknown>;
  compress: boolean;
  /** Chunks written and not yet ended. */
  readonly buffer: readonly Uint8Array[];
  write(chunk: string | Uint8Array): void;
  end(chunk?: string | Uint8Array): void;
}

export interface PdfFont {
  /** Name in a page's resources: F1. */
  readonly id: string;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean; layout(text: string): { readonly glyphs: readonly { readonly id: number }[] } };
  /** Four-digit hex glyph ids of the subset, and their advances and offsets in 1/1000 em. */
  encode(text: string): [string[], { advanceWidth: number; xOffset: number; yOffset: number }[]];
  /** Code points of each glyph of the subset, for ToUnicode. */
  readonly unicode: (number[] | undefined)[];
  ref(): PdfRef;
  /** Writes the subset; pdfkit would do it for all fonts at once when the document ends. */
  finalize(): void;
}

/** An element of the structure tree; made by `tags.ts`, not by pdfkit. */
export interface StructureElement { readonly id: number; end(): void }

export interface PdfOutline { addItem(title: string, options?: { expanded?: boolean; top?: number; left?: number }): PdfOutline }

export interface PdfDocument {
  readonly page: { readonly content: PdfRef; readonly dictionary: PdfRef; readonly fonts: Record<string, PdfRef>; readonly xobjects: Record<string, PdfRef> };
  readonly outline: PdfOutline;
  readonly _root: PdfRef;
  readonly _font: PdfFont;
  readonly readableLength: number;
  /** Where each object stands, by its number less one; null until it is written. A number taken here is never given again. */
  readonly _offsets: (number | null)[];
  /** Bytes written so far. */
  readonly _offset: number;
  _write(bytes: Uint8Array): void;
  font(path: string): PdfDocument;
  ref(data: Record<string, unknown>): PdfRef;
  addPage(): PdfDocument;
  appendXML(xml: string): void;
  initForm(): void;
  addNamedEmbeddedFile(name: string, ref: PdfRef): void;
  pipe<T extends NodeJS.WritableStream>(to: T): T;
  on(event: 'error', listener: (error: Error) => void): void;
  end(): void;
}
