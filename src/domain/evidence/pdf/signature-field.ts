// Room for the signature: the field, its widget and the signature dictionary whose bytes are filled in after the file is written.
import type { PdfDocument } from './pdfkit-internals.js';

/** Bytes kept for the CMS signature; ours has about 1,000, a chain and a time stamp add 3,000 to 10,000. */
export const SIGNATURE_ROOM = 16_384;
/** What stands for each number of the ByteRange until it is known; a PDF name of 11 characters. */
export const BYTE_RANGE_HOLE = '**********';

export interface SignatureText { readonly signer: string; readonly reason: string; readonly location: string; readonly at: Date }

/** Adds an invisible signature field to the current page. Call once, before the document ends. */
export function addSignatureField(doc: PdfDocument, text: SignatureText): void {
  const signature = doc.ref({
    Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, BYTE_RANGE_HOLE, BYTE_RANGE_HOLE, BYTE_RANGE_HOLE], Contents: new Uint8Array(SIGNATURE_ROOM),
    Name: pdfString(text.signer), Reason: pdfString(text.reason), Location: pdfString(text.location), M: text.at,
  });
  // F 132 = print + locked; a widget without Print breaks PDF/A.
  const widget = doc.ref({
    Type: 'Annot', Subtype: 'Widget', FT: 'Sig', F: 132, Rect: [0, 0, 0, 0], V: signature, T: pdfString('Seal'), TU: pdfString('Electronic seal of the evidence pack'), P: doc.page.dictionary,
  });
  doc.page.dictionary.data['Annots'] = [widget];
  doc.initForm();
  const form = (doc._root.data['AcroForm'] as { data: { Fields: unknown[]; NeedAppearances?: boolean; SigFlags?: number } }).data;
  // PDF/A forbids NeedAppearances; SigFlags 3 = signatures exist, append only.
  delete form.NeedAppearances;
  form.SigFlags = 3;
  form.Fields.push(widget);
  signature.end();
  widget.end();
}

/** pdfkit writes a String object as a text string and a plain string as a name. */
export function pdfString(text: string): object { return Object(text) as object; }
