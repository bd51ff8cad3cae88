// What was found, by table; of a master, the files that hold it.
import { heading, paragraph } from '../pdf/blocks.js';
import { table } from '../pdf/table.js';
import { minor, plain } from '../pdf/words.js';
import { refer } from './refer.js';
import { clockTime, exact, said, shortItem, stacked, type Section } from './sheet.js';

export const overview: Section = async (sheet, parent) => {
  const { pdf, labels, document: { overview: tables, volumes, pack } } = sheet;
  await paragraph(pdf, parent, refer(sheet, 'overview.intro', 'rows'));
  const time = (at: string | null): string => (at === null ? '-' : clockTime(at));
  await table(pdf, parent, [{ title: labels.words('scope.table'), share: 0.28 }, { title: labels.words('overview.count'), share: 0.16, align: 'right' }, { title: labels.words('overview.first'), share: 0.28 }, { title: labels.words('overview.last'), share: 0.28 }],
    tables.map((one) => [exact(one.table), said(plain(String(one.count))), exact(time(one.first)), exact(time(one.last))]));
  if (pack.volume !== null && pack.volume.number > 0) await paragraph(pdf, parent, labels.words('overview.volume_note', { number: pack.volume.number, of: pack.volume.of }));
  if (volumes.length === 0) return;
  await heading(pdf, parent, 2, labels.words('overview.volumes'));
  await paragraph(pdf, parent, labels.words('overview.volumes_intro', { count: volumes.length }));
  await table(pdf, parent, [{ title: labels.words('overview.file'), share: 0.3 }, { title: labels.words('overview.items'), share: 0.2 }, { title: labels.words('overview.digest'), share: 0.5 }],
    volumes.map((one) => [{ words: stacked(plain(one.file), minor(plain(`${one.pages} p, ${one.bytes} B`))), style: 'mono' as const }, exact(`${shortItem(one.first_item)} – ${shortItem(one.last_item)}`), exact(one.sha256)]));
};
