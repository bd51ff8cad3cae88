// Prints the pages of a pack again from its pack.json and compares them with the file's: so what is printed is what the records say.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coerceError } from '../../kernel/errors.js';
import type { PackDocument } from './pack-document.js';
import type { PackCheck } from './pack-report.js';
import { renderPack } from './render-pack.js';
import { loadTemplate } from './template.js';
import { checkPages } from './verify/check-document.js';
import { checked } from './verify/check.js';
import { readPdf } from './verify/read-pdf.js';
import { generatorName } from './generator.js';

/** Compares page by page. Only the same program on the same Node prints the same; otherwise it says that it did not compare. */
export async function checkReprint(document: PackDocument, digests: readonly string[], verifier: Buffer | undefined): Promise<PackCheck> {
  const name = 'printed pages';
  if (document.pack.generator !== generatorName() || document.pack.template_sha256 !== loadTemplate(document.pack.kind).digest) {
    return { name, ok: true, message: `The pages were not printed again for comparison: the pack was made by ${document.pack.generator}, this is ${generatorName()}. That pages and pack.json say the same rests on the seal.` };
  }
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-reprint-'));
    const path = join(folder, 'pack.pdf');
    await renderPack(document, path, { verifier });
    const { digests: again } = checkPages(readPdf(await readFile(path)));
    const problems = again.length === digests.length ? [] : [`the file has ${digests.length} pages, and pack.json makes ${again.length}`];
    for (const [index, digest] of digests.entries()) if (digest !== again[index]) problems.push(`page ${index + 1} does not show what pack.json says`);
    return checked(name, `All ${digests.length} pages, printed again from pack.json, are the pages in the file.`, problems);
  } catch (error) {
    return { name, ok: true, message: `The pages could not be printed again for comparison (${coerceError(error).message}). That pages and pack.json say the same rests on the seal.` };
  } finally { if (folder) await rm(folder, { recursive: true, force: true }); }
}
