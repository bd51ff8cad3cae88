// The account itself and its payments, for the one whose data it is.
import { heading, paragraph } from '../pdf/blocks.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { plain, type Words } from '../pdf/words.js';
import { amount, clockTime, exact, said, utc, type Section } from './sheet.js';

export const account: Section = async ({ pdf, labels, document: { subject: { account: one }, payments } }, parent) => {
  await paragraph(pdf, parent, labels.words('account.intro'));
  if (one) {
    const rows: [string, Cell][] = [['account_id', exact(one.account_id)], ['name', said(plain(one.name))], ['jurisdiction', said(labels.places([one.jurisdiction]))], ['status', exact(one.status)],
      ['created_at', said(plain(utc(one.created_at)))], ['closed_at', one.closed_at === null ? said(labels.words('doc.none')) : said(plain(utc(one.closed_at)))]];
    await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`account.${key}`), cell]));
  }
  if (!payments) return;
  await heading(pdf, parent, 2, labels.words('account.payments'));
  if (payments.length === 0) { await paragraph(pdf, parent, labels.words('rows.none')); return; }
  await table(pdf, parent, [{ title: labels.words('account.received'), share: 0.3 }, { title: labels.words('account.reference'), share: 0.45 }, { title: labels.words('charge.cost'), share: 0.25, align: 'right' }],
    payments.map((payment) => [exact(clockTime(payment.received_at)), exact(payment.reference), exact(amount(payment.amount_micros, payment.currency))]));
};
