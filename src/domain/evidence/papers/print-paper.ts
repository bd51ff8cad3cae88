// Prints a paper with the kit of the packs: PDF/A-3 with its data attached, sealed like a pack. Small enough for the thread it is asked in.
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../../kernel/digest.js';
import { mintId } from '../../../kernel/ids.js';
import type { Signer } from '../../../platform/crypto/pack-signer.js';
import type { Timestamper } from '../../../platform/timestamp/timestamp.js';
import { openDocument, type Pdf } from '../pdf/open-document.js';
import { sealFile } from '../pdf/seal-file.js';
import type { Words } from '../pdf/words.js';
import type { PaperLanguage, PaperWords } from './paper-words.js';

export interface Paper {
  readonly title: string; readonly subject: string; readonly reason: string; readonly language: PaperLanguage;
  /** Every date in the file. */
  readonly at: Date;
  readonly operator: { readonly name: string; readonly jurisdiction: string } | null;
  readonly header: { readonly left: string; readonly right: string };
  /** Group of the words for the foot of the page. */
  readonly group: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly description: string; readonly text: string }[];
  draw(pdf: Pdf): Promise<void>;
}
export interface PrintDeps { readonly home: string; readonly generator: string; readonly signer: Signer; readonly stamp: Timestamper | undefined }
export interface PrintedPaper { readonly pdf: Buffer; readonly sha256: string; readonly pages: number }

/** Writes the paper to `path`, unsigned; the same paper gives the same bytes. Answers its pages. */
export async function renderPaper(paper: Paper, words: PaperWords, path: string, deps: Pick<PrintDeps, 'generator' | 'signer'>): Promise<number> {
  const first = (all: Words): string => all[0]!.text;
  const pdf = await openDocument({
    path, title: paper.title, author: paper.operator?.name ?? deps.generator, subject: paper.subject, producer: deps.generator, lang: paper.language === 'zh' ? 'zh-CN' : 'en', at: paper.at, header: paper.header,
    footer: { left: paper.operator?.name ?? '', page: (n) => first(words.words(paper.group, 'page', { n })), rest: (total) => first(words.words(paper.group, 'of_pages', { total })) },
  });
  for (const { text, ...one } of paper.attachments) await pdf.attach({ ...one, pieces: [Buffer.from(text)] });
  await pdf.newPage();
  await paper.draw(pdf);
  return pdf.finish({ signer: new X509Certificate(deps.signer.certificate).subject, reason: paper.reason, location: paper.operator?.jurisdiction ?? '', at: paper.at });
}

/** Prints and seals. Throws when a time stamp authority is configured and away, as for packs. */
export async function printPaper(deps: PrintDeps, paper: Paper, words: PaperWords): Promise<PrintedPaper> {
  const folder = join(deps.home, 'packs'), draft = join(folder, `.paper-${mintId(paper.at)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A crash leaves a hidden draft that nobody is given; it holds nothing that is not on record.
  try {
    const pages = await renderPaper(paper, words, draft, deps), sealed = await sealFile(draft, deps.signer, deps.stamp), pdf = await readFile(draft);
    if (sealed.sha256 !== sha256Hex(pdf)) throw new Error('the file was changed while it was sealed');
    return { pdf, sha256: sealed.sha256, pages };
  } finally { await rm(draft, { force: true }); }
}
