// A page for a person who knows; the system signs nothing on anyone's behalf.
import { paragraph, SMALL } from '../pdf/blocks.js';
import { facts, type Cell } from '../pdf/table.js';
import type { Words } from '../pdf/words.js';
import type { Section } from './sheet.js';

export const certificate: Section = async (sheet, parent) => {
  const { pdf, labels } = sheet;
  await paragraph(pdf, parent, labels.words('certificate.intro'), SMALL);
  pdf.y += 6;
  await paragraph(pdf, parent, labels.words('certificate.body', { section: sheet.section('method') }));
  pdf.y += 8;
  const blank = (lines: number): Cell => ({ words: Array.from({ length: lines }, () => ({ text: ' ' })) });
  await facts(pdf, parent, [['law', 5], ['name', 2], ['role', 2], ['how', 4], ['place', 2], ['date', 2], ['served', 2], ['signature', 4]].map(([key, lines]): [Words, Cell] => [labels.words(`certificate.${key}`), blank(Number(lines))]));
};
