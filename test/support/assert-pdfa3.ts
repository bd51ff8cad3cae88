// The rules of PDF/A-3a and PDF/UA-1 that our engine could break, each as a check; Debian has no validator for either.
import { PdfName, PdfRef, type PdfDict, type PdfValue } from '../../src/domain/evidence/verify/pdf-values.js';
import { isName, readPdf, type PdfFile } from '../../src/domain/evidence/verify/read-pdf.js';

/** Throws with every rule the document breaks. */
export function assertPdfA3(bytes: Buffer): void {
  const broken = pdfA3Problems(bytes);
  if (broken.length > 0) throw new Error(`not PDF/A-3a and PDF/UA-1:\n${broken.join('\n')}`);
}

export function pdfA3Problems(bytes: Buffer): string[] {
  const pdf = readPdf(bytes);
  const dicts = [...pdf.objects.values()].flatMap((object) => (object.value instanceof Map ? [object.value as PdfDict] : []));
  const problems = pdf.problems.map((problem) => problem.message);
  const rule = (holds: boolean, message: string): void => { if (!holds) problems.push(message); };
  const root = pdf.root!;
  rule(bytes.subarray(-6).toString() === '%%EOF\n', 'the file does not end with %%EOF');
  const text = bytes.toString('latin1');
  for (const forbidden of ['/NeedAppearances', '/JavaScript', '/Encrypt', '/Launch']) rule(!text.includes(forbidden), `${forbidden} is not allowed`);
  const intent = pdf.dict(items(root.get('OutputIntents'))[0]);
  rule(isName(intent?.get('S'), 'GTS_PDFA1') && pdf.dict(intent?.get('DestOutputProfile'))?.get('N') === 3, 'no output intent with a profile of three colours');
  rule(pdf.dict(root.get('MarkInfo'))?.get('Marked') === true && pdf.dict(root.get('StructTreeRoot')) !== undefined && Buffer.isBuffer(root.get('Lang')), 'not tagged, or without a language');
  rule(pdf.dict(root.get('ViewerPreferences'))?.get('DisplayDocTitle') === true, 'the title is not displayed');
  problems.push(...metadataProblems(pdf, dicts), ...fontProblems(pdf, dicts), ...attachmentProblems(pdf, dicts), ...pageProblems(pdf, dicts), ...structureProblems(pdf));
  return problems;
}

function metadataProblems(pdf: PdfFile, dicts: readonly PdfDict[]): string[] {
  const xmp = pdf.streamOf(pdf.root!.get('Metadata'))?.toString('utf8') ?? '';
  const open: string[] = [];
  for (const [, closing, name = '', selfClosing] of xmp.replace(/<\?[^>]*\?>/g, '').matchAll(/<(\/?)([A-Za-z:]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing) { if (open.pop() !== name) return [`the XMP is not well-formed at ${name}`]; } else if (!selfClosing) open.push(name);
  }
  if (open.length > 0 || /&(?!amp;|lt;|gt;|quot;|apos;|#)/.test(xmp)) return ['the XMP is not well-formed'];
  const problems = [['pdfaid:part', '3'], ['pdfaid:conformance', 'A'], ['pdfuaid:part', '1'], ['pdfaSchema:prefix', 'pdfuaid']]
    .filter(([tag, value]) => !xmp.includes(`<${tag}>${value}</${tag}>`)).map(([tag]) => `the XMP lacks ${tag}`);
  const info = dicts.find((dict) => dict.has('Producer') && dict.has('Creator'));
  for (const key of ['Title', 'Author', 'Producer', 'Creator']) {
    const value = pdf.resolve(info?.get(key));
    const said = Buffer.isBuffer(value) ? value[0] === 0xfe && value[1] === 0xff ? Buffer.from(value.subarray(2)).swap16().toString('utf16le') : value.toString('latin1') : '';
    if (!xmp.includes(`>${said}<`)) problems.push(`the XMP does not say the ${key} of the document information: ${said}`);
  }
  return problems;
}

function fontProblems(pdf: PdfFile, dicts: readonly PdfDict[]): string[] {
  const problems: string[] = [];
  for (const font of dicts.filter((dict) => isName(dict.get('Type'), 'Font'))) {
    const subtype = font.get('Subtype');
    if (isName(subtype, 'Type0')) {
      const descriptor = pdf.dict(pdf.dict(items(font.get('DescendantFonts'))[0])?.get('FontDescriptor'));
      if (!pdf.streamOf(descriptor?.get('FontFile2'))) problems.push('a font is not embedded');
      const map = pdf.streamOf(font.get('ToUnicode'))?.toString('latin1') ?? '';
      const codes = [...map.matchAll(/\[([^\]]*)\]/g)].flatMap(([, list]) => [...list!.matchAll(/<([0-9a-f ]+)>/g)].map(([, code]) => code!)).slice(1);
      if (codes.some((code) => /^(?:0000|feff|fffe)$/.test(code))) problems.push('a character maps to U+0000, U+FEFF or U+FFFE');
    } else if (!isName(subtype, 'CIDFontType2')) problems.push('a font that is neither Type0 nor its descendant');
  }
  return problems;
}

function attachmentProblems(pdf: PdfFile, dicts: readonly PdfDict[]): string[] {
  const associated = items(pdf.root!.get('AF')).map((one) => pdf.dict(one));
  return dicts.filter((dict) => isName(dict.get('Type'), 'Filespec')).flatMap((spec) => {
    const file = pdf.dict(pdf.dict(spec.get('EF'))?.get('F'));
    return Buffer.isBuffer(spec.get('F')) && Buffer.isBuffer(spec.get('UF')) && spec.get('AFRelationship') instanceof PdfName && file?.get('Subtype') instanceof PdfName && associated.includes(spec)
      ? [] : ['an attachment lacks F, UF, AFRelationship, a media type, or its place among the associated files'];
  });
}

function pageProblems(pdf: PdfFile, dicts: readonly PdfDict[]): string[] {
  const problems: string[] = [];
  for (const [index, page] of dicts.filter((dict) => isName(dict.get('Type'), 'Page')).entries()) {
    if (!isName(page.get('Tabs'), 'S') || typeof page.get('StructParents') !== 'number') problems.push(`page ${index + 1} does not follow the structure`);
    for (const annotation of items(page.get('Annots'))) if (((pdf.dict(annotation)?.get('F') as number) & 4) === 0) problems.push(`an annotation on page ${index + 1} is not printed`);
    let depth = 0;
    for (const line of pdf.streamOf(page.get('Contents'))!.toString('latin1').split('\n')) {
      if (/\b(?:BDC|BMC)$/.test(line)) depth += 1;
      else if (line === 'EMC') depth -= 1;
      else if (depth === 0 && /\b(?:BT|re f|Do)\b/.test(line)) problems.push(`page ${index + 1} has content that is neither tagged nor an artifact`);
      if (/<(?:[0-9a-f]{4})*?0000(?:[0-9a-f]{4})*> Tj/.test(line)) problems.push(`page ${index + 1} shows a glyph no font has`);
    }
    if (depth !== 0) problems.push(`page ${index + 1} leaves marked content open`);
  }
  return problems;
}

function structureProblems(pdf: PdfFile): string[] {
  const problems: string[] = [];
  let level = 0;
  const visit = (value: PdfValue | undefined, parent: string): void => {
    const element = pdf.dict(value);
    if (!(element?.get('S') instanceof PdfName)) return;
    const tag = (element.get('S') as PdfName).name;
    const heading = /^H(\d)$/.exec(tag);
    if (heading) { if (Number(heading[1]) > level + 1) problems.push(`heading level ${heading[1]} follows level ${level}`); level = Number(heading[1]); }
    if (tag === 'TR' && parent !== 'Table') problems.push('a table row outside a table');
    if ((tag === 'TD' || tag === 'TH') && parent !== 'TR') problems.push('a table cell outside a row');
    if (tag === 'TH' && !pdf.dict(element.get('A'))?.has('Scope')) problems.push('a header cell without scope');
    for (const child of items(element.get('K'))) if (child instanceof PdfRef) visit(child, tag);
  };
  for (const child of items(pdf.dict(pdf.root!.get('StructTreeRoot'))?.get('K'))) visit(child, '');
  if (level === 0) problems.push('no headings');
  return problems;
}

function items(value: PdfValue | undefined): readonly PdfValue[] { return Array.isArray(value) ? value as readonly PdfValue[] : []; }
