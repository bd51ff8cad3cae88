// What each field of the records means.
import { paragraph } from '../pdf/blocks.js';
import { table } from '../pdf/table.js';
import { exact, fieldsOf, said, type Section } from './sheet.js';

export const glossary: Section = async ({ pdf, labels, document }, parent) => {
  await paragraph(pdf, parent, labels.words('glossary.intro'));
  const seen = new Set<string>();
  // Records of one table have the same fields: the first of each tells them all.
  const tables = new Map(document.records.toReversed().map((record) => [record.table, record]));
  const rows = document.records.filter((record) => tables.get(record.table) === record).flatMap((record) => fieldsOf(record).flatMap(([column]) => {
    const { label, meaning } = labels.field(record.table, column);
    const key = `${column} ${label[0]!.text} ${meaning[0]!.text}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [[{ ...said(label), header: true }, { ...exact(column), muted: true }, said(meaning)]];
  }));
  await table(pdf, parent, [{ title: labels.words('glossary.field'), share: 0.24 }, { title: labels.words('glossary.name'), share: 0.26 }, { title: labels.words('glossary.meaning'), share: 0.5 }], rows);
};
