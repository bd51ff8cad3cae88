// Prints a pack again from its pack.json and compares every part of the file with it: so what is printed is what the records say.
import { Writable } from 'node:stream';
import { coerceError } from '../../kernel/errors.js';
import { generatorName } from './generator.js';
import type { PackDocument } from './pack-document.js';
import type { PackCheck } from './pack-report.js';
import { renderPack } from './render-pack.js';
import { loadTemplate } from './template.js';
import { checkPages, differencesOf } from './verify/check-document.js';
import { checked } from './verify/check.js';
import { readPdf, type PdfFile } from './verify/read-pdf.js';

/** Compares page by page, then part by part. Only the same program on the same Node prints the same; otherwise it says that it did not compare. In memory: a stranger's data is written nowhere. */
export async function checkReprint(document: PackDocument, pdf: PdfFile, digests: readonly string[], verifier: Buffer | undefined): Promise<PackCheck> {
  const name = 'printed pages';
  if (document.pack.generator !== generatorName() || document.pack.template_sha256 !== loadTemplate(document.pack.kind).digest) {
    return { name, ok: true, message: `The pages were not printed again for comparison: the pack was made by ${document.pack.generator}, this is ${generatorName()}. That pages and pack.json say the same rests on the seal.` };
  }
  try {
    const parts: Buffer[] = [];
    await renderPack(document, new Writable({ write: (part: Buffer, _encoding, done) => { parts.push(part); done(); } }), { verifier });
    const own = readPdf(Buffer.concat(parts)), { digests: again } = checkPages(own);
    const problems = again.length === digests.length ? [] : [`the file has ${digests.length} pages, and pack.json makes ${again.length}`];
    for (const [index, digest] of digests.entries()) if (digest !== again[index]) problems.push(`page ${index + 1} does not show what pack.json says`);
    if (problems.length === 0) problems.push(...differencesOf(pdf, own));
    return checked(name, `All ${digests.length} pages, printed again from pack.json, are the pages in the file.`, problems);
  } catch (error) {
    return { name, ok: true, message: `The pages could not be printed again for comparison (${coerceError(error).message}). That pages and pack.json say the same rests on the seal.` };
  }
}
