// How the records came about, how they were kept and how the pack was made, in the terms courts ask for.
import { heading, paragraph } from '../pdf/blocks.js';
import type { Section } from './sheet.js';

export const method: Section = async (sheet, parent) => {
  const { pdf, labels, document: { pack } } = sheet;
  const params = { generator: pack.generator, template: pack.template, digest: pack.template_sha256, section: sheet.section('scope') };
  for (const part of ['made', 'kept', 'taken', 'limits']) {
    await heading(pdf, parent, 2, labels.words(`method.${part}_title`));
    await paragraph(pdf, parent, labels.words(`method.${part}`, params));
  }
};
