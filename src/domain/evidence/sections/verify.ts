// How to check the pack without the operator, and what that shows and does not show.
import { heading, listing, paragraph } from '../pdf/blocks.js';
import type { Section } from './sheet.js';

export const verify: Section = async (sheet, parent) => {
  const { pdf, labels, document } = sheet;
  await paragraph(pdf, parent, labels.words('verify.intro'));
  const file = `${document.pack.code}.pdf`;
  const steps: [string, string][] = [
    ['step1', `holdfast verify ${file}`],
    ['step2', `pdfsig ${file}`],
    ['step3', `pdfsig -dump ${file}\nopenssl pkcs7 -inform DER -in ${file}.sig0 -print_certs | openssl x509 -noout -sha256 -fingerprint`],
    ['step4', `pdfdetach -saveall -o out ${file}\ncd out && sha256sum manifest.json pack.json records.ndjson proofs.tlog && cat manifest.json`],
    ['step5', ''],
  ];
  for (const [key, commands] of steps) {
    await pdf.reserve(70);
    await paragraph(pdf, parent, labels.words(`verify.${key}`, { section: sheet.section('integrity') }));
    if (commands) await listing(pdf, parent, commands);
  }
  if (document.checkpoint.published_at !== null) await paragraph(pdf, parent, labels.words('verify.published', { url: document.checkpoint.published_at }));
  for (const [heading_, keys] of [['proves_title', ['proves1', 'proves2', 'proves3']], ['not_title', ['not1', 'not2', 'not3', 'not4']]] as const) {
    await heading(pdf, parent, 2, labels.words(`verify.${heading_}`));
    for (const key of keys) await paragraph(pdf, parent, labels.words(`verify.${key}`, { section: sheet.section('scope') }), undefined, 12);
  }
};
