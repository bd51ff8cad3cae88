// Many records, one line each, by table: what a reader looks for; every field is in the attachments.
import { textOf, type PackRecord } from '../pack-document.js';
import { heading, paragraph, SMALL } from '../pdf/blocks.js';
import { grid, type GridColumn } from '../pdf/grid.js';
import { amount, clockTime, shortItem, type Section, type Sheet } from './sheet.js';

/** What is said of a record of each table, and where it went. */
const WHAT: Readonly<Record<string, (row: PackRecord['row']) => readonly [string, string, string]>> = {
  calls: (row) => [`${textOf(row['status'])} ${textOf(row['http_status'])} ${textOf(row['model'] ?? '-')}`, textOf(row['provider_id'] ?? '-'), row['cost_micros'] === null || row['cost_micros'] === undefined ? '-' : amount(textOf(row['cost_micros']), row['currency'] as string | null)],
  transfers: (row) => [`attempt ${textOf(row['attempt'])} ${textOf(row['upstream_model'] ?? '-')}`, `${textOf(row['provider_id'])} ${textOf(row['origin_jurisdiction'])} → ${(row['destination_jurisdictions'] as string[]).join(' ')}`, `${textOf(row['request_bytes'])} B`],
  transfer_outcomes: (row) => [`${textOf(row['outcome'])} ${textOf(row['http_status'] ?? '-')}`, '-', `${textOf(row['response_bytes'] ?? '-')} B`],
  security_events: (row) => [`${textOf(row['severity'])} ${textOf(row['kind'])}`, textOf(row['address'] ?? '-'), '-'],
};

export const rows: Section = async (sheet, parent) => {
  const { pdf, labels, document } = sheet;
  await paragraph(pdf, parent, labels.words('rows.intro'), SMALL);
  const tables = new Map<string, PackRecord[]>();
  for (const record of document.records) {
    if (!WHAT[record.table]) continue;
    const list = tables.get(record.table);
    if (list) list.push(record); else tables.set(record.table, [record]);
  }
  if (tables.size === 0) await paragraph(pdf, parent, labels.words('rows.none'));
  for (const [name, records] of tables) {
    await heading(pdf, parent, 2, [{ text: name }]);
    await grid(pdf, parent, columnsOf(sheet), linesOf(records));
  }
};

function columnsOf({ labels }: Sheet): GridColumn[] {
  const column = (key: string, share: number, align?: 'right'): GridColumn => ({ title: labels.words(`rows.${key}`), share, ...(align ? { align } : {}) });
  return [column('item', 0.08), column('at', 0.17), column('id', 0.21), column('account', 0.09), column('what', 0.16), column('where', 0.1), column('amount', 0.08, 'right'), column('hash', 0.11)];
}

function* linesOf(records: readonly PackRecord[]): Generator<string[]> {
  for (const { item, table, id, row, commitment } of records) {
    const [what, where, size] = WHAT[table]!(row);
    yield [shortItem(item), clockTime(textOf(row['at'])), id, textOf(row['account_id'] ?? '-'), what, where, size, commitment.slice(0, 16)];
  }
}
