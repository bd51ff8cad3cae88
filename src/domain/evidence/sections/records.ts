// The records of the call and its transfers, field by field, with the values as they were recorded.
import { canonicalJson, type Json } from '../../../kernel/canonical-json.js';
import { textOf, type PackRecord } from '../pack-document.js';
import { heading, paragraph } from '../pdf/blocks.js';
import { table, type Cell } from '../pdf/table.js';
import { minor, plain } from '../pdf/words.js';
import type { Labels } from '../template.js';
import { amount, exact, fieldsOf, isTaken, said, type Section } from './sheet.js';

export const records: Section = async (sheet, parent) => {
  const { pdf, labels, document } = sheet;
  await paragraph(pdf, parent, labels.words('records.intro', { section: sheet.section('glossary') }));
  const attempts = new Map(document.records.filter((one) => one.table === 'transfers').map((one) => [one.id, textOf(one.row['attempt'])]));
  for (const record of document.records) {
    if (record.table === 'audit_records') continue;
    const title = labels.words(`records.table.${record.table}`, { attempt: attempts.get(record.id) ?? '?' });
    await heading(pdf, parent, 2, title.map((piece, index) => (index === 0 ? { ...piece, text: `${piece.text} · ${record.item}` } : piece)));
    await table(pdf, parent, [{ title: labels.words('records.field'), share: 0.26 }, { title: labels.words('records.name'), share: 0.27 }, { title: labels.words('records.value'), share: 0.47 }],
      fieldRows(labels, record));
  }
  await paragraph(pdf, parent, labels.words('records.audit', { section: sheet.section('custody') }));
};

function* fieldRows(labels: Labels, record: PackRecord): Generator<Cell[]> {
  for (const [column, value] of fieldsOf(record)) {
    yield [{ ...said(labels.field(record.table, column).label), header: true }, { ...exact(column), muted: true }, isTaken(record, column) ? { ...said(labels.words('redactions.value')), muted: true } : recorded(labels, record, column, value)];
  }
}

/** The value itself, and beneath it, where it is a code or an amount, how to read it. */
function recorded(labels: Labels, { row }: PackRecord, column: string, value: Json): Cell {
  const text = value === null ? '—' : typeof value === 'string' ? value : Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') || '—' : canonicalJson(value);
  const cell = exact(text);
  if (value === null) return { ...cell, muted: true };
  if (column === 'cost_micros') return { ...cell, words: [...cell.words, ...minor(plain(`= ${amount(text, row['currency'] as string | null)}`), 'regular')] };
  if (column.endsWith('_jurisdiction') || column.endsWith('_jurisdictions') || column === 'caller_region') {
    const codes = Array.isArray(value) ? value as string[] : [text];
    return codes.length === 0 ? cell : { ...cell, words: [...cell.words, ...minor(labels.places(codes), 'regular')] };
  }
  return cell;
}
