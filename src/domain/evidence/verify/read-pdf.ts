// Reads a pack's PDF the way it was written: a header, objects one behind the other, the table of their places, the trailer. Whatever
// does not fit is collected as a problem, so that damage in one place does not hide the rest.
import { sha256Hex } from '../../../kernel/digest.js';
import { coerceError } from '../../../kernel/errors.js';
import { inflateSync } from 'node:zlib';
import { PdfName, PdfRef, PdfScanner, type PdfDict, type PdfValue } from './pdf-values.js';

export interface PdfObject { readonly id: number; readonly start: number; readonly end: number; readonly value: PdfValue; /** Raw bytes of the stream, if it has one. */ readonly stream: Buffer | undefined; /** All of its bytes. */ readonly raw: Buffer }

/** An object by its place, read again when somebody asks: a pack of 10,000 records has 90,000 of them, and few are looked at. */
class PlacedObject implements PdfObject {
  #value: { readonly read: PdfValue } | undefined;
  constructor(private readonly bytes: Buffer, readonly id: number, readonly start: number, readonly end: number, private readonly streamStart: number, private readonly streamEnd: number) {}
  get value(): PdfValue { return (this.#value ??= { read: new PdfScanner(this.bytes, this.start + `${this.id} 0 obj\n`.length).value() }).read; }
  get stream(): Buffer | undefined { return this.streamStart < 0 ? undefined : this.bytes.subarray(this.streamStart, this.streamEnd); }
  get raw(): Buffer { return this.bytes.subarray(this.start, this.end); }
}

export interface PdfFile {
  readonly objects: ReadonlyMap<number, PdfObject>;
  readonly root: PdfDict | undefined;
  /** Sentences about what does not fit: the table, an object, bytes between objects. Each with the object's id where there is one. */
  readonly problems: readonly { readonly id?: number; readonly message: string }[];
  /** The value a reference stands for; a value that is none is returned as it is. */
  resolve(value: PdfValue | undefined): PdfValue | undefined;
  /** The dictionary of a value or of the object it refers to; undefined when it is none. */
  dict(value: PdfValue | undefined): PdfDict | undefined;
  /** Decoded bytes of the stream a reference points to. Throws RangeError when it does not decompress. */
  streamOf(value: PdfValue | undefined): Buffer | undefined;
  /** SHA-256 of those bytes, in hex; undefined when they do not decompress. */
  digestOf(value: PdfValue | undefined): string | undefined;
}

const HEADER = Buffer.from('%PDF-1.7\n%\xff\xff\xff\xff\n', 'latin1');
/** No attachment or page of a pack is larger once decompressed, nor all of them together; more is an attack on the reader. */
const LARGEST_STREAM = 128 << 20, LARGEST_WHOLE = 384 << 20;

export function readPdf(bytes: Buffer): PdfFile {
  const problems: { id?: number; message: string }[] = [];
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) problems.push({ message: 'the header was changed' });
  const table = readTable(bytes, problems);
  const offsets = table?.offsets ?? scanForObjects(bytes);
  const objects = new Map<number, PdfObject>();
  for (const [id, start] of offsets) {
    try { objects.set(id, readObject(bytes, id, start)); } catch (error) { problems.push({ id, message: coerceError(error).message }); }
  }
  checkCoverage(bytes, objects, table, problems);
  const resolve = (value: PdfValue | undefined): PdfValue | undefined => (value instanceof PdfRef ? objects.get(value.id)?.value : value);
  const dict = (value: PdfValue | undefined): PdfDict | undefined => {
    const found = resolve(value);
    return found instanceof Map ? found : undefined;
  };
  const streamOf = (value: PdfValue | undefined): Buffer | undefined => {
    const object = value instanceof PdfRef ? objects.get(value.id) : undefined;
    return object?.stream && decode(object.value, object.stream);
  };
  // Once a part, however many pages claim it: a small file must not keep a reader busy.
  const digests = new Map<number, string>();
  let whole = 0;
  for (const object of objects.values()) {
    if (!object.stream) continue;
    try {
      const content = decode(object.value, object.stream);
      whole += content.length;
      digests.set(object.id, sha256Hex(content));
    } catch (error) {
      const large = coerceError(error).message.includes('larger');
      if (large) whole += LARGEST_STREAM;
      problems.push({ id: object.id, message: large ? `its data is larger than ${LARGEST_STREAM >> 20} MB once decompressed, which no pack has` : 'its compressed data is damaged' });
    }
    // What lies behind is not decompressed at all, so that a small file cannot keep a reader busy.
    if (whole > LARGEST_WHOLE) { problems.push({ message: `its parts are larger than ${LARGEST_WHOLE >> 20} MB once decompressed, which no pack is` }); objects.clear(); break; }
  }
  // Without its trailer a document still has one catalogue.
  const root = dict(table?.root) ?? [...objects.values()].map((object) => dict(object.value)).find((one) => isName(one?.get('Type'), 'Catalog'));
  return { objects, root, problems, resolve, dict, streamOf, digestOf: (value) => digests.get(idOf(value)) };
}

/** Whether the value is this name. */
export function isName(value: PdfValue | undefined, name: string): boolean { return value instanceof PdfName && value.name === name; }

export function pagesOf(pdf: PdfFile): (PdfDict | undefined)[] { return list(dictIn(pdf, pdf.root, 'Pages')?.get('Kids')).map((kid) => pdf.dict(kid)); }
export function dictIn(pdf: PdfFile, dict: PdfDict | undefined, key: string): PdfDict | undefined { return pdf.dict(dict?.get(key)); }
export function list(value: PdfValue | undefined): readonly PdfValue[] { return Array.isArray(value) ? value as readonly PdfValue[] : []; }
/** Number of the object a reference stands for; -1 for what is none. */
export function idOf(value: PdfValue | undefined): number { return value instanceof PdfRef ? value.id : -1; }

function decode(value: PdfValue, stream: Buffer): Buffer {
  if (!(value instanceof Map) || !value.has('Filter')) return stream;
  if (!isName(value.get('Filter') as PdfValue, 'FlateDecode')) throw new RangeError('an unknown filter');
  // In one piece where its size is said, as it is of attachments; never more than deflate can make of so many bytes.
  const said = (value.get('Params') as PdfDict | undefined)?.get?.('Size'), chunkSize = typeof said === 'number' ? Math.max(1 << 14, Math.min(Math.floor(said) + 1, stream.length * 1_032, LARGEST_STREAM)) : 1 << 16;
  const { buffer, engine } = inflateSync(stream, { maxOutputLength: LARGEST_STREAM, info: true, chunkSize }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  // Bytes behind the compressed data would be ignored by everyone and yet be there.
  if (engine.bytesWritten !== stream.length) throw new RangeError('bytes after the compressed data');
  return buffer;
}

interface Table { readonly start: number; readonly offsets: ReadonlyMap<number, number>; readonly root: PdfValue | undefined }

function readTable(bytes: Buffer, problems: { message: string }[]): Table | undefined {
  const tail = /startxref\n(\d{1,12})\n%%EOF\n$/.exec(bytes.toString('latin1', Math.max(0, bytes.length - 64)));
  const start = Number(tail?.[1]);
  if (!tail || start >= bytes.length) { problems.push({ message: 'the trailer was changed, or the end of the file is missing' }); return undefined; }
  try {
    const scanner = new PdfScanner(bytes, start);
    const count = /^xref\n0 (\d{1,7})\n/.exec(bytes.toString('latin1', start, start + 20));
    if (!count) throw new RangeError('the table of objects does not start where the trailer says');
    scanner.at += count[0].length;
    const offsets = new Map<number, number>();
    for (let id = 0; id < Number(count[1]); id += 1) {
      const line = /^(\d{10}) (\d{5}) ([nf]) \n$/.exec(bytes.toString('latin1', scanner.at, scanner.at + 20));
      if (!line || (id === 0 ? line[0] !== '0000000000 65535 f \n' : line[2] !== '00000' || line[3] !== 'n')) throw new RangeError(`line ${id} of the table of objects was changed`);
      if (id > 0) offsets.set(id, Number(line[1]));
      scanner.at += 20;
    }
    if (!scanner.take('trailer\n')) throw new RangeError('the trailer was changed');
    const trailer = ((): PdfValue => { try { return scanner.value(); } catch { throw new RangeError('the trailer was changed'); } })();
    if (!(trailer instanceof Map) || trailer.get('Size') !== offsets.size + 1 || !trailer.has('Root') || !trailer.has('Info') || !trailer.has('ID') || trailer.size !== 4
      || bytes.toString('latin1', scanner.at, bytes.length) !== `\n${tail[0]}`) throw new RangeError('the trailer was changed');
    return { start, offsets, root: trailer.get('Root') as PdfValue };
  } catch (error) {
    problems.push({ message: coerceError(error).message });
    return undefined;
  }
}

/** Places of everything that looks like an object; the last of two with one number wins, as it would in a viewer. */
function scanForObjects(bytes: Buffer): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = bytes.indexOf(' 0 obj\n'); at >= 0; at = bytes.indexOf(' 0 obj\n', at + 1)) {
    const number = /\n(\d{1,7})$/.exec(bytes.toString('latin1', Math.max(0, at - 9), at));
    if (number) found.set(Number(number[1]), at - number[1]!.length);
  }
  return found;
}

function readObject(bytes: Buffer, id: number, start: number): PdfObject {
  const scanner = new PdfScanner(bytes, start);
  if (!scanner.take(`${id} 0 obj\n`)) throw new RangeError('it does not stand where the table of objects says');
  const value = scanner.value();
  let streamStart = -1, streamEnd = -1;
  if (scanner.take('\nstream\n')) {
    const length = value instanceof Map ? value.get('Length') as PdfValue : undefined;
    if (typeof length !== 'number' || scanner.at + length > bytes.length) throw new RangeError('the length of its data was changed');
    streamStart = scanner.at;
    streamEnd = scanner.at += length;
    if (!scanner.take('\nendstream')) throw new RangeError('its data does not end where its length says');
  }
  if (!scanner.take('\nendobj\n')) throw new RangeError('it does not end as it should');
  return new PlacedObject(bytes, id, start, scanner.at, streamStart, streamEnd);
}

function checkCoverage(bytes: Buffer, objects: ReadonlyMap<number, PdfObject>, table: Table | undefined, problems: { message: string }[]): void {
  if (!table || objects.size !== table.offsets.size) return;
  let at = HEADER.length;
  for (const object of [...objects.values()].sort((a, b) => a.start - b.start)) {
    if (object.start !== at) { problems.push({ message: `bytes ${at} to ${object.start} belong to no object` }); return; }
    at = object.end;
  }
  if (at !== table.start) problems.push({ message: `bytes ${at} to ${table.start} belong to no object` });
  if (bytes.length < table.start) problems.push({ message: 'the file ends before its table of objects' });
}
