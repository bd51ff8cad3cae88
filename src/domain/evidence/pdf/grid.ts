// Tables of very many rows, tagged to the cell. A cell of plain ASCII that fits its column is drawn from a table of widths, without
// laying anything out; every other cell goes the long way, wrapped and in reading order.
import { INK, MUTED, NAVY, RULE, SHADE } from './canvas.js';
import { CONTENT_WIDTH, PAGE, type Pdf } from './open-document.js';
import type { StructureElement } from './pdfkit-internals.js';
import type { AsciiRun } from './glyphs.js';
import type { Words } from './words.js';
import type { Line } from './wrap-lines.js';

export interface GridColumn { readonly title: Words; /** Share of the width; all shares add up to 1. */ readonly share: number; readonly align?: 'right' }

const SIZE = 6.6;
const LEADING = 8.4;
const PAD_X = 3;
const PAD_Y = 2.4;
/** Lines of a cell at most on one page; a longer text goes on in the row's next part. */
const MOST_LINES = 60;

interface Layout { readonly x: number; readonly width: number; readonly align: 'right' | undefined }

/** Draws the rows under a header that is repeated on every page. `rows` is read one by one. */
export async function grid(pdf: Pdf, parent: StructureElement, columns: readonly GridColumn[], rows: Iterable<readonly string[]>): Promise<void> {
  const element = pdf.element(parent, 'Table');
  let left: number = PAGE.left;
  const layouts = columns.map(({ share, align }): Layout => {
    const layout = { x: left + PAD_X, width: share * CONTENT_WIDTH - 2 * PAD_X, align };
    left += share * CONTENT_WIDTH;
    return layout;
  });
  const titles = columns.map(({ title }, index) => title.flatMap((piece) => [...pdf.source.lines(piece.text, 'bold', layouts[index]!.width / SIZE)].map((line) => ({ line, lang: piece.lang }))));
  const drawHeader = (target: StructureElement | undefined): void => {
    const height = Math.max(...titles.map((lines) => lines.length)) * LEADING + 2 * PAD_Y + 2;
    pdf.artifact(target ? 'Layout' : 'Pagination', () => {
      pdf.canvas.fill(PAGE.left, pdf.y, CONTENT_WIDTH, height, SHADE);
      pdf.canvas.fill(PAGE.left, pdf.y + height - 0.8, CONTENT_WIDTH, 0.8, NAVY);
      if (!target) for (const [index, lines] of titles.entries()) for (const [at, { line }] of lines.entries()) drawLine(pdf, line, layouts[index]!, at, NAVY);
    });
    if (target) {
      const row = pdf.element(target, 'TR');
      for (const [index, lines] of titles.entries()) {
        const th = pdf.element(row, 'TH', { scope: 'Column' });
        pdf.marked(th, 'TH', () => { for (const [at, { line, lang }] of lines.entries()) pdf.inLanguage(lang, () => { drawLine(pdf, line, layouts[index]!, at, NAVY); }); });
        th.end();
      }
      row.end();
    }
    pdf.y += height;
  };
  await pdf.reserve(60);
  drawHeader(element);
  for (const row of rows) await drawRow(pdf, element, row, layouts, () => { drawHeader(undefined); });
  element.end();
  pdf.y += 10;
}

async function drawRow(pdf: Pdf, element: StructureElement, cells: readonly string[], layouts: readonly Layout[], repeatHeader: () => void): Promise<void> {
  const plain = cells.map((text, index) => asciiLines(pdf, text, layouts[index]!.width / SIZE));
  const waiting = cells.map((text, index) => (plain[index] ? undefined : pdf.source.lines(text, 'mono', layouts[index]!.width / SIZE)));
  const row = pdf.element(element, 'TR');
  const elements = layouts.map((_, index) => pdf.element(row, index === 0 ? 'TH' : 'TD', index === 0 ? { scope: 'Row' } : {}));
  for (let first = true, more = true; more; first = false) {
    const parts = waiting.map((lines) => (lines ? take(lines, MOST_LINES) : undefined));
    more = parts.some((part) => part?.length === MOST_LINES);
    if (!first && !parts.some((part) => part && part.length > 0)) break;
    const height = Math.max(1, ...parts.map((part, index) => part?.length ?? (first ? plain[index]!.length : 1))) * LEADING + 2 * PAD_Y;
    if (pdf.space < height) { await pdf.newPage(); repeatHeader(); }
    await pdf.breathe();
    for (const [index, layout] of layouts.entries()) {
      const ascii = plain[index], part = parts[index], colour = index === 0 ? MUTED : INK;
      if (ascii && first) pdf.marked(elements[index]!, index === 0 ? 'TH' : 'TD', () => { for (const [at, run] of ascii.entries()) pdf.canvas.ascii(run, layout.align ? layout.x + layout.width - run.advance * SIZE : layout.x, pdf.y + PAD_Y + at * LEADING + LEADING * 0.76, SIZE, colour); });
      else if (part && part.length > 0) pdf.marked(elements[index]!, index === 0 ? 'TH' : 'TD', () => { for (const [at, line] of part.entries()) drawLine(pdf, line, layout, at, colour); });
    }
    pdf.y += height;
    pdf.artifact('Layout', () => { pdf.canvas.fill(PAGE.left, pdf.y - 0.4, CONTENT_WIDTH, 0.4, RULE); });
  }
  for (const one of elements) one.end();
  row.end();
}

/** A short ASCII text in lines, broken behind spaces and hyphens; undefined when it has to go the long way. */
function asciiLines(pdf: Pdf, text: string, width: number): AsciiRun[] | undefined {
  const most = Math.floor(width / pdf.source.width('0', 'mono'));
  if (text === '' || text.length > 120 || most < 4) return undefined;
  const runs: AsciiRun[] = [];
  for (let rest = text; rest !== '';) {
    const seam = rest.length <= most ? rest.length : Math.max(rest.lastIndexOf(' ', most - 1), rest.lastIndexOf('-', most - 1)) + 1 || most;
    const run = pdf.source.ascii(rest.slice(0, seam), 'mono', width);
    if (!run) return undefined;
    runs.push(run);
    rest = rest.slice(seam);
  }
  return runs;
}

function take(lines: Generator<Line>, count: number): Line[] {
  const taken: Line[] = [];
  while (taken.length < count) {
    const next = lines.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

function drawLine(pdf: Pdf, line: Line, layout: Layout, at: number, colour: typeof INK): void {
  pdf.canvas.text(line.glyphs, layout.align ?? line.fromRight ? layout.x + layout.width - line.width * SIZE : layout.x, pdf.y + PAD_Y + at * LEADING + LEADING * 0.76, SIZE, colour);
}
