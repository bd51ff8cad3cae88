// The document as a PDF: its structure, its pages, and the attachments in it.
import { z } from 'zod';
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { ATTACHMENTS, MANIFEST_FORMAT, VERIFIER } from '../pack-attachments.js';
import type { PackCheck } from '../pack-report.js';
import { checked } from './check.js';
import { namePartsOf, SEAL } from './name-parts.js';
import { dictIn, idOf, list, pagesOf, type PdfFile } from './read-pdf.js';
import { PdfRef, type PdfValue } from './pdf-values.js';

/** The attachments by name, decompressed anew whenever one is asked for: together they are fifty megabytes in a large pack. */
export type Attached = Pick<ReadonlyMap<string, Buffer>, 'get' | 'has' | 'size'>;

const manifestSchema = z.strictObject({
  format: z.literal(MANIFEST_FORMAT), pack_id: z.uuid(),
  attachments: z.array(z.strictObject({ name: z.string(), type: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Everything stands where the table says, nothing lies between, every compressed part decompresses. Names the part that does not. */
export function checkStructure(pdf: PdfFile): PackCheck {
  const names = pdf.problems.length > 0 ? namePartsOf(pdf) : new Map<number, string>();
  return checked('structure', `All ${pdf.objects.size} parts of the document stand where they should, and nothing lies between them.`,
    pdf.problems.map(({ id, message }) => (id === undefined ? message : `${names.get(id) ?? `part ${id} of the document`}: ${message}`)));
}

/** Each page's content against the digest that was sealed with it. Answers the digests as found, for a comparison with a reprint. */
export function checkPages(pdf: PdfFile): { check: PackCheck; digests: string[] } {
  const kids = pagesOf(pdf);
  const sealed = list(dictIn(pdf, dictIn(pdf, pdf.dict(pdf.root?.get('PieceInfo')), 'Holdfast'), 'Private')?.get('Pages')).map((one) => (Buffer.isBuffer(one) ? one.toString('hex') : ''));
  const problems: string[] = [];
  const digests = kids.map((page, index) => {
    const digest = pdf.digestOf(page?.get('Contents')) ?? '';
    if (digest !== sealed[index]) problems.push(`page ${index + 1} was changed or cannot be read`);
    return digest;
  });
  if (kids.length === 0 || kids.length !== sealed.length) problems.push(`the document has ${kids.length} pages, and ${sealed.length} were sealed`);
  return { check: checked('pages', `The content of all ${kids.length} pages is as it was made.`, problems), digests };
}

/** The attachments, found twice over (by name and as associated files), each once, and each with the digest the manifest gives. */
export function checkAttachments(pdf: PdfFile): { check: PackCheck; attached: Attached; manifest: Manifest | undefined } {
  const problems: string[] = [];
  const files = new Map<string, PdfRef>();
  const attached: Attached = { get: (name) => pdf.streamOf(files.get(name)), has: (name) => files.has(name), get size() { return files.size; } };
  const specs = list(pdf.root?.get('AF'));
  const named = list(dictIn(pdf, dictIn(pdf, pdf.root, 'Names'), 'EmbeddedFiles')?.get('Names')).filter((one) => one instanceof PdfRef);
  const ids = (refs: readonly PdfValue[]): string => refs.map(idOf).sort((a, b) => a - b).join();
  if (ids(specs) !== ids(named)) problems.push('the list of attachments was changed');
  for (const spec of specs) {
    const dict = pdf.dict(spec);
    const name = Buffer.isBuffer(dict?.get('F')) ? (dict.get('F') as Buffer).toString('latin1') : undefined;
    if (name === undefined || !([...ATTACHMENTS, VERIFIER] as string[]).includes(name)) { problems.push(`there is an attachment that no pack has: ${name ?? 'without a name'}`); continue; }
    if (attached.has(name)) { problems.push(`${name} is attached twice`); continue; }
    const file = dictIn(pdf, dict, 'EF')?.get('F');
    if (!(file instanceof PdfRef) || pdf.digestOf(file) === undefined) problems.push(`${name} cannot be read: it was changed`);
    else files.set(name, file);
  }
  for (const name of ATTACHMENTS) if (!attached.has(name) && !problems.some((one) => one.startsWith(`${name} `))) problems.push(`${name} is missing`);
  const manifest = readManifest(attached.get('manifest.json'), problems);
  for (const entry of manifest?.attachments ?? []) {
    if (files.has(entry.name) && pdf.digestOf(files.get(entry.name)) !== entry.sha256) problems.push(`${entry.name} is not the one the manifest names: its SHA-256 differs`);
  }
  if (manifest && manifest.attachments.map((one) => one.name).join() !== [...ATTACHMENTS.slice(0, -1), ...(attached.has(VERIFIER) ? [VERIFIER] : [])].join()) problems.push('manifest.json does not list the attachments of a pack');
  const digest = pdf.digestOf(files.get('manifest.json')) ?? '';
  return { attached, manifest, check: checked('attachments', `All ${attached.size} attachments are there and as the manifest says. The SHA-256 of manifest.json is ${digest}; compare it with the cover.`, problems) };
}

function readManifest(bytes: Buffer | undefined, problems: string[]): Manifest | undefined {
  if (!bytes) return undefined;
  try {
    const json = JSON.parse(bytes.toString('utf8')) as Json;
    if (!Buffer.from(canonicalJson(json)).equals(bytes)) problems.push('manifest.json is not in canonical form');
    return manifestSchema.parse(json);
  } catch { problems.push('manifest.json was changed: it is not a manifest'); return undefined; }
}

/** What the same pack, printed again, has otherwise; the room for the seal apart. Each part is named. */
export function differencesOf(pdf: PdfFile, again: PdfFile): string[] {
  const names = namePartsOf(pdf), printed = namePartsOf(again), ids = new Set([...pdf.objects.keys(), ...again.objects.keys()]);
  const differ = [...ids].filter((id) => { const one = pdf.objects.get(id), other = again.objects.get(id); return !(one && other && (printed.get(id) === SEAL || one.raw.equals(other.raw))); });
  return [...new Set(differ.map((id) => `${printed.get(id) ?? names.get(id) ?? 'a part of the document'} is not as the pack is printed`))];
}
