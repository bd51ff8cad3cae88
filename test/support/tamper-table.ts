// The parts of a pack, what a change of one bit in each is called by the verifier, and the table of it in docs/verification.md.
import { verifyCms } from '../../src/domain/evidence/pdf/cms.js';
import { SIGNATURE_ROOM } from '../../src/domain/evidence/pdf/signature-field.js';
import { namePartsOf } from '../../src/domain/evidence/verify/name-parts.js';
import { readPdf } from '../../src/domain/evidence/verify/read-pdf.js';
import { sha256 } from '../../src/kernel/digest.js';
import type { Region } from './tamper.js';

/** `check` failed and its message matches; several alternatives where the bit decides which one. Every change outside the seal fails `seal` besides. */
export interface Row { readonly part: string; readonly named: readonly (readonly [check: string, message: RegExp])[]; readonly says: string }

/** One row a part of the file, in the order of the table. `{name}` in a message stands for the name of the attachment or number of the page. */
export const ROWS: readonly Row[] = [
  { part: 'the first five bytes', named: [['file', /this is not|no file of ours/]], says: 'file: this is no file of ours' },
  { part: 'the header', named: [['structure', /the header was changed/]], says: 'structure: the header was changed' },
  { part: 'the content of a page', named: [['pages', /^page {name} was changed or cannot be read|; page {name} was changed/]], says: 'pages: page 2 was changed or cannot be read' },
  { part: 'a page (size, resources)', named: [['seal', /not the one that was sealed/]], says: 'seal; structure or printed pages: page 2' },
  { part: 'an attachment', named: [['attachments', /{name} (?:cannot be read|is not the one the manifest names)/]], says: 'attachments: pack.json cannot be read: it was changed' },
  { part: 'the entry of an attachment', named: [['seal', /not the one that was sealed/]], says: 'seal; attachments, structure or printed pages: the entry of attachment pack.json' },
  { part: 'a font', named: [['structure', /a font: |part \d+ of the document: /], ['seal', /not the one that was sealed/]], says: 'structure: a font: its compressed data is damaged' },
  { part: 'a tag', named: [['seal', /not the one that was sealed/]], says: 'seal; structure or printed pages: a tag' },
  { part: 'the tags', named: [['seal', /not the one that was sealed/]], says: 'seal; structure or printed pages: the tags' },
  { part: 'a bookmark', named: [['seal', /not the one that was sealed/]], says: 'seal; structure or printed pages: a bookmark' },
  { part: 'the document information', named: [['seal', /not the one that was sealed/]], says: 'seal; structure or printed pages: the document information' },
  { part: 'the catalogue of the document', named: [['seal', /not the one that was sealed/]], says: 'seal; structure, pages or attachments' },
  { part: 'the colour profile', named: [['structure', /the colour profile: |part \d+ of the document: /], ['seal', /not the one that was sealed/]], says: 'structure: the colour profile: its compressed data is damaged' },
  { part: 'the signature', named: [['seal', /./], ['time stamp', /./]], says: 'seal: what of it does not fit' },
  { part: 'the time stamp', named: [['seal', /./], ['time stamp', /./]], says: 'time stamp or seal: what of it does not fit' },
  { part: 'the padding of the seal', named: [['seal', /the padding behind it was changed|its digits were changed/]], says: 'seal: the padding behind it was changed' },
  { part: 'the byte range', named: [['byte range', /./], ['file', /the byte range was changed$/]], says: 'byte range or file: the byte range was changed' },
  { part: 'the table of objects', named: [['structure', /./]], says: 'structure: line 17 of the table of objects was changed' },
  { part: 'the trailer', named: [['structure', /the trailer was changed|table of objects/], ['seal', /document information or trailer$/]], says: 'structure: the trailer was changed' },
];

export interface Piece { readonly row: string; /** Number of the page, or the attachment's name. */ readonly name: string; readonly region: Region }

/** Every part of the file with its place; together they cover it but for the seal's dictionary. */
export function piecesOf(bytes: Buffer): Piece[] {
  const pdf = readPdf(bytes), names = namePartsOf(pdf), pieces: Piece[] = [];
  const add = (row: string, start: number, end: number, name = ''): void => { pieces.push({ row, name, region: { start, end } }); };
  for (const { id, start, end, stream } of pdf.objects.values()) {
    const name = names.get(id) ?? '', page = /^(the content of|the fonts of)? ?page (\d+)$/.exec(name), file = /^(the entry of )?attachment (.+)$/.exec(name);
    const data = stream ? bytes.indexOf('stream\n', start) + 'stream\n'.length : start, rest = stream ? data + stream.length : end;
    if (page) add(page[1] === 'the content of' ? 'the content of a page' : 'a page (size, resources)', data, rest, page[2]);
    else if (file) add(file[1] ? 'the entry of an attachment' : 'an attachment', data, rest, file[2]);
    else if (name !== 'the seal') add(ROWS.some((row) => row.part === name) ? name : name === 'the bookmarks' ? 'a bookmark' : name === 'the field of the seal' || name === 'the list of attachments' || name === 'the list of pages' ? 'the catalogue of the document' : 'the tags', data, rest);
  }
  const open = bytes.indexOf('/Contents <') + '/Contents <'.length, room = Buffer.from(bytes.toString('latin1', open, open + 2 * SIGNATURE_ROOM), 'hex'), length = 4 + room.readUInt16BE(2);
  const { token } = verifyCms(room.subarray(0, length), sha256('')), stamp = token ? room.indexOf(token) : length;
  add('the signature', open, open + 2 * stamp);
  if (token) add('the time stamp', open + 2 * stamp, open + 2 * (stamp + token.length));
  add('the padding of the seal', open + 2 * length, open + 2 * SIGNATURE_ROOM);
  const range = bytes.indexOf('/ByteRange [') + '/ByteRange ['.length;
  add('the byte range', range, bytes.indexOf(']', range));
  const table = bytes.lastIndexOf('\nxref\n') + 1, trailer = bytes.lastIndexOf('trailer\n');
  add('the first five bytes', 0, 5);
  add('the header', 5, 15);
  add('the table of objects', table, trailer);
  add('the trailer', trailer, bytes.length);
  return pieces;
}

export interface Place { readonly row: string; readonly name: string; readonly at: number; readonly bit: number }

/** For each part and name `each` places, spread evenly over all pieces of it, and another bit at each. The same file gives the same places. */
export function placesOf(bytes: Buffer, each: (row: string) => number): Place[] {
  const groups = new Map<string, Piece[]>();
  for (const piece of piecesOf(bytes)) groups.set(`${piece.row}/${piece.name}`, [...groups.get(`${piece.row}/${piece.name}`) ?? [], piece]);
  return [...groups.values()].flatMap((pieces) => {
    const { row, name } = pieces[0]!, total = pieces.reduce((sum, { region }) => sum + region.end - region.start, 0), count = Math.min(each(row), total);
    return Array.from({ length: count }, (_, index): Place => {
      let offset = Math.floor((total * (index + 0.5)) / count);
      for (const { region } of pieces) { if (offset < region.end - region.start) return { row, name, at: region.start + offset, bit: index % 8 }; offset -= region.end - region.start; }
      throw new RangeError('a place outside its part');
    });
  });
}

/** Whether the failed checks name the part; answers what they said where they do not. */
export function unnamed({ row, name }: Place, failed: Readonly<Record<string, string>>): string | undefined {
  const { named } = ROWS.find((one) => one.part === row)!;
  const says = named.some(([check, message]) => failed[check] !== undefined && new RegExp(message.source.replaceAll('{name}', name.replaceAll('.', '\\.'))).test(failed[check]));
  return says ? undefined : `${row} ${name}: ${JSON.stringify(failed)}`;
}

/** The table as the manual has it. */
export function tableOf(rows: readonly (readonly [string, string])[]): string {
  return ['| one bit changed in | named by |', '|---|---|', ...ROWS.map((row) => `| ${row.part} | ${row.says} |`), '', '| done to the file | named by |', '|---|---|', ...rows.map(([what, says]) => `| ${what} | ${says} |`)].join('\n');
}
