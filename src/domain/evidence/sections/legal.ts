// On what the production rests, in the requester's words.
import { facts, type Cell } from '../pdf/table.js';
import { plain, type Words } from '../pdf/words.js';
import { said, type Section } from './sheet.js';

export const legal: Section = async ({ pdf, labels, document: { legal: basis, pack } }, parent) => {
  const value = (text: string | null | undefined): Cell => said(text ? plain(text) : labels.words('legal.unstated'));
  const rows: [string, Cell][] = [['case', value(pack.case)], ['authority', value(basis?.authority)], ['instrument', value(basis?.instrument)], ['served_on', value(basis?.served_on)], ['due_on', value(basis?.due_on)], ['articles', value(basis?.articles)]];
  await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`legal.${key}`), cell]));
};
