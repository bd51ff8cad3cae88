// The transparency report on paper: what the page and the CSV say, and not one figure more.
import { canonicalJson } from '../../../kernel/canonical-json.js';
import { FIGURES, SMALLEST_TOLD, transparencyCsv, type TransparencyReport } from '../../cases/index.js';
import { heading, notice, paragraph, SMALL } from '../pdf/blocks.js';
import type { Pdf } from '../pdf/open-document.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import { paperWords, type PaperLanguage, type PaperWords } from './paper-words.js';
import type { Paper } from './print-paper.js';

export interface TransparencyInput {
  readonly report: TransparencyReport; /** Days, both included. */ readonly from: string; readonly to: string; readonly timeZone: string; readonly language: PaperLanguage;
  readonly operator: { readonly name: string; readonly jurisdiction: string; readonly contact: string } | null;
  /** The date of the file: the end of the period, so that the same report is the same file whenever it is printed. */
  readonly at: Date;
}
type Figures = readonly (typeof FIGURES)[number][];

/** The report as a paper, with the same figures attached as JSON and CSV. */
export function transparencyPaper(input: TransparencyInput): { readonly paper: Paper; readonly words: PaperWords } {
  const words = paperWords(input.language), { report, from, to, operator } = input, title = words.words('transparency', 'title').map((piece) => piece.text).join(' ');
  const json = { from, to, figures: [...FIGURES], rows: report.rows.map((row) => ({ country: row.country, instrument_type: row.instrumentType, cells: { ...row.cells } })), total: { ...report.total } };
  return { words, paper: {
    title: `${title} ${from} – ${to}`, subject: title, reason: `transparency report ${from} ${to}`, language: input.language, at: input.at, operator, group: 'transparency', header: { left: `${from} – ${to}`, right: operator?.name ?? '' },
    attachments: [{ name: 'transparency.json', type: 'application/json', description: 'The figures', text: canonicalJson(json) }, { name: 'transparency.csv', type: 'text/csv', description: 'The figures', text: transparencyCsv(report) }],
    draw: (pdf) => draw(pdf, words, input),
  } };
}

async function draw(pdf: Pdf, words: PaperWords, { report, from, to, timeZone, operator }: TransparencyInput): Promise<void> {
  const t = (key: string, params: Readonly<Record<string, string | number>> = {}): Words => words.words('transparency', key, params), section = pdf.element(pdf.root, 'Sect'), said = (all: Words): Cell => ({ words: all });
  await heading(pdf, section, 1, t('title'));
  await paragraph(pdf, section, t('about'));
  await facts(pdf, section, [[t('operator'), said(operator ? [...plain(operator.name), ...minor(words.place(operator.jurisdiction)), ...minor(plain(operator.contact))] : t('no_operator'))], [t('period'), said(t('period_value', { from, to, zone: timeZone }))]], 0.28);
  if (report.rows.length === 0) await paragraph(pdf, section, t('empty'));
  // Nine figures and two names do not fit the width of a page: received and answered first, how they were handled below.
  else for (const [key, figures] of [['figures_1', FIGURES.slice(0, 4)], ['figures_2', FIGURES.slice(4)]] as const) await drawFigures(pdf, section, words, report, t(key), figures);
  await pdf.reserve(200);
  await heading(pdf, section, 2, t('reading'));
  await paragraph(pdf, section, t('rule_1', { most: SMALLEST_TOLD - 1, least: SMALLEST_TOLD }), SMALL);
  for (const key of ['rule_2', 'rule_3']) await paragraph(pdf, section, t(key), SMALL);
  await notice(pdf, section, t('rule_4'));
  section.end();
}

async function drawFigures(pdf: Pdf, section: Parameters<typeof heading>[1], words: PaperWords, report: TransparencyReport, title: Words, figures: Figures): Promise<void> {
  const share = 0.62 / figures.length, cell = (value: string | number, style: 'mono' | 'bold'): Cell => ({ words: plain(String(value)), style });
  await heading(pdf, section, 2, title);
  await table(pdf, section, [{ title: words.words('transparency', 'country'), share: 0.18 }, { title: words.words('transparency', 'instrument'), share: 0.2 }, ...figures.map((figure) => ({ title: words.word('figure', figure), share, align: 'right' as const }))], [
    ...report.rows.map((row) => [{ words: words.place(row.country), header: true }, { words: words.word('instrument', row.instrumentType) }, ...figures.map((figure) => cell(row.cells[figure], 'mono'))]),
    [{ words: words.words('transparency', 'all'), style: 'bold' as const, header: true }, { words: [] }, ...figures.map((figure) => cell(report.total[figure], 'bold'))],
  ]);
}
