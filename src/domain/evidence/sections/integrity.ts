// What binds the records to the published log: commitments, paths, the signed checkpoint and the key that signed it.
import { heading, listing, paragraph, SMALL } from '../pdf/blocks.js';
import { facts, table } from '../pdf/table.js';
import { plain } from '../pdf/words.js';
import { exact, said, shortItem, utc, type Section } from './sheet.js';

export const integrity: Section = async ({ pdf, labels, document }, parent) => {
  const { checkpoint, records } = document;
  await paragraph(pdf, parent, labels.words('integrity.intro'));
  await facts(pdf, parent, [
    [labels.words('integrity.origin'), exact(checkpoint.origin)], [labels.words('integrity.tree_size'), exact(checkpoint.tree_size)],
    [labels.words('integrity.root'), exact(checkpoint.root)], [labels.words('integrity.at'), said(plain(utc(checkpoint.at)))], [labels.words('integrity.key'), exact(checkpoint.verifier_key)],
  ], 0.22);
  await heading(pdf, parent, 2, labels.words('integrity.checkpoint'));
  await listing(pdf, parent, checkpoint.note.trimEnd());
  if (records.length > 200) { await paragraph(pdf, parent, labels.words('integrity.attached', { count: records.length })); return; }
  await heading(pdf, parent, 2, labels.words('integrity.records'));
  await table(pdf, parent, [{ title: labels.words('integrity.item'), share: 0.12 }, { title: labels.words('integrity.leaf'), share: 0.13, align: 'right' }, { title: labels.words('integrity.commitment'), share: 0.75 }],
    records.map((record) => [exact(shortItem(record.item)), exact(record.leaf_index), exact(record.commitment)]));
  await heading(pdf, parent, 2, labels.words('integrity.paths'));
  await paragraph(pdf, parent, labels.words('integrity.paths_note'), SMALL);
  for (const record of records) await listing(pdf, parent, [record.item, ...record.path].join('\n'));
};
