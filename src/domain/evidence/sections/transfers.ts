// To whom parts of the call were handed, where they process it, on which terms and on whose word.
import { textOf } from '../pack-document.js';
import { heading, paragraph } from '../pdf/blocks.js';
import { facts, type Cell } from '../pdf/table.js';
import { minor, oneLine, plain, type Words } from '../pdf/words.js';
import { exact, isTaken, said, utc, type Section } from './sheet.js';

export const transfers: Section = async ({ pdf, labels, document }, parent) => {
  if (document.transfers.length === 0) { await paragraph(pdf, parent, labels.words('transfers.none')); return; }
  await paragraph(pdf, parent, labels.words('transfers.intro'));
  for (const { item, terms, confirmations } of document.transfers) {
    const record = document.records.find((one) => one.item === item)!;
    const outcome = document.records.find((one) => one.table === 'transfer_outcomes' && one.id === record.id);
    const text = (column: string): string => textOf(record.row[column]);
    const list = (column: string): string[] => record.row[column] as string[];
    await pdf.reserve(320);
    await heading(pdf, parent, 2, labels.words('transfers.attempt', { attempt: text('attempt'), provider: text('provider_name') }));
    const rows: [string, Cell][] = [
      ['entity', said(plain(text('legal_entity')))],
      ['category', said(labels.word('category', text('category')))],
      ['host', isTaken(record, 'upstream_host') ? said(labels.words('redactions.value')) : exact(`${text('upstream_host')}${text('path')}`)],
      ['from_to', said(labels.words('transfers.from_to_value', { origin: { places: [text('origin_jurisdiction')] }, destinations: { places: list('destination_jurisdictions') } }))],
      ['cross_border', said(labels.words(record.row['cross_border'] === true ? 'doc.yes' : 'doc.no'))],
      ['categories', list('data_categories').length > 0 ? exact(list('data_categories').join(', ')) : said(labels.words('doc.none'))],
      ['terms', terms ? said([...labels.words('transfers.terms_value', { version: terms.version, from: terms.effective_from, trains: { label: 'doc', word: terms.trains_on_inputs ? 'yes' : 'no' }, days: terms.retention_days }), ...minor(plain(terms.url))])
        : said(record.row['terms_version'] === null ? labels.words('transfers.no_terms') : labels.words('transfers.terms_unknown', { version: text('terms_version') }))],
      ['basis', said(record.row['basis'] === null ? labels.words('transfers.no_basis') : labels.word('basis', text('basis')))],
      ...confirmations.map((one): [string, Cell] => ['confirmation', said([
        ...labels.words('transfers.confirmation_value', { destination: { places: [one.destination] }, basis: { label: 'basis', word: one.basis }, by: one.confirmed_by, on: one.confirmed_at, until: one.valid_until, covers: { label: 'covers', word: one.covers } }),
        ...(one.withdrawn_at === null ? [] : plain(oneLine(labels.words('transfers.withdrawn', { at: utc(one.withdrawn_at) }), ' · '))), ...minor(plain(one.confirmation_id)),
      ])]),
      ['outcome', outcome ? said(labels.word('outcome', textOf(outcome.row['outcome']))) : said(labels.words('transfers.no_outcome'))],
    ];
    await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`transfers.${key}`), cell]));
  }
};
