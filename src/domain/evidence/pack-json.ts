// pack.json in pieces: nobody holds the whole of it as one text. The pieces put together are its RFC 8785 bytes.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import type { PackDocument, PackRecord } from './pack-document.js';

/** Records of a piece: 100 KB. Of larger ones much outlives the nursery of the heap before it is let go. */
export const PIECE_RECORDS = 50;

/** The bytes of these records as they stand in the list; `first` says whether the list begins with them. */
export function recordsPiece(records: readonly PackRecord[], first: boolean): Buffer {
  const text = records.map((record) => canonicalJson(record as Json)).join(',');
  return Buffer.from(first || text === '' ? text : `,${text}`);
}

/** What stands before the list of records and what behind it. Keys are sorted, as RFC 8785 demands. */
export function aroundRecords(document: Omit<PackDocument, 'records'>): { head: Buffer; tail: Buffer } {
  const members = Object.entries(document as Record<string, Json>).filter(([name]) => name !== 'records');
  const text = (part: [string, Json][]): string => canonicalJson(Object.fromEntries(part));
  const before = text(members.filter(([name]) => name < 'records')), after = text(members.filter(([name]) => name > 'records'));
  return { head: Buffer.from(`${before.slice(0, -1)},"records":[`), tail: Buffer.from(`],${after.slice(1)}`) };
}

/** pack.json of a document that is at hand. */
export function* packJsonPieces(document: PackDocument): Generator<Buffer> {
  const { head, tail } = aroundRecords(document);
  yield head;
  for (let start = 0; start < document.records.length; start += PIECE_RECORDS) yield recordsPiece(document.records.slice(start, start + PIECE_RECORDS), start === 0);
  yield tail;
}

/**
 * Reads the bytes of a pack.json that a stranger may have written. `canonical`: they are exactly the RFC 8785 form of what was read.
 * Throws SyntaxError for what is no JSON. Tried in pieces first; what does not give the same bytes again is read as a whole.
 */
export function readPackJson(bytes: Buffer): { readonly json: unknown; readonly canonical: boolean } {
  try {
    const document = parsePieces(cutPieces(bytes));
    if (consistsOf(bytes, packJsonPieces(document))) return { json: document, canonical: true };
  } catch { /* It is not as we write it. */ }
  const json = JSON.parse(bytes.toString('utf8')) as Json;
  return { json, canonical: Buffer.from(canonicalJson(json)).equals(bytes) };
}

/** Whether the bytes are these pieces put together. */
export function consistsOf(bytes: Buffer | undefined, pieces: Iterable<Buffer>): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (!bytes?.subarray(at, at + piece.length).equals(piece)) return false;
    at += piece.length;
  }
  return at === bytes?.length;
}

const FIRST_RECORD = '"records":[{"commitment":"', NEXT_RECORD = ',{"commitment":"', BEHIND_RECORDS = '],"redactions":[';
const PIECE_BYTES = 1 << 20;

/** Where the seams seem to be; whether they are is seen by whoever parses the pieces and puts them together again. */
function cutPieces(bytes: Buffer): Buffer[] {
  const start = bytes.indexOf(FIRST_RECORD) + FIRST_RECORD.indexOf('{'), end = bytes.lastIndexOf(BEHIND_RECORDS), pieces = [bytes.subarray(0, start)];
  let from = start;
  for (let at = bytes.indexOf(NEXT_RECORD, from + PIECE_BYTES); at > 0 && at < end; at = bytes.indexOf(NEXT_RECORD, from + PIECE_BYTES)) {
    pieces.push(bytes.subarray(from, at));
    from = at;
  }
  return [...pieces, bytes.subarray(from, end), bytes.subarray(end)];
}

/** The document of pieces that were made here: first what is before the records, last what is behind them. */
export function parsePieces(pieces: readonly Uint8Array[]): PackDocument {
  const texts = (part: Uint8Array): string => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8');
  const document = JSON.parse(`${texts(pieces[0]!)}${texts(pieces.at(-1)!)}`) as PackDocument, seen = new Map<string, string>();
  for (const [index, piece] of pieces.slice(1, -1).entries()) {
    for (const record of JSON.parse(`[${texts(piece).slice(index === 0 ? 0 : 1)}]`) as PackRecord[]) {
      for (const [at, hash] of record.path.entries()) record.path[at] = once(seen, hash);
      document.records.push(record);
    }
  }
  return document;
}

/** The first of equal texts. Paths to one root share most of their hashes, and eight of nine would be copies. */
function once(seen: Map<string, string>, text: string): string {
  const known = seen.get(text);
  if (known === undefined) seen.set(text, text);
  return known ?? text;
}
