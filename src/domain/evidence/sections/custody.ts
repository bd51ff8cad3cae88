// Who asked for, saw or handed out what is in the pack; each line a record of the log.
import { paragraph } from '../pdf/blocks.js';
import { table } from '../pdf/table.js';
import { minor, plain } from '../pdf/words.js';
import { clockTime, exact, said, shortItem, stacked, type Section } from './sheet.js';

export const custody: Section = async ({ pdf, labels, document }, parent) => {
  await paragraph(pdf, parent, labels.words('custody.intro'));
  await table(pdf, parent, [
    { title: labels.words('custody.time'), share: 0.2 }, { title: labels.words('custody.who'), share: 0.2 }, { title: labels.words('custody.did'), share: 0.28 },
    { title: labels.words('custody.why'), share: 0.22 }, { title: labels.words('custody.item'), share: 0.1 },
  ], document.custody.map((one) => [
    exact(clockTime(one.at)), said(stacked(plain(one.actor), minor(plain(one.actor_kind)))), said(stacked(labels.word('action', one.action), minor(plain(one.subject)))),
    said(stacked(one.purpose === null ? [] : labels.word('purpose', one.purpose), one.reason === null ? [] : minor(plain(one.reason)))), exact(shortItem(one.item)),
  ]));
};
