// A page for a person who knows; the system signs nothing on anyone's behalf.
import { paragraph, SMALL } from '../pdf/blocks.js';
import { facts, type Cell } from '../pdf/table.js';
import type { Words } from '../pdf/words.js';
import type { Section } from './sheet.js';

export const certificate: Section = async (sheet, parent) => {
  const { pdf, labels } = sheet;
  await paragraph(pdf, parent, labels.words('certificate.intro'), SMALL);
  await paragraph(pdf, parent, labels.words('certificate.body', { section: sheet.section('method') }));
  await paragraph(pdf, parent, labels.words('certificate.law'));
  const blank: Cell = { words: [{ text: ' ' }, { text: ' ' }] };
  await facts(pdf, parent, ['name', 'role', 'how', 'place', 'date', 'served', 'signature'].map((key): [Words, Cell] => [labels.words(`certificate.${key}`), blank]));
};
