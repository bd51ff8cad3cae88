// The disputed payment beside earlier ones of the same card, by the rules of compelling evidence 3.0.
import { heading, paragraph, SMALL } from '../pdf/blocks.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import { amount, clockTime, exact, said, type Section } from './sheet.js';

const NAMES = ['ip_address', 'device', 'login_id', 'shipping_address'] as const;

export const match: Section = async ({ pdf, labels, document: { match: one } }, parent) => {
  if (!one) return;
  const { disputed } = one, none = labels.words('doc.none');
  await paragraph(pdf, parent, labels.words('match.intro'));
  const value = (text: string | null): Cell => (text === null ? said(labels.words('doc.not_recorded')) : exact(text));
  await facts(pdf, parent, [
    [labels.words('match.verdict'), { words: labels.words(one.eligible ? 'match.eligible' : 'match.not_eligible'), style: 'bold' }],
    ...(one.reasons.length === 0 ? [] : [[labels.words('match.because'), said(one.reasons.flatMap((reason) => labels.word('match_reason', reason)))] satisfies [Words, Cell]]),
    [labels.words('match.common'), said(one.common.length === 0 ? none : one.common.flatMap((element) => labels.word('match_element', element)))],
    [labels.words('match.disputed'), said([...plain(`${disputed.reference}, ${amount(disputed.amount_micros, disputed.currency)}`), ...minor(plain(clockTime(disputed.paid_at)))])],
    [labels.words('match.disputed_on'), value(one.disputed_on)], [labels.words('match.card'), value(disputed.card_last4 === null ? null : `**** ${disputed.card_last4}`)], [labels.words('match.descriptor'), value(disputed.descriptor)],
    [labels.word('match_element', 'ip_address'), value(disputed.ip_address)], [labels.word('match_element', 'login_id'), value(disputed.login_id)], [labels.word('match_element', 'device'), value(disputed.device_sha256)],
  ] satisfies [Words, Cell][]);
  await heading(pdf, parent, 2, labels.words('match.others'));
  if (one.rows.length === 0) { await paragraph(pdf, parent, labels.words('match.no_others')); return; }
  const told = (row: (typeof one.rows)[number]): Words => [...plain(row.reference), ...minor(plain(`${amount(row.amount_micros, row.currency)} · ${row.paid_at.slice(0, 10)}`)), ...(row.ip_address === null ? [] : minor(plain(row.ip_address))), ...(row.login_id === null ? [] : minor(plain(row.login_id)))];
  await table(pdf, parent, [{ title: labels.words('match.payment'), share: 0.28 }, { title: labels.words('match.days'), share: 0.08, align: 'right' }, ...NAMES.map((name) => ({ title: labels.word('match_element', name), share: 0.11 })), { title: labels.words('match.counts'), share: 0.2 }],
    one.rows.map((row) => [said(told(row)), exact(String(row.days)), ...NAMES.map((name) => said(labels.word('match_agreement', row.elements.find((each) => each.element === name)?.agreement ?? 'not_known'))),
      said(one.chosen.includes(row.payment_id) ? labels.words('match.chosen') : row.counts ? labels.words('doc.yes') : row.reasons.flatMap((reason) => labels.word('match_reason', reason)))]));
  if (one.others > one.rows.length) await paragraph(pdf, parent, labels.words('match.more', { shown: one.rows.length, of: one.others }), SMALL);
  await paragraph(pdf, parent, labels.words('match.rule'), SMALL);
};
