// Whether a value is in a PDF in any shape a reader or a tool could find it: raw, in decompressed data, in strings of the document, and in the text of the pages.
import { spawnSync } from 'node:child_process';
import { PdfRef, type PdfValue } from '../../src/domain/evidence/verify/pdf-values.js';
import { readPdf } from '../../src/domain/evidence/verify/read-pdf.js';
import { asFile, output } from './pdf-tools.js';

/** The value as bytes that stand for it, by the name of the encoding. */
function shapesOf(value: string): [string, Buffer][] {
  const utf8 = Buffer.from(value), utf16le = Buffer.from(value, 'utf16le'), utf16be = Buffer.from(utf16le).swap16();
  const octal = Buffer.from([...utf8].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')), escaped = Buffer.from(value.replaceAll(/[()\\]/g, String.raw`\$&`));
  // Inside base64 a value stands at one of three offsets; what does not depend on its neighbours is looked for.
  const base64 = [0, 1, 2].map((offset): [string, Buffer] => [`base64 at ${offset}`, Buffer.from(Buffer.concat([Buffer.alloc(offset), utf8]).toString('base64').slice(offset === 0 ? 0 : 4, -4))]);
  return [['utf-8', utf8], ['latin-1', Buffer.from(value, 'latin1')], ['utf-16 LE', utf16le], ['utf-16 BE', utf16be], ['octal escapes', octal], ['string escapes', escaped], ['reversed', Buffer.from(Array.from(value).reverse().join(''))],
    ...[utf8, utf16be].flatMap((bytes): [string, Buffer][] => [['hex', Buffer.from(bytes.toString('hex'))], ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())]]), ...base64.filter(([, bytes]) => bytes.length >= 6)];
}

/** Every string of the document, decoded from its escapes or hexadecimal digits. */
function stringsOf(value: PdfValue): Buffer[] {
  if (Buffer.isBuffer(value)) return [value];
  if (Array.isArray(value)) return (value as readonly PdfValue[]).flatMap(stringsOf);
  return value instanceof Map ? [...(value as ReadonlyMap<string, PdfValue>).values()].flatMap(stringsOf) : [];
}

interface Part { readonly where: string; readonly content: Buffer }
const opened = new WeakMap<Buffer, { readonly parts: readonly Part[]; readonly text: string | undefined }>();

/** The file, its decompressed parts and the strings of each, and the text of its pages where poppler is installed; made once a file. */
function open(bytes: Buffer): { readonly parts: readonly Part[]; readonly text: string | undefined } {
  const known = opened.get(bytes);
  if (known) return known;
  const pdf = readPdf(bytes), parts: Part[] = [{ where: 'the file', content: bytes }];
  for (const object of pdf.objects.values()) {
    if (object.stream) parts.push({ where: `part ${object.id}, decompressed`, content: pdf.streamOf(new PdfRef(object.id))! });
    const strings = stringsOf(object.value);
    if (strings.length > 0) parts.push({ where: `a string of part ${object.id}`, content: Buffer.concat(strings.flatMap((one) => [one, Buffer.from('\n')])) });
  }
  const text = spawnSync('pdftotext', ['-v']).error === undefined ? output('pdftotext', '-raw', asFile(bytes), '-').replaceAll(/\s/g, '') : undefined, found = { parts, text };
  opened.set(bytes, found);
  return found;
}

/** Where the value was found and how it was written there; empty when nowhere. */
export function placesOfValue(bytes: Buffer, value: string): string[] {
  const { parts, text } = open(bytes), shapes = shapesOf(value);
  const found = parts.flatMap(({ where, content }) => shapes.filter(([, pattern]) => content.includes(pattern)).map(([shape]) => `${where} (${shape})`));
  // A value may be broken over lines of a narrow column.
  return text?.includes(value.replaceAll(/\s/g, '')) ? [...found, 'the text of the pages'] : found;
}
