// What was taken out, and what that leaves provable.
import { paragraph } from '../pdf/blocks.js';
import { table } from '../pdf/table.js';
import { plain } from '../pdf/words.js';
import { exact, said, type Section } from './sheet.js';

export const redactions: Section = async ({ pdf, labels, document: { redactions: list } }, parent) => {
  if (list.length === 0) { await paragraph(pdf, parent, labels.words('redactions.none')); return; }
  await paragraph(pdf, parent, labels.words('redactions.intro'));
  await table(pdf, parent, [{ title: labels.words('redactions.field'), share: 0.5 }, { title: labels.words('redactions.records'), share: 0.15, align: 'right' }, { title: labels.words('redactions.ground'), share: 0.35 }],
    list.map((one) => [exact(one.field), said(plain(String(one.records))), said(labels.words(`redactions.reasons.${one.ground}`))]));
};
