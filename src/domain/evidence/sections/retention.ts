// How long the records stay, under which policy, and what stops their deletion.
import { heading, paragraph, SMALL } from '../pdf/blocks.js';
import { facts, type Cell } from '../pdf/table.js';
import { plain, type Words } from '../pdf/words.js';
import type { Param } from '../template.js';
import { said, utc, type Section } from './sheet.js';

export const retention: Section = async ({ pdf, labels, document }, parent) => {
  await paragraph(pdf, parent, labels.words('retention.intro'));
  for (const one of document.retention) {
    await pdf.reserve(210);
    await heading(pdf, parent, 2, labels.word('data_type', one.data_type));
    const { policy } = one;
    const when = (instant: string | null): Cell => said(instant === null ? labels.words('retention.no_date') : plain(utc(instant)));
    const rows: [string, Cell][] = [
      ['counted_from', when(one.counted_from)],
      ['policy', said(policy === null ? labels.words('retention.no_policy')
        : labels.words('retention.policy_value', { version: policy.version, keep: { period: policy.keep }, starts: { label: 'retention.starts', word: policy.starts_at }, scope: scopeParam(policy.scope) }))],
      ...(policy?.source ? [['source', said(plain(policy.source))] satisfies [string, Cell]] : []),
      ...one.minimums.map((minimum): [string, Cell] => ['minimums', said(labels.words('retention.minimum_value', { keep: { period: minimum.keep }, source: minimum.source }))]),
      ['retain_until', one.retain_until === null ? said(labels.words('retention.no_minimum')) : when(one.retain_until)],
      ['delete_at', one.waiting_for === null ? when(one.delete_at) : said(labels.words('retention.waiting', { event: { label: 'retention.starts', word: one.waiting_for } }))],
      ['holds', said(one.holds.length === 0 ? labels.words('retention.no_holds') : one.holds.flatMap((hold) => labels.words('retention.hold_value', { hold: hold.hold_id, at: utc(hold.placed_at) })))],
    ];
    await facts(pdf, parent, rows.map(([key, cell]): [Words, Cell] => [labels.words(`retention.${key}`), cell]));
  }
  if (document.retention.some((one) => one.holds.length > 0)) await paragraph(pdf, parent, labels.words('retention.holds_note'), SMALL);
};

function scopeParam(scope: string): Param {
  const place = /^jurisdiction (.*)$/.exec(scope)?.[1];
  return place === undefined ? { label: 'retention.scope', word: scope } : { places: [place] };
}
