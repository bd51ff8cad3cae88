// Prints a pack from its document and from nothing else: cover, contents and the sections in their order, each starting where it should.
import { sha256Hex } from '../../kernel/digest.js';
import type { PackDocument } from './pack-document.js';
import { packAttachments } from './pack-attachments.js';
import { heading } from './pdf/blocks.js';
import type { LaterText } from './pdf/canvas.js';
import { openDocument } from './pdf/open-document.js';
import { oneLine, type Words } from './pdf/words.js';
import { certificate } from './sections/certificate.js';
import { charge } from './sections/charge.js';
import { contents } from './sections/contents.js';
import { cover } from './sections/cover.js';
import { custody } from './sections/custody.js';
import { glossary } from './sections/glossary.js';
import { integrity } from './sections/integrity.js';
import { method } from './sections/method.js';
import { records } from './sections/records.js';
import { retention } from './sections/retention.js';
import { scope } from './sections/scope.js';
import type { Section, SectionKey, Sheet } from './sections/sheet.js';
import { summary } from './sections/summary.js';
import { transfers } from './sections/transfers.js';
import { verify } from './sections/verify.js';
import { labelsFor } from './template.js';

/** The sections in order. `room`: points that must be left on the page, or a new one is begun; the verification box is page 2. */
const OWN_PAGE = Number.POSITIVE_INFINITY;
const SECTIONS: readonly { readonly key: SectionKey; readonly draw: Section; readonly room: number }[] = [
  { key: 'verify', draw: verify, room: OWN_PAGE }, { key: 'summary', draw: summary, room: OWN_PAGE }, { key: 'scope', draw: scope, room: OWN_PAGE },
  { key: 'records', draw: records, room: OWN_PAGE }, { key: 'charge', draw: charge, room: 480 }, { key: 'transfers', draw: transfers, room: 400 },
  { key: 'retention', draw: retention, room: 330 }, { key: 'custody', draw: custody, room: 220 }, { key: 'integrity', draw: integrity, room: 330 },
  { key: 'method', draw: method, room: 330 }, { key: 'glossary', draw: glossary, room: OWN_PAGE }, { key: 'certificate', draw: certificate, room: OWN_PAGE },
];
const numberOf = (key: SectionKey): number => SECTIONS.findIndex((section) => section.key === key) + 1;

/**
 * Writes the unsigned pack to `path`, which must not exist. The same document gives the same bytes. Answers the number of pages.
 * Nothing is drawn for longer than a few milliseconds at a time, whatever the records hold.
 */
export async function renderPack(document: PackDocument, path: string): Promise<number> {
  const { pack, operator, seal } = document;
  const labels = labelsFor(pack.language);
  const attachments = packAttachments(document);
  const title = oneLine(labels.words('doc.title'), ' ');
  const first = (words: Words): string => words[0]!.text;
  const classification = oneLine(labels.words(`doc.classification.${pack.classification}`), ' · ');
  const at = new Date(pack.assembled_at);
  const pdf = await openDocument({
    path, title: `${title} ${pack.code}`, author: operator?.name ?? pack.generator, subject: oneLine(labels.words(`doc.kind.${pack.kind}`), ' '), producer: pack.generator,
    lang: pack.language === 'zh' ? 'zh-CN' : 'en', at, header: { left: pack.code, right: classification },
    footer: { left: operator?.name ?? '', page: (n) => first(labels.words('doc.page', { n })), rest: (total) => first(labels.words('doc.of_pages', { total })) },
  });
  const sheet: Sheet = { pdf, document, labels, manifestSha256: sha256Hex(attachments.at(-1)!.bytes), section: numberOf };
  await pdf.newPage();
  const front = pdf.element(pdf.root, 'Sect');
  await cover(sheet, front);
  front.end();
  const titles = SECTIONS.map(({ key }) => numbered(labels.words(`section.${key}`), numberOf(key)));
  const pageNumbers: (number | LaterText)[] = [];
  for (const [index, { key, draw, room }] of SECTIONS.entries()) {
    if (room === OWN_PAGE) await pdf.newPage(); else await pdf.reserve(room);
    const section = pdf.element(pdf.root, 'Sect');
    await heading(pdf, section, 1, titles[index]!);
    const later = pageNumbers[index];
    if (typeof later === 'object') later.set(String(pdf.pageNumber)); else pageNumbers[index] = pdf.pageNumber;
    await draw(sheet, section);
    section.end();
    if (key === 'verify') await drawContents(sheet, titles, pageNumbers);
  }
  return pdf.finish(attachments, { signer: seal.certificate_subject, reason: `${pack.kind} ${pack.code}`, location: operator?.jurisdiction ?? '', at });
}

/** The contents follow the verification box; sections drawn before them have their numbers already. */
async function drawContents(sheet: Sheet, titles: readonly Words[], pageNumbers: (number | LaterText)[]): Promise<void> {
  const { pdf, labels } = sheet;
  await pdf.newPage();
  const list = pdf.element(pdf.root, 'Sect');
  await heading(pdf, list, 1, labels.words('section.contents'));
  for (const [index, later] of contents(sheet, list, titles).entries()) {
    const known = pageNumbers[index];
    if (typeof known === 'number') later.set(String(known));
    pageNumbers[index] = later;
  }
  list.end();
}

function numbered(words: Words, number: number): Words {
  return words.map((piece, index) => (index === 0 ? { ...piece, text: `${number}  ${piece.text}` } : piece));
}
