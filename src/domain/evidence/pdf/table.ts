// Tables with real table tags: a header row repeated on every page, and cells of any length that continue on the next page.
import { INK, MUTED, NAVY, RULE, SHADE, type Colour, type LaterText } from './canvas.js';
import type { Glyphs, Style } from './glyphs.js';
import { CONTENT_WIDTH, PAGE, type Pdf } from './open-document.js';
import type { StructureElement } from './pdfkit-internals.js';
import type { Piece, Words } from './words.js';

export interface Column { readonly title: Words; /** Share of the width; all shares of a table add up to 1. */ readonly share: number; readonly align?: 'right' }
export interface Cell { readonly words: Words; readonly style?: Style; readonly muted?: boolean; /** A cell that names its row. */ readonly header?: boolean; /** Drawn instead of words: text known only later. */ readonly later?: LaterText }

export const CELL_SIZE = 8.4;

const LEADING = 11.6;
const PAD_X = 5;
const PAD_Y = 4;
/** Between an original and its translation on one line. */
const GAP_EM = 0.8;

/** A stretch of one line in one look; width in points, with the space that follows it. */
interface Part { readonly glyphs: readonly Glyphs[]; readonly width: number; readonly lang: string | undefined; readonly colour: Colour; readonly size: number; readonly style: Style; readonly fromRight?: boolean | undefined }
type CellLine = readonly Part[];
interface Layout { readonly x: number; readonly width: number; readonly align: 'right' | undefined }

/** A table. Rows are taken one by one, so they may come from a generator. */
export async function table(pdf: Pdf, parent: StructureElement, columns: readonly Column[], rows: Iterable<readonly Cell[]>): Promise<void> {
  const element = pdf.element(parent, 'Table');
  const layouts = layOut(columns);
  const titles = columns.map((column): Cell => ({ words: column.title, style: 'bold' }));
  const drawHeader = (target: StructureElement | undefined): void => {
    const cells = titles.map((cell, index) => new CellReader(pdf, cell, layouts[index]!, NAVY));
    const height = Math.max(...cells.map((cell) => cell.peekAll().length)) * LEADING + 2 * PAD_Y;
    pdf.artifact(target ? 'Layout' : 'Pagination', () => {
      pdf.canvas.fill(PAGE.left, pdf.y, CONTENT_WIDTH, height, SHADE);
      pdf.canvas.fill(PAGE.left, pdf.y + height - 0.8, CONTENT_WIDTH, 0.8, NAVY);
      if (!target) for (const [index, cell] of cells.entries()) drawLines(pdf, cell.take(99), layouts[index]!, undefined);
    });
    if (target) {
      const row = pdf.element(target, 'TR');
      for (const [index, cell] of cells.entries()) {
        const th = pdf.element(row, 'TH', { scope: 'Column' });
        pdf.marked(th, 'TH', () => drawLines(pdf, cell.take(99), layouts[index]!, pdf));
        th.end();
      }
      row.end();
    }
    pdf.y += height;
  };
  await pdf.reserve(90);
  drawHeader(element);
  for (const row of rows) await drawRow(pdf, element, row, layouts, () => drawHeader(undefined));
  element.end();
  pdf.y += 10;
}

/** Facts as two columns: a name, and what is recorded under it. */
export async function facts(pdf: Pdf, parent: StructureElement, rows: Iterable<readonly [Words, Cell]>, share = 0.3): Promise<void> {
  const element = pdf.element(parent, 'Table');
  const layouts = layOut([{ title: [], share }, { title: [], share: 1 - share }]);
  await pdf.reserve(40);
  const rule = (): void => pdf.artifact('Layout', () => pdf.canvas.fill(PAGE.left, pdf.y, CONTENT_WIDTH, 0.6, RULE));
  rule();
  for (const [name, cell] of rows) await drawRow(pdf, element, [{ words: name, header: true, muted: true }, cell], layouts, rule);
  element.end();
  pdf.y += 10;
}

function layOut(columns: readonly Column[]): Layout[] {
  let x: number = PAGE.left;
  return columns.map(({ share, align }) => {
    const layout = { x: x + PAD_X, width: share * CONTENT_WIDTH - 2 * PAD_X, align };
    x += share * CONTENT_WIDTH;
    return layout;
  });
}

/** Wraps a cell's text lazily: a cell of a million characters must not be laid out before its first page is drawn. */
class CellReader {
  readonly #lines: Generator<CellLine>;
  #buffer: CellLine[] = [];
  constructor(pdf: Pdf, cell: Cell, layout: Layout, colour?: Colour) { this.#lines = linesOf(pdf, cell, layout, colour); }
  /** Whether more than `count` lines are left. */
  exceeds(count: number): boolean {
    while (this.#buffer.length <= count) {
      const next = this.#lines.next();
      if (next.done) return false;
      this.#buffer.push(next.value);
    }
    return true;
  }
  /** All lines; for short cells only. */
  peekAll(): readonly CellLine[] { this.exceeds(1000); return this.#buffer; }
  take(count: number): CellLine[] { this.exceeds(count); return this.#buffer.splice(0, count); }
  get rest(): number { return this.#buffer.length; }
}

/** The lines of a cell. A translation that fits beside its original shares the line; longer ones, and additions, stand below it, lighter. */
function* linesOf(pdf: Pdf, cell: Cell, layout: Layout, colour?: Colour): Generator<CellLine> {
  for (let index = 0; index < cell.words.length; index += 1) {
    const piece = cell.words[index]!, next = cell.words[index + 1];
    const part = partOf(cell, piece, colour);
    const translation = next?.lang !== undefined && next.minor === piece.minor ? partOf(cell, next, colour) : undefined;
    if (translation && part.style === translation.style) {
      const beside = { ...translation, size: part.size, colour: part.colour };
      const both = [whole(pdf, part, piece.text, GAP_EM), whole(pdf, beside, next!.text, 0)];
      if (both.every((one) => one !== undefined) && both[0]!.width + both[1]!.width <= layout.width) { yield both as [Part, Part]; index += 1; continue; }
    }
    for (const line of pdf.source.lines(piece.text, part.style, layout.width / part.size)) yield [{ ...part, glyphs: line.glyphs, width: line.width * part.size, fromRight: line.fromRight }];
  }
}

type Look = Omit<Part, 'glyphs' | 'width'>;

function partOf(cell: Cell, piece: Piece, colour?: Colour): Look {
  const style = piece.style ?? cell.style ?? 'regular';
  const light = piece.minor === true || piece.lang !== undefined;
  const size = style === 'mono' ? CELL_SIZE - 0.6 : light ? CELL_SIZE - 0.4 : CELL_SIZE;
  return { style, size, lang: piece.lang, colour: colour ?? (cell.muted === true || light ? MUTED : INK) };
}

/** The text as one part, if it is short enough to be on one line with another. */
function whole(pdf: Pdf, look: Look, text: string, gap: number): Part | undefined {
  if (text.length > 80) return undefined;
  const glyphs = [...pdf.source.lines(text, look.style)].flatMap((line) => line.glyphs);
  return { ...look, glyphs, width: (glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) + gap) * look.size };
}

async function drawRow(pdf: Pdf, table_: StructureElement, cells: readonly Cell[], layouts: readonly Layout[], repeatHeader: () => void): Promise<void> {
  const readers = cells.map((cell, index) => new CellReader(pdf, cell, layouts[index]!));
  const row = pdf.element(table_, 'TR');
  const elements = cells.map((cell) => pdf.element(row, cell.header ? 'TH' : 'TD', cell.header ? { scope: 'Row' } : {}));
  const perPage = (space: number): number => Math.floor((space - 2 * PAD_Y) / LEADING);
  const fullPage = perPage(PAGE.height - PAGE.bottom - PAGE.top - 60);
  const fits = (): boolean => !readers.some((reader) => reader.exceeds(perPage(pdf.space)));
  if (!fits() && (perPage(pdf.space) < 4 || !readers.some((reader) => reader.exceeds(fullPage)))) await turnPage(pdf, repeatHeader);
  let last = false;
  while (!last) {
    await pdf.breathe();
    last = fits();
    const count = last ? Math.max(1, ...readers.map((reader) => reader.rest)) : perPage(pdf.space);
    const height = count * LEADING + 2 * PAD_Y;
    for (const [index, reader] of readers.entries()) {
      const lines = reader.take(count);
      const tag = cells[index]!.header ? 'TH' : 'TD';
      const { later } = cells[index]!;
      if (later) pdf.marked(elements[index]!, tag, () => later.draw(layouts[index]!.x, pdf.y + PAD_Y + LEADING * 0.76));
      if (lines.length > 0) pdf.marked(elements[index]!, tag, () => drawLines(pdf, lines, layouts[index]!, pdf));
    }
    pdf.y += height;
    pdf.artifact('Layout', () => pdf.canvas.fill(PAGE.left, pdf.y - 0.5, CONTENT_WIDTH, 0.5, RULE));
    if (!last) await turnPage(pdf, repeatHeader);
  }
  for (const element of elements) element.end();
  row.end();
}

async function turnPage(pdf: Pdf, repeatHeader: () => void): Promise<void> {
  await pdf.newPage();
  repeatHeader();
}

/** Draws lines from the top of the current row; `tagged` is undefined inside artifacts, where language marks have no place. */
function drawLines(pdf: Pdf, lines: readonly CellLine[], layout: Layout, tagged: Pdf | undefined): void {
  for (const [index, line] of lines.entries()) {
    let x = layout.align === 'right' || line[0]?.fromRight ? layout.x + layout.width - line.reduce((sum, part) => sum + part.width, 0) : layout.x;
    for (const part of line) {
      const at = x;
      const draw = (): void => pdf.canvas.text(part.glyphs, at, pdf.y + PAD_Y + index * LEADING + LEADING * 0.76, part.size, part.colour);
      if (tagged) tagged.inLanguage(part.lang, draw); else draw();
      x += part.width;
    }
  }
}
