// The pages of an invoice or a credit note, from its document and from nothing else.
import { canonicalJson } from '../../../kernel/canonical-json.js';
import { formatMicros } from '../../../kernel/money.js';
import type { InvoiceDocument } from '../../billing/index.js';
import { heading, listing, notice, paragraph, SMALL } from '../pdf/blocks.js';
import type { Pdf } from '../pdf/open-document.js';
import { facts, table, type Cell } from '../pdf/table.js';
import { minor, plain, type Words } from '../pdf/words.js';
import type { Paper } from './print-paper.js';
import { paperWords, type PaperWords } from './paper-words.js';

type Line = InvoiceDocument['lines'][number];
const utc = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
const said = (words: Words): Cell => ({ words }), exact = (text: string): Cell => ({ words: plain(text), style: 'mono' }), bold = (words: Words): Cell => ({ words, style: 'bold' });

/** The paper of a document whose digest stands on the ledger; `qualified`: of the certificate that seals it. */
export function invoicePaper(document: InvoiceDocument, documentSha256: string, qualified: boolean): { readonly paper: Paper; readonly words: PaperWords } {
  const words = paperWords(document.language), { number, operator, account } = document, title = document.kind === 'invoice' ? 'title' : 'credit_title', at = new Date(document.issued_at);
  return { words, paper: {
    title: `${words.words('invoice', title).map((piece) => piece.text).join(' ')} ${number}`, subject: `${account.name} ${document.period.month}`, reason: `${document.kind} ${number}`, language: document.language, at, operator, group: 'invoice',
    header: { left: number, right: account.account_id }, attachments: [
      { name: 'invoice.json', type: 'application/json', description: 'Everything this paper says, in RFC 8785 form', text: canonicalJson(document) },
      { name: 'lines.csv', type: 'text/csv', description: 'The lines', text: linesCsv(document) },
    ],
    draw: (pdf) => draw(pdf, words, document, documentSha256, qualified),
  } };
}

async function draw(pdf: Pdf, words: PaperWords, document: InvoiceDocument, documentSha256: string, qualified: boolean): Promise<void> {
  const t = (key: string, params: Readonly<Record<string, string | number | bigint>> = {}): Words => words.words('invoice', key, params), { credits, operator, account, period, currency } = document;
  const money = (micros: string): string => `${formatMicros(BigInt(micros))} ${currency}`, section = pdf.element(pdf.root, 'Sect');
  const party = (one: { name: string; jurisdiction: string; contact: string }, id?: string): Words => [...plain(id === undefined ? one.name : `${one.name} (${id})`), ...minor(words.place(one.jurisdiction)), ...minor(plain(one.contact))];
  await heading(pdf, section, 1, t(document.kind === 'invoice' ? 'title' : 'credit_title'));
  const rows: [string, Cell][] = [
    ['number', exact(document.number)], ['issued_on', said(t('issued_value', { day: document.issued_on, at: utc(document.issued_at) }))], ['from', said(operator ? party(operator) : t('no_operator'))], ['to', said(party(account, account.account_id))], ['month', exact(period.month)],
    ...(period.covers_from !== null && period.covers_to !== null ? [['covers', said(t('covers_value', { from: utc(period.covers_from), to: utc(period.covers_to), zone: document.time_zone }))], ['earlier', period.earlier === null ? said(t('first')) : exact(period.earlier)], ['log', said(t('log_value', { size: period.tree_size ?? '0' }))]] satisfies [string, Cell][] : []),
    ...(credits ? [['credits', said(t('credits_value', { number: credits.number, payable: money(credits.payable_micros), before: money(credits.credited_before_micros) }))], ...(credits.position === null ? [] : [['line', exact(String(credits.position))] satisfies [string, Cell]]), ['reason', said(plain(credits.reason))],
      ['approved', said(t('approved_value', { person: credits.requested_by, approval: credits.approval_id }))]] satisfies [string, Cell][] : []),
  ];
  await facts(pdf, section, rows.map(([key, cell]): [Words, Cell] => [t(key), cell]), 0.28);
  await heading(pdf, section, 2, t('sum'));
  await facts(pdf, section, document.kind === 'invoice'
    ? [[t('calls'), exact(document.calls)], [t('total'), exact(money(document.total_micros))], [t('rounding'), exact(money(document.rounding_micros))], [t('payable'), { ...exact(money(document.payable_micros)), style: 'bold' }]]
    : [[t('credited'), { ...exact(money(document.payable_micros)), style: 'bold' }]], 0.28);
  if (document.note !== null) await facts(pdf, section, [[t('note'), said(plain(document.note))]], 0.28);
  section.end();
  if (document.kind === 'invoice') await drawLines(pdf, words, document, t, money);
  const bases = pdf.element(pdf.root, 'Sect');
  await pdf.reserve(230);
  await heading(pdf, bases, 2, t('bases'));
  for (const key of document.kind === 'invoice' ? ['basis_1', 'basis_2', 'basis_3', 'net', 'basis_4'] : ['basis_3', 'basis_4']) await paragraph(pdf, bases, t(key), SMALL);
  await listing(pdf, bases, documentSha256);
  if (!qualified) await notice(pdf, bases, t('not_qualified'));
  bases.end();
}

async function drawLines(pdf: Pdf, words: PaperWords, document: InvoiceDocument, t: (key: string, params?: Readonly<Record<string, string | number | bigint>>) => Words, money: (micros: string) => string): Promise<void> {
  const section = pdf.element(pdf.root, 'Sect'), { month } = document.period;
  await heading(pdf, section, 2, t('lines'));
  const what = (line: Line): Words => [...plain(line.model), ...minor(line.price_from === null ? t('no_price', { provider: line.provider_id ?? '–' }) : t('price', { provider: line.provider_id ?? '–', from: line.price_from, version: line.price_version ?? 1 })),
    ...(line.month === month ? [] : minor(t('late', { month: line.month })))];
  await table(pdf, section, [{ title: t('position'), share: 0.07 }, { title: t('what'), share: 0.29 }, { title: t('kind'), share: 0.16 }, { title: t('line_calls'), share: 0.09, align: 'right' }, { title: t('units'), share: 0.13, align: 'right' }, { title: t('rate'), share: 0.12, align: 'right' }, { title: t('amount'), share: 0.14, align: 'right' }], [
    ...document.lines.map((line) => [exact(String(line.position)), said(what(line)), said(words.word('bucket', line.bucket)), exact(line.calls), exact(line.units), exact(line.rate_micros === null ? '–' : formatMicros(BigInt(line.rate_micros))), exact(formatMicros(BigInt(line.amount_micros)))]),
    [said([]), bold(t('total')), said([]), said([]), said([]), said([]), { ...exact(money(document.total_micros).split(' ')[0]!), style: 'bold' as const }],
  ]);
  section.end();
}

/** The lines for spreadsheets: decimal amounts, and the micro-units they come from. */
export function linesCsv(document: InvoiceDocument): string {
  const cell = (text: string): string => { const safe = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text; return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe; };
  const rows = document.lines.map((line) => [document.number, String(line.position), line.month, line.model, line.provider_id ?? '', line.price_id ?? '', line.price_version?.toString() ?? '', line.bucket, line.calls, line.units, line.rate_micros ?? '', line.amount_micros, formatMicros(BigInt(line.amount_micros)), document.currency]);
  return `\uFEFF${[['number', 'position', 'month', 'model', 'provider_id', 'price_id', 'price_version', 'bucket', 'calls', 'units', 'rate_micros_per_million', 'amount_micros', 'amount', 'currency'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
