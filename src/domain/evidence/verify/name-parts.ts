// Plain names of the parts of a pack's PDF, for sentences about what was changed.
import { PdfName, PdfRef, type PdfDict, type PdfValue } from './pdf-values.js';
import { dictIn, isName, list, pagesOf, type PdfFile } from './read-pdf.js';

export const SEAL = 'the seal';
/** By the /Type of a part. */
const BY_TYPE: Readonly<Record<string, string>> = {
  Catalog: 'the catalogue of the document', Pages: 'the list of pages', Font: 'a font', FontDescriptor: 'a font', StructTreeRoot: 'the tags', StructElem: 'a tag', Outlines: 'the bookmarks',
  Metadata: 'the document information', Annot: 'the field of the seal', Sig: SEAL, OutputIntent: 'the colour profile',
};

/** By entries only this kind of part has. */
const BY_ENTRY: readonly (readonly [readonly string[], string])[] = [
  [['S', 'P'], 'a tag'], [['Title', 'Parent'], 'a bookmark'], [['First', 'Last'], 'the bookmarks'], [['Nums'], 'the tags'], [['Producer'], 'the document information'], [['Fields'], 'the field of the seal'],
  [['EmbeddedFiles'], 'the list of attachments'], [['Marked'], 'the catalogue of the document'], [['DisplayDocTitle'], 'the catalogue of the document'],
];

/** A name for each object, as far as its dictionary or who refers to it tells what it is. */
export function namePartsOf(pdf: PdfFile): Map<number, string> {
  const names = new Map<number, string>();
  const name = (value: PdfValue | undefined, text: string): void => { if (value instanceof PdfRef) names.set(value.id, text); };
  for (const { id, value } of pdf.objects.values()) {
    if (!(value instanceof Map)) continue;
    const dict = value as PdfDict, type = dict.get('Type');
    const known = type instanceof PdfName ? BY_TYPE[type.name] : undefined;
    const own = known ?? BY_ENTRY.find(([entries]) => entries.every((entry) => dict.has(entry)))?.[1];
    if (own !== undefined) names.set(id, own);
    if (isName(type, 'XObject')) names.set(id, 'a page number');
    for (const key of ['FontFile2', 'FontFile3', 'ToUnicode', 'CIDSet', 'FontDescriptor']) name(dict.get(key), 'a font');
    for (const key of ['DestOutputProfile']) name(dict.get(key), 'the colour profile');
  }
  for (const [index, page] of pagesOf(pdf).entries()) {
    name(list(dictIn(pdf, pdf.root, 'Pages')?.get('Kids'))[index], `page ${index + 1}`);
    name(page?.get('Contents'), `the content of page ${index + 1}`);
    name(page?.get('Resources'), `the fonts of page ${index + 1}`);
  }
  for (const spec of list(pdf.root?.get('AF'))) {
    const file = pdf.dict(spec)?.get('F'), text = Buffer.isBuffer(file) ? `attachment ${file.toString('latin1')}` : 'an attachment';
    name(spec, `the entry of ${text}`);
    name(dictIn(pdf, pdf.dict(spec), 'EF')?.get('F'), text);
  }
  return names;
}
