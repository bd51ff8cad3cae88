// What was asked, by which selectors the records were found, what was searched, what was left out and what is known to be missing.
import { heading, paragraph } from '../pdf/blocks.js';
import { facts, table } from '../pdf/table.js';
import { plain } from '../pdf/words.js';
import { exact, said, type Section } from './sheet.js';

export const scope: Section = async ({ pdf, labels, document }, parent) => {
  const { scope: { selectors, searched, excluded, gaps }, request } = document;
  await facts(pdf, parent, [
    [labels.words('scope.question'), said(request.question === null ? labels.words('cover.no_question') : plain(request.question))],
    [labels.words('scope.selectors'), { words: selectors.map(({ name, value }) => ({ text: `${name} = ${value}` })), style: 'mono' }],
  ]);
  await heading(pdf, parent, 2, labels.words('scope.searched'));
  await table(pdf, parent, [
    { title: labels.words('scope.data_type'), share: 0.42 }, { title: labels.words('scope.table'), share: 0.3 },
    { title: labels.words('scope.found'), share: 0.14, align: 'right' }, { title: labels.words('scope.produced'), share: 0.14, align: 'right' },
  ], searched.map((one) => [said(labels.word('data_type', one.data_type)), exact(one.table), said(plain(String(one.found))), said(plain(String(one.produced)))]));
  await heading(pdf, parent, 2, labels.words('scope.excluded'));
  await table(pdf, parent, [{ title: labels.words('scope.data_type'), share: 0.42 }, { title: labels.words('scope.reason'), share: 0.58 }],
    excluded.map((one) => [said(labels.word('data_type', one.data_type)), said(labels.words(`scope.${one.reason}`))]));
  await heading(pdf, parent, 2, labels.words('scope.gaps'));
  if (gaps.length === 0) await paragraph(pdf, parent, labels.words('scope.no_gaps'));
  for (const { gap, count } of gaps) await paragraph(pdf, parent, labels.words(`scope.gap.${gap}`, { count }));
};
