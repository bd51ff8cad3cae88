// Prints a pack from its document and from nothing else: cover, contents and the sections in their order, each starting where it should.
import { sha256Hex } from '../../kernel/digest.js';
import type { PackDocument } from './pack-document.js';
import { packAttachments } from './pack-attachments.js';
import { heading } from './pdf/blocks.js';
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

/** The sections in order; those marked start a page of their own. */
const SECTIONS: readonly { readonly key: SectionKey; readonly draw: Section; readonly ownPage?: true }[] = [
  { key: 'verify', draw: verify, ownPage: true }, { key: 'summary', draw: summary, ownPage: true }, { key: 'scope', draw: scope, ownPage: true },
  { key: 'records', draw: records, ownPage: true }, { key: 'charge', draw: charge }, { key: 'transfers', draw: transfers }, { key: 'retention', draw: retention },
  { key: 'custody', draw: custody }, { key: 'integrity', draw: integrity }, { key: 'method', draw: method }, { key: 'glossary', draw: glossary, ownPage: true }, { key: 'certificate', draw: certificate, ownPage: true },
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
  const pdf = openDocument({
    path, title: `${title} ${pack.code}`, author: operator?.name ?? pack.generator, subject: oneLine(labels.words(`doc.kind.${pack.kind}`), ' '), producer: pack.generator,
    lang: pack.language === 'zh' ? 'zh-CN' : 'en', at, header: { left: pack.code, right: classification },
    footer: { left: operator?.name ?? '', page: (n) => first(labels.words('doc.page', { n })), rest: (total) => first(labels.words('doc.of_pages', { total })) },
  });
  const sheet: Sheet = { pdf, document, labels, manifestSha256: sha256Hex(attachments.at(-1)!.bytes), section: numberOf };
  const begin = async (): Promise<ReturnType<typeof pdf.element>> => { await pdf.newPage(); return pdf.element(pdf.root, 'Sect'); };

  const front = await begin();
  await cover(sheet, front);
  front.end();
  const titles = SECTIONS.map(({ key }) => numbered(labels.words(`section.${key}`), numberOf(key)));
  const list = await begin();
  await heading(pdf, list, 1, labels.words('section.contents'));
  const pageNumbers = contents(sheet, list, titles);
  list.end();
  for (const [index, { draw, ownPage }] of SECTIONS.entries()) {
    if (ownPage) await pdf.newPage();
    const section = pdf.element(pdf.root, 'Sect');
    await heading(pdf, section, 1, titles[index]!);
    pageNumbers[index]!.set(String(pdf.pageNumber));
    await draw(sheet, section);
    section.end();
  }
  return pdf.finish(attachments, { signer: seal.certificate_subject, reason: `${pack.kind} ${pack.code}`, location: operator?.jurisdiction ?? '', at });
}

function numbered(words: Words, number: number): Words {
  return words.map((piece, index) => (index === 0 ? { ...piece, text: `${number}  ${piece.text}` } : piece));
}
