// Prints a pack from its document and from nothing else: cover, contents and the sections in their order, each starting where it should.
import type { Writable } from 'node:stream';
import type { PackDocument } from './pack-document.js';
import { packAttachments, packManifest } from './pack-attachments.js';
import { heading } from './pdf/blocks.js';
import type { LaterText } from './pdf/canvas.js';
import { openDocument, type Pdf } from './pdf/open-document.js';
import { oneLine, type Words } from './pdf/words.js';
import { account } from './sections/account.js';
import { certificate } from './sections/certificate.js';
import { charge } from './sections/charge.js';
import { contents } from './sections/contents.js';
import { cover } from './sections/cover.js';
import { custody } from './sections/custody.js';
import { glossary } from './sections/glossary.js';
import { integrity } from './sections/integrity.js';
import { legal } from './sections/legal.js';
import { match } from './sections/match.js';
import { method } from './sections/method.js';
import { overview } from './sections/overview.js';
import { purge } from './sections/purge.js';
import { records } from './sections/records.js';
import { redactions } from './sections/redactions.js';
import { retention } from './sections/retention.js';
import { rows } from './sections/rows.js';
import { scope } from './sections/scope.js';
import { SECTION_KEYS, type Section, type SectionKey, type Sheet } from './sections/sheet.js';
import { summary } from './sections/summary.js';
import { transfers } from './sections/transfers.js';
import { verify } from './sections/verify.js';
import { labelsFor, loadTemplate } from './template.js';

/** Every section. `room`: points that must be left on the page, or a new one is begun; the verification box is page 2. */
const OWN_PAGE = Number.POSITIVE_INFINITY;
const SECTIONS: Readonly<Record<SectionKey, { readonly draw: Section; readonly room: number }>> = {
  verify: { draw: verify, room: OWN_PAGE }, summary: { draw: summary, room: OWN_PAGE }, scope: { draw: scope, room: 460 },
  records: { draw: records, room: OWN_PAGE }, charge: { draw: charge, room: 480 }, transfers: { draw: transfers, room: 400 },
  retention: { draw: retention, room: 330 }, custody: { draw: custody, room: 220 }, integrity: { draw: integrity, room: 330 },
  method: { draw: method, room: 330 }, glossary: { draw: glossary, room: OWN_PAGE }, certificate: { draw: certificate, room: OWN_PAGE },
  legal: { draw: legal, room: OWN_PAGE }, overview: { draw: overview, room: 200 }, rows: { draw: rows, room: OWN_PAGE }, redactions: { draw: redactions, room: 260 },
  match: { draw: match, room: 420 }, account: { draw: account, room: OWN_PAGE }, purge: { draw: purge, room: OWN_PAGE },
};

/** The sections of a pack, in the order its template says; what has nothing to say is left out. */
function sectionsOf(document: PackDocument): SectionKey[] {
  const { sections } = loadTemplate(document.pack.kind).kind;
  const empty: Partial<Record<SectionKey, boolean>> = {
    redactions: document.redactions.length === 0, legal: document.legal === null && document.pack.case === null, rows: document.pack.volume?.number === 0, retention: document.retention.length === 0,
    custody: document.custody.length === 0, account: document.subject.account === null, match: document.match === undefined, glossary: document.pack.volume?.number === 0,
  };
  return sections.filter((key): key is SectionKey => (SECTION_KEYS as readonly string[]).includes(key) && !empty[key as SectionKey]);
}

export interface RenderOptions {
  /** The bytes of verify.mjs, to be attached. */
  readonly verifier?: Buffer;
  /** The bytes of pack.json, if they are at hand; else they are made again. */
  readonly json?: Iterable<Buffer>;
  /** Told after every page. */
  readonly onPage?: (pages: number) => void;
}

/**
 * Writes the unsigned pack to `path`, which must not exist, or to a stream. The same document gives the same bytes. Answers the number of pages.
 * Nothing is drawn for longer than a few milliseconds at a time, whatever the records hold.
 */
export async function renderPack(document: PackDocument, path: string | Writable, options: RenderOptions = {}): Promise<number> {
  const { pack, operator, seal } = document;
  const labels = labelsFor(pack.language, pack.kind), template = loadTemplate(pack.kind).kind, keys = sectionsOf(document);
  const numberOf = (key: SectionKey): number => keys.indexOf(key) + 1;
  const title = oneLine(labels.words('doc.title'), ' ');
  const first = (words: Words): string => words[0]!.text;
  const classification = [oneLine(labels.words(`doc.classification.${pack.classification}`), ' · '), ...(pack.volume && pack.volume.number > 0 ? [`${pack.volume.number}/${pack.volume.of}`] : [])].join(' · ');
  const at = new Date(pack.assembled_at);
  const pdf = await openDocument({
    path, title: `${title} ${pack.code}`, author: operator?.name ?? pack.generator, subject: oneLine(labels.words('kind.title'), ' '), producer: pack.generator, greyscale: template.greyscale,
    lang: pack.language === 'zh' ? 'zh-CN' : 'en', at, header: { left: pack.code, right: classification }, onPage: options.onPage,
    footer: { left: operator?.name ?? '', page: (n) => first(labels.words('doc.page', { n })), rest: (total) => first(labels.words('doc.of_pages', { total })) },
  });
  const sheet: Sheet = { pdf, document, labels, verifier: options.verifier !== undefined, manifestSha256: await attachAll(pdf, document, options), section: (key) => numberOf(key) || '–' };
  await pdf.newPage();
  const front = pdf.element(pdf.root, 'Sect');
  await cover(sheet, front);
  front.end();
  const titles = keys.map((key) => numbered(labels.words(`section.${key}`), numberOf(key)));
  const pageNumbers: (number | LaterText)[] = [];
  for (const [index, key] of keys.entries()) {
    const { draw, room } = SECTIONS[key];
    if (room === OWN_PAGE) await pdf.newPage(); else await pdf.reserve(room);
    const section = pdf.element(pdf.root, 'Sect');
    await heading(pdf, section, 1, titles[index]!);
    const later = pageNumbers[index];
    if (typeof later === 'object') later.set(String(pdf.pageNumber)); else pageNumbers[index] = pdf.pageNumber;
    await draw(sheet, section);
    section.end();
    // A print for a scheme is a few pages and needs no contents.
    if (index === 0 && template.most_pages === null) await drawContents(sheet, titles, pageNumbers);
  }
  return pdf.finish({ signer: seal.certificate_subject, reason: `${pack.kind} ${pack.code}`, location: operator?.jurisdiction ?? '', at });
}

/** Attaches everything before the first page is drawn, as the cover says the SHA-256 of the manifest, which is answered. */
async function attachAll(pdf: Pdf, document: PackDocument, { verifier, json }: RenderOptions): Promise<string> {
  const attached = [];
  for (const file of packAttachments(document, verifier, json)) attached.push({ name: file.name, type: file.type, ...await pdf.attach(file) });
  return (await pdf.attach(packManifest(document, attached))).sha256;
}

/** The contents follow the first section; sections drawn before them have their numbers already. */
async function drawContents(sheet: Sheet, titles: readonly Words[], pageNumbers: (number | LaterText)[]): Promise<void> {
  const { pdf, labels } = sheet;
  // Below the verification box where all of it fits, so that a page is not begun for a few lines.
  await pdf.reserve(90 + titles.length * 20);
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
