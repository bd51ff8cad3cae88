// The first page: what this is, of whom, for whom, why, and what it can be recognised by.
import { notice, paragraph, SMALL } from '../pdf/blocks.js';
import { INK, MUTED, NAVY } from '../pdf/canvas.js';
import { CONTENT_WIDTH, PAGE } from '../pdf/open-document.js';
import type { StructureElement } from '../pdf/pdfkit-internals.js';
import { facts, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import { exact, said, utc, type Section, type Sheet } from './sheet.js';

export const cover: Section = async (sheet, parent) => {
  const { pdf, document, labels, manifestSha256 } = sheet;
  const { pack, request, operator, subject } = document;
  pdf.artifact('Layout', () => pdf.canvas.fill(PAGE.left, pdf.y + 12, 46, 3, NAVY));
  pdf.y += 44;
  title(sheet, parent, 'H1', labels.words('doc.title'), 26);
  title(sheet, parent, 'P', labels.words('kind.title'), 12.5);
  pdf.y += 4;
  await paragraph(pdf, parent, labels.words('kind.about'), SMALL);
  pdf.y += 10;
  const rows: [string, Cell][] = [
    ['pack_id', { words: [...plain(pack.code), ...minor(plain(pack.pack_id))], style: 'mono' }],
    ...(pack.case === null ? [] : [['case', said(plain(pack.case))] satisfies [string, Cell]]),
    ...(subject.request_id === null ? [] : [['request_id', exact(subject.request_id)] satisfies [string, Cell]]),
    ['account', subject.account ? said([...plain(`${subject.account.name} (${subject.account.account_id})`), ...minor(labels.places([subject.account.jurisdiction]))]) : said(labels.words(subject.request_id === null ? 'cover.all_accounts' : 'cover.no_account'))],
    ['operator', operator ? said([...plain(operator.name), ...minor(labels.places([operator.jurisdiction])), ...minor(plain(operator.contact))]) : said(labels.words('cover.no_operator'))],
    ['question', said(request.question === null ? labels.words('cover.no_question') : plain(request.question))],
    ['purpose', said(labels.word('purpose', request.purpose))],
    ['requested_by', said(plain(request.requested_by))],
    ['requested_at', said(plain(utc(request.requested_at)))],
    ['assembled_at', said(plain(utc(pack.assembled_at)))],
    ['classification', said(labels.words(`doc.classification.${pack.classification}`))],
    ...(pack.volume === null ? [] : [['volume', said(labels.words(pack.volume.number === 0 ? 'cover.master' : 'overview.volume_note', { number: pack.volume.number, of: pack.volume.of }))] satisfies [string, Cell]]),
    ['records', said(plain(String(document.records.length)))],
    ['pages', { words: [], later: pdf.pageCount }],
    ['manifest', { words: [...plain(manifestSha256), ...minor(labels.words('cover.manifest_note'), 'regular')], style: 'mono' }],
    ['timestamp', document.seal.timestamp === null ? said(labels.words('cover.no_timestamp')) : said(labels.words('cover.timestamp_by', { url: document.seal.timestamp }))],
    ['seal', { words: [...plain(document.seal.certificate_sha256), ...minor(plain(document.seal.certificate_subject), 'regular')], style: 'mono' }],
  ];
  await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`cover.${key}`), cell]), 0.32);
  if (!document.seal.qualified) await notice(pdf, parent, labels.words(document.seal.self_made ? 'cover.not_qualified' : 'cover.not_qualified_own'));
};

function title({ pdf }: Sheet, parent: StructureElement, tag: 'H1' | 'P', words: Words, size: number): void {
  const element = pdf.element(parent, tag);
  for (const [index, piece] of words.entries()) {
    const own = index === 0 ? size : size * 0.72;
    for (const line of pdf.source.lines(piece.text, tag === 'H1' ? 'bold' : 'regular', CONTENT_WIDTH / own)) {
      pdf.marked(element, tag, () => pdf.inLanguage(piece.lang, () => pdf.canvas.text(line.glyphs, PAGE.left, pdf.y + own * 0.85, own, index > 0 ? MUTED : tag === 'H1' ? NAVY : INK)));
      pdf.y += own * 1.4;
    }
  }
  element.end();
}
