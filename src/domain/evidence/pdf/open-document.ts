// A tagged PDF/A-3a document with running header and footer, written to a file as it grows. The only maker of pdfkit documents.
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { finished } from 'node:stream/promises';
import PDFDocument from 'pdfkit';
import { sha256 } from '../../../kernel/digest.js';
import { compressFile, type Attached, type Attachment, type Compressed } from './attach-file.js';
import { createCanvas, INK, MUTED, RULE, type Canvas, type LaterText } from './canvas.js';
import { createGlyphSource, defaultFontPath, type GlyphSource, type Style } from './glyphs.js';
import type { PdfDocument, PdfOutline, StructureElement } from './pdfkit-internals.js';
import { addSignatureField, type SignatureText } from './signature-field.js';
import { Tags } from './tags.js';
import { infoText, PDF_UA_XMP } from './xmp.js';

/** A4 in points, and the area between header and footer. */
export const PAGE = { width: 595.28, height: 841.89, left: 58, right: 58, top: 82, bottom: 66 } as const;
export const CONTENT_WIDTH = PAGE.width - PAGE.left - PAGE.right;
const FLOOR = PAGE.height - PAGE.bottom;
/** Longest stretch of work without letting the event loop turn, and most bytes waiting for the disk. */
const BREATH_MS = 8;
const MOST_WAITING = 256 * 1024;

export interface DocumentOptions {
  readonly path: string | Writable;
  readonly title: string; readonly author: string; readonly subject: string; readonly producer: string;
  readonly lang: string;
  /** Every date in the file; the same content and date give the same bytes. */
  readonly at: Date;
  readonly header: { readonly left: string; readonly right: string };
  /** Told after every page. */
  readonly onPage?: ((pages: number) => void) | undefined;
  /** Prints without colour. */
  readonly greyscale?: boolean;
  /** `page(n)` is what stands before the deferred rest "of N". */
  readonly footer: { readonly left: string; page(n: number): string; rest(total: number): string };
}

export interface Pdf {
  readonly canvas: Canvas;
  readonly source: GlyphSource;
  /** Distance of the next block from the top of the page. */
  y: number;
  readonly pageNumber: number;
  /** Points left above the footer. */
  readonly space: number;
  newPage(): Promise<void>;
  /** Starts a page when less than `points` are left. */
  reserve(points: number): Promise<void>;
  /** A structure element under `parent`; end it when its content is complete. */
  element(parent: StructureElement, tag: string, options?: { lang?: string; scope?: 'Column' | 'Row' }): StructureElement;
  /** Draws content that belongs to the element. */
  marked(element: StructureElement, tag: string, draw: () => void): void;
  /** Draws what is no content: rules, shading, repeated headings. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void;
  /** Content in another language than the document's. */
  inLanguage(lang: string | undefined, draw: () => void): void;
  readonly root: StructureElement;
  bookmark(title: string, level: 1 | 2): void;
  /** Text set later, starting where it is drawn or, with align, ending there. */
  later(style: Style, size: number, align?: 'right'): LaterText;
  /** The number of pages, in the size of table cells; set by `finish`. */
  readonly pageCount: LaterText;
  /** Lets the event loop turn and the disk catch up. Rejects when the file cannot be written. */
  breathe(): Promise<void>;
  /** Reads and compresses a file to attach; it stands behind the pages. */
  attach(file: Attachment): Promise<Attached>;
  /** Adds the field to sign and completes the file. Resolves when it is on disk; answers the number of pages. */
  finish(signature: SignatureText): Promise<number>;
}

/** Starts a document; the first page has still to be begun. */
export async function openDocument(options: DocumentOptions): Promise<Pdf> {
  const doc = new PDFDocument({
    pdfVersion: '1.7', tagged: true, lang: options.lang, displayTitle: true, subset: 'PDF/A-3a', font: defaultFontPath(), autoFirstPage: false,
    size: [PAGE.width, PAGE.height], margin: 0, fontLayoutCache: false,
    info: { Title: infoText(options.title), Author: infoText(options.author), Subject: infoText(options.subject), Producer: infoText(options.producer), Creator: 'Holdfast', CreationDate: options.at, ModDate: options.at },
  }) as unknown as PdfDocument;
  const file = typeof options.path === 'string' ? createWriteStream(options.path, { flags: 'wx', mode: 0o600, highWaterMark: MOST_WAITING }) : options.path;
  const written = finished(file);
  let broken: Error | undefined;
  written.catch((error: Error) => { broken = error; });
  doc.pipe(file);

  const source = createGlyphSource(doc);
  await source.warmUp();
  const canvas = createCanvas(doc, source, { greyscale: options.greyscale ?? false });
  const tags = new Tags(doc, options.lang);
  const total = canvas.later('regular', 7.5, MUTED);
  const pageCount = canvas.later('regular', 8.4, INK);
  const pageDigests: Buffer[] = [], attached: Compressed[] = [];
  let branch: PdfOutline | undefined;
  let pages = 0;
  let lastBreath = performance.now();

  const closePage = (): void => {
    if (pages === 0) return;
    canvas.flush();
    pageDigests.push(sha256(...doc.page.content.buffer));
    tags.closePage();
  };
  const line = (text: string, x: number, baseline: number, style: Style = 'regular'): number => {
    const glyphs = [...source.lines(text, style)].flatMap((one) => one.glyphs);
    canvas.text(glyphs, x, baseline, 7.5, MUTED);
    return glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) * 7.5;
  };
  const furnish = (): void => {
    const right = PAGE.width - PAGE.right;
    pdf.artifact('Pagination', () => {
      line(options.header.left, PAGE.left, 46, 'mono');
      line(options.header.right, right - source.width(options.header.right, 'regular') * 7.5, 46);
      canvas.fill(PAGE.left, 53, CONTENT_WIDTH, 0.6, RULE);
      canvas.fill(PAGE.left, PAGE.height - 50, CONTENT_WIDTH, 0.6, RULE);
      line(options.footer.left, PAGE.left, PAGE.height - 38);
      const width = source.width(options.footer.page(pages) + options.footer.rest(999), 'regular') * 7.5;
      const end = right - width + line(options.footer.page(pages), right - width, PAGE.height - 38);
      total.draw(end, PAGE.height - 38);
    });
  };

  const pdf: Pdf = {
    canvas, source, pageCount, root: tags.root, y: PAGE.top,
    get pageNumber() { return pages; },
    get space() { return FLOOR - pdf.y; },
    newPage: async () => {
      closePage();
      doc.addPage();
      pages += 1;
      furnish();
      pdf.y = PAGE.top;
      options.onPage?.(pages);
      await pdf.breathe();
    },
    reserve: async (points) => { if (pages === 0 || (pdf.space < points && pdf.y > PAGE.top)) await pdf.newPage(); },
    element: (parent, tag, elementOptions) => tags.open(parent, tag, elementOptions),
    marked: (element, tag, draw) => { canvas.within(tags.mark(element, tag), draw); },
    artifact: (type, draw) => { canvas.within(`/Artifact <</Type /${type}>> BDC`, draw); },
    inLanguage: (lang, draw) => { if (lang === undefined) draw(); else canvas.within(`/Span <</Lang (${lang})>> BDC`, draw); },
    bookmark: (title, level) => {
      const parent = level === 2 && branch ? branch : doc.outline;
      const item = parent.addItem(title, { expanded: false, top: Math.max(0, pdf.y - 12), left: PAGE.width });
      if (level === 1) branch = item;
    },
    later: (style, size, align) => canvas.later(style, size, INK, align),
    breathe: async () => {
      if (broken) throw broken;
      if (performance.now() - lastBreath < BREATH_MS && doc.readableLength < MOST_WAITING) return;
      do { await setImmediate(); if (broken) throw broken; } while (doc.readableLength >= MOST_WAITING);
      lastBreath = performance.now();
    },
    attach: async (attachment) => {
      const compressed = await compressFile(attachment, options.at), { bytes, sha256: digest } = compressed;
      attached.push(compressed);
      await pdf.breathe();
      return { bytes, sha256: digest };
    },
    finish: async (signature) => {
      tags.root.end();
      closePage();
      addSignatureField(doc, signature);
      for (const one of attached) one.write(doc);
      total.set(options.footer.rest(pages));
      pageCount.set(String(pages));
      // An object that is never ended makes pdfkit write a file without a trailer, and say nothing.
      if (canvas.unset > 0) throw new Error(`${canvas.unset} deferred texts of the document were never set`);
      await source.finalize();
      doc.appendXML(PDF_UA_XMP);
      // Digests of the pages' operators, so that a verifier can name the page that was changed.
      doc._root.data['PieceInfo'] = { Holdfast: { LastModified: options.at, Private: { Pages: pageDigests.map((digest) => new Uint8Array(digest)) } } };
      doc.end();
      await written;
      return pages;
    },
  };
  return pdf;
}
