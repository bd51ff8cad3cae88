// Attaches a file to a document as it is made: compressed and digested piece by piece, never whole in memory.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createDeflate } from 'node:zlib';
import type { PdfDocument } from './pdfkit-internals.js';
import { pdfString } from './signature-field.js';

export interface Attachment { readonly name: string; readonly type: string; readonly description: string; /** Read once. */ readonly pieces: Iterable<Buffer> }
/** What was attached: its length and SHA-256, in hex. */
export interface Attached { readonly bytes: number; readonly sha256: string }

export interface Compressed extends Attached { /** Writes the file, under its name and as an associated file. Call once. */ write(doc: PdfDocument): void }

/** Reads the pieces. pdfkit would keep the file whole, and work out its MD5 in JavaScript. */
export async function compressFile({ name, type, description, pieces }: Attachment, at: Date): Promise<Compressed> {
  const md5 = createHash('md5'), sha256 = createHash('sha256'), deflate = createDeflate(), compressed: Buffer[] = [];
  const done = finished(deflate);
  deflate.on('data', (chunk: Buffer) => { compressed.push(chunk); });
  let bytes = 0;
  for (const piece of pieces) {
    md5.update(piece);
    sha256.update(piece);
    bytes += piece.length;
    if (!deflate.write(piece)) await once(deflate, 'drain');
  }
  deflate.end();
  await done;
  const checksum = new Uint8Array(md5.digest()), write = (doc: PdfDocument): void => {
    const file = doc.ref({ Type: 'EmbeddedFile', Params: { CreationDate: at, ModDate: at, CheckSum: checksum, Size: bytes }, Subtype: type.replace('/', '#2F'), Filter: 'FlateDecode' });
    file.end(Buffer.concat(compressed));
    const spec = doc.ref({ Type: 'Filespec', AFRelationship: 'Data', F: pdfString(name), EF: { F: file }, UF: pdfString(name), Desc: pdfString(description) });
    spec.end();
    doc.addNamedEmbeddedFile(name, spec);
    ((doc._root.data['AF'] ??= []) as unknown[]).push(spec);
  };
  return { bytes, sha256: sha256.digest('hex'), write };
}
