// The charge worked out again, line by line.
import { textOf } from '../pack-document.js';
import { paragraph } from '../pdf/blocks.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import { amount, exact, said, type Section } from './sheet.js';

export const charge: Section = async ({ pdf, labels, document }, parent) => {
  if (!document.charge) return;
  const { charge: { price, lines, currency, total_micros: total, recorded_micros: recorded, agrees, usage_source: source } } = document;
  await paragraph(pdf, parent, labels.words('charge.intro'));
  if (price === null) { await paragraph(pdf, parent, labels.words('charge.no_price')); return; }
  await facts(pdf, parent, [
    [labels.words('charge.price'), { words: [...labels.words('charge.price_value', { model: price.model, provider: price.provider_id, from: price.effective_from }), ...minor(plain(price.price_id))] }],
    [labels.words('charge.currency'), exact(price.currency)],
    [labels.words('charge.source'), said(labels.word('usage_source', source))],
  ] satisfies [Words, Cell][]);
  if (lines.length === 0) await paragraph(pdf, parent, labels.words('charge.nothing_used'));
  const bold = (words: Words): Cell => ({ words, style: 'bold' });
  await table(pdf, parent, [
    { title: labels.words('charge.bucket'), share: 0.4 }, { title: labels.words('charge.units'), share: 0.18, align: 'right' },
    { title: labels.words('charge.rate'), share: 0.2, align: 'right' }, { title: labels.words('charge.cost'), share: 0.22, align: 'right' },
  ], [
    ...lines.map((line) => [said(labels.word('bucket', line.bucket)), exact(line.units), exact(amount(line.micros_per_million, null)), exact(amount(line.cost_micros, price.currency))]),
    [bold(labels.words('charge.total')), said([]), said([]), exact(amount(total, price.currency))],
    [said(labels.words('charge.recorded')), said([]), said([]), exact(amount(recorded, currency))],
  ]);
  const reasoning = textOf(document.records.find((one) => one.table === 'calls')?.row['usage_reasoning']);
  if (reasoning !== '' && reasoning !== '0') await paragraph(pdf, parent, labels.words('charge.reasoning', { reasoning }));
  await paragraph(pdf, parent, labels.words(agrees ? 'charge.agrees' : 'charge.disagrees'));
};
