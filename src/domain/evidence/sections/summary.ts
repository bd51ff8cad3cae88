// What happened, on one page: the facts of the call and its timeline, each with the record it stands in.
import { textOf } from '../pack-document.js';
import { heading, paragraph, SMALL } from '../pdf/blocks.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import { refer } from './refer.js';
import { amount, clockTime, exact, said, shortItem, type Section } from './sheet.js';

export const summary: Section = async (sheet, parent) => {
  const { pdf, labels, document } = sheet;
  const text = textOf;
  const recordOf = (tableName: string) => document.records.filter((record) => record.table === tableName);
  const call = recordOf('calls')[0]!;
  const transfers = recordOf('transfers');
  const { row } = call;
  await paragraph(pdf, parent, refer(sheet, 'doc.summary_label', 'records'), SMALL);
  const model = (value: unknown): Cell => (value === undefined ? said(labels.words('redactions.value')) : value === null ? said(labels.words('doc.not_recorded')) : exact(text(value)));
  const rows: [string, Cell][] = [
    ['status', said(labels.word('status', text(row['status'])).map((piece) => ({ ...piece, text: `${piece.text} (HTTP ${text(row['http_status'])})` })))],
    ['endpoint', exact(`${text(row['method'])} ${text(row['path'] ?? '-')}`)],
    ['model', model(row['model'])],
    ['served', model(row['served_model'])],
    ['usage', said([...labels.words('summary.usage_value', { input: text(row['usage_input']), cache_read: text(row['usage_cache_read']), cache_write: text(row['usage_cache_write']), output: text(row['usage_output']) }),
      ...minor(labels.word('usage_source', text(row['usage_source'])))])],
    ['charge', !document.charge || document.charge.currency === null ? said(labels.words('summary.no_charge')) : said(plain(amount(document.charge.recorded_micros, document.charge.currency)))],
    ['providers', transfers.length === 0 ? said(labels.words('summary.no_providers')) : said(plain([...new Set(transfers.map((one) => text(one.row['legal_entity'])))].join('; ')))],
    ['cross_border', said(labels.words(transfers.some((one) => one.row['cross_border'] === true) ? 'doc.yes' : 'doc.no'))],
  ];
  await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`summary.${key}`), cell]));
  await heading(pdf, parent, 2, labels.words('summary.timeline'));
  const http = (value: unknown): string => (value === null ? '' : `, HTTP ${text(value)}`);
  const events: { at: string; words: Words; item: string }[] = [
    { at: text(row['at']), item: call.item, words: labels.words('summary.received', { method: text(row['method']), path: text(row['path'] ?? '-'), model: text(row['model'] ?? '-') }) },
    ...transfers.map((one) => ({ at: text(one.row['at']), item: one.item, words: labels.words('summary.sent', {
      attempt: text(one.row['attempt']), entity: text(one.row['legal_entity']), places: { places: one.row['destination_jurisdictions'] as string[] } }) })),
    ...recordOf('transfer_outcomes').map((one) => ({ at: text(one.row['at']), item: one.item, words: labels.words('summary.outcome', {
      attempt: text(transfers.find((transfer) => transfer.id === one.id)?.row['attempt'] ?? '?'), outcome: { label: 'outcome', word: text(one.row['outcome']) }, http: http(one.row['http_status']) }) })),
    { at: text(row['ended_at']), item: call.item, words: labels.words('summary.ended', { status: { label: 'status', word: text(row['status']) }, http: text(row['http_status']) }) },
  ].map((event, order) => ({ ...event, order })).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.order - b.order));
  await table(pdf, parent, [{ title: labels.words('summary.time'), share: 0.28 }, { title: labels.words('summary.event'), share: 0.6 }, { title: labels.words('summary.item'), share: 0.12 }],
    events.map((event) => [exact(clockTime(event.at)), said(event.words), exact(shortItem(event.item))]));
};
