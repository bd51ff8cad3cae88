// How to check the pack without the operator, and what that shows and does not show.
import { heading, listing, paragraph } from '../pdf/blocks.js';
import type { Words } from '../pdf/words.js';
import { refer } from './refer.js';
import type { Section } from './sheet.js';

const marked = (words: Words): Words => words.map((piece) => ({ ...piece, text: `– ${piece.text}` }));

/** The commands printed for each step; a test runs them. `file` is the name the pack is expected to have. */
export function checkCommands(file: string, bundled = false): Record<'step1' | 'step2' | 'step3' | 'step4', string> {
  return {
    step1: bundled ? `pdfdetach -savefile verify.mjs -o verify.mjs ${file}\nnode verify.mjs ${file}` : `holdfast verify ${file}`,
    step2: `pdfsig ${file}`,
    step3: `pdfsig -dump ${file}\nopenssl pkcs7 -inform DER -in ${file}.sig0 -print_certs | openssl x509 -outform DER | sha256sum`,
    step4: `mkdir out && pdfdetach -saveall -o out ${file} && cd out\nsha256sum manifest.json pack.json records.ndjson proofs.tlog && cat manifest.json`,
  };
}

export const verify: Section = async (sheet, parent) => {
  const { pdf, labels, document } = sheet;
  await paragraph(pdf, parent, labels.words('verify.intro'));
  const file = `${document.pack.code}.pdf`;
  const steps = ['step1', 'step2', 'step3', 'step4', 'step5'] as const;
  const commands = checkCommands(file, sheet.verifier);
  for (const key of steps) {
    await pdf.reserve(70);
    await paragraph(pdf, parent, labels.words(`verify.${key}`, { section: sheet.section('integrity') }));
    if (key !== 'step5') await listing(pdf, parent, commands[key]);
  }
  if (document.checkpoint.published_at !== null) await paragraph(pdf, parent, labels.words('verify.published', { url: document.checkpoint.published_at }));
  for (const [heading_, keys] of [['proves_title', ['proves1', 'proves2', ...(document.charge ? ['proves3'] : [])]], ['not_title', ['not1', 'not2', document.seal.timestamp === null ? 'not3' : 'not3_stamped', 'not4']]] as const) {
    await heading(pdf, parent, 2, labels.words(`verify.${heading_}`));
    for (const key of keys) await paragraph(pdf, parent, marked(key === 'not4' ? refer(sheet, 'verify.not4', 'scope') : labels.words(`verify.${key}`, { section: sheet.section('scope'), charge: sheet.section('charge') })), undefined, 8);
  }
};
