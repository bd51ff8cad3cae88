// How the records came about, how they were kept and how the pack was made, in the terms courts ask for.
import { heading, paragraph } from '../pdf/blocks.js';
import { refer } from './refer.js';
import type { Section } from './sheet.js';

export const method: Section = async (sheet, parent) => {
  const { pdf, labels, document: { pack } } = sheet;
  const params = { generator: pack.generator, template: pack.template, digest: pack.template_sha256 };
  for (const part of ['made', 'kept', 'taken', 'limits']) {
    await heading(pdf, parent, 2, labels.words(`method.${part}_title`));
    await paragraph(pdf, parent, part === 'taken' ? refer(sheet, 'method.taken', 'scope', params) : labels.words(`method.${part}`, params));
  }
};
