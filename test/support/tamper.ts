// Ways to falsify a pack, for the verifier's tests: flipped bits by region, and attachments replaced by someone without the key.
import { deflateSync } from 'node:zlib';
import { PdfRef, type PdfDict, type PdfValue } from '../../src/domain/evidence/verify/pdf-values.js';
import { isName, readPdf, type PdfFile } from '../../src/domain/evidence/verify/read-pdf.js';

export interface Region { readonly start: number; readonly end: number }

/** The bytes with one bit changed. */
export function flip(bytes: Buffer, at: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ (1 << bit);
  return copy;
}

/** Where the parts of a pack lie. */
export function regionsOf(bytes: Buffer): Record<'header' | 'page 2' | 'pack.json' | 'manifest.json' | 'font' | 'metadata' | 'tags' | 'signature' | 'byte range' | 'table' | 'trailer', Region> {
  const pdf = readPdf(bytes);
  const find = (test: (dict: PdfDict) => boolean): number => [...pdf.objects.values()].find((object) => object.value instanceof Map && test(object.value as PdfDict))!.id;
  const stream = (id: number): Region => {
    const start = bytes.indexOf('stream\n', pdf.objects.get(id)!.start) + 'stream\n'.length;
    return { start, end: start + pdf.objects.get(id)!.stream!.length };
  };
  const after = (text: string, length: number, from = 0): Region => { const start = bytes.indexOf(text, from, 'latin1') + text.length; return { start, end: start + length }; };
  const kids = pdf.dict(pdf.root!.get('Pages'))!.get('Kids') as PdfValue[];
  const table = bytes.lastIndexOf('\nxref\n') + 1, trailer = bytes.lastIndexOf('trailer\n');
  const tags = pdf.objects.get(find((dict) => isName(dict.get('S'), 'H1')))!;
  return {
    header: { start: 0, end: 15 }, 'page 2': stream((pdf.dict(kids[1])!.get('Contents') as PdfRef).id), 'pack.json': stream(attachmentId(pdf, 'pack.json')), 'manifest.json': stream(attachmentId(pdf, 'manifest.json')),
    font: stream((pdf.dict(new PdfRef(find((dict) => dict.has('FontFile2'))))!.get('FontFile2') as PdfRef).id), metadata: stream(find((dict) => isName(dict.get('Type'), 'Metadata'))),
    tags: { start: tags.start, end: tags.end }, signature: after('/Contents <', 1600), 'byte range': after('/ByteRange [0 ', 20), table: { start: table, end: trailer }, trailer: { start: trailer, end: bytes.length },
  };
}

function attachmentId(pdf: PdfFile, name: string): number {
  for (const spec of pdf.root!.get('AF') as PdfValue[]) {
    const dict = pdf.dict(spec)!;
    if ((dict.get('F') as Buffer).toString() === name) return (pdf.dict(dict.get('EF'))!.get('F') as PdfRef).id;
  }
  throw new Error(`no attachment ${name}`);
}

export function attachment(bytes: Buffer, name: string): Buffer {
  const pdf = readPdf(bytes);
  return pdf.streamOf(new PdfRef(attachmentId(pdf, name)))!;
}

/** A well-formed PDF with these attachments instead: places, table, byte range and trailer are made anew; only the seal cannot be. `behind` is put after their data. */
export function withAttachments(bytes: Buffer, replace: Readonly<Record<string, Buffer>>, behind: Buffer = Buffer.alloc(0)): Buffer {
  const pdf = readPdf(bytes);
  const contents = new Map(Object.entries(replace).map(([name, content]) => [attachmentId(pdf, name), Buffer.concat([deflateSync(content), behind])]));
  const objects = [...pdf.objects.values()].sort((a, b) => a.start - b.start);
  const parts: Buffer[] = [bytes.subarray(0, objects[0]!.start)];
  const places = new Map<number, number>();
  let at = parts[0]!.length;
  for (const object of objects) {
    let body = bytes.subarray(object.start, object.end);
    const content = contents.get(object.id);
    if (content) {
      const head = body.toString('latin1', 0, body.indexOf('\nstream\n')).replace(/\/Length \d+/, `/Length ${content.length}`);
      body = Buffer.concat([Buffer.from(`${head}\nstream\n`, 'latin1'), content, Buffer.from('\nendstream\nendobj\n')]);
    }
    places.set(object.id, at);
    parts.push(body);
    at += body.length;
  }
  const lines = [...places].sort(([a], [b]) => a - b).map(([, place]) => `${String(place).padStart(10, '0')} 00000 n \n`);
  const trailer = bytes.toString('latin1', bytes.lastIndexOf('trailer\n'), bytes.lastIndexOf('startxref\n'));
  const whole = Buffer.concat([...parts, Buffer.from(`xref\n0 ${places.size + 1}\n0000000000 65535 f \n${lines.join('')}${trailer}startxref\n${at}\n%%EOF\n`, 'latin1')]);
  return withByteRange(whole);
}

function withByteRange(bytes: Buffer): Buffer {
  const start = bytes.indexOf('/ByteRange ['), end = bytes.indexOf('\n', start);
  const open = bytes.indexOf('/Contents <') + '/Contents '.length, close = bytes.indexOf('>', open) + 1;
  bytes.write(`/ByteRange [0 ${open} ${close} ${bytes.length - close}]`.padEnd(end - start), start, 'latin1');
  return bytes;
}
