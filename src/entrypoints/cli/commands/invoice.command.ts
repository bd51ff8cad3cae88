import { writeFileSync } from 'node:fs';
import { INVOICE_LANGUAGES, type InvoiceLine } from '../../../domain/billing/index.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { formatMicros, toMicros } from '../../../kernel/money.js';
import { EXIT, UsageError, type Call, type Command } from '../frame/command.js';
import { facts, table } from '../frame/table.js';

const money = (micros: bigint, currency: string): string => `${formatMicros(micros)} ${currency}`;

export const invoiceCommands: readonly Command[] = [{
  name: 'invoice issue', summary: 'Issue the invoice of an account and month; shows what it would say, and issues it with --yes', arguments: [{ name: 'ACCOUNT', help: 'whose calls' }, { name: 'MONTH', help: "YYYY-MM by the operator's calendar; it must be over" }],
  options: { currency: { value: 'CODE', help: 'where the account has calls in several' }, 'begin-with': { value: 'MONTH', help: 'of the first invoice: the first month it covers' }, language: { value: 'LANG', help: 'en, zh or both; en unless given' }, note: { value: 'TEXT', help: 'printed below the sum' }, yes: { help: 'issue it' } },
  example: 'holdfast invoice issue acme 2026-10 --yes',
  run: (call) => call.withApp(async (app, actor) => {
    const plan = call.accept(await app.billing.planInvoice({ accountId: call.argument('ACCOUNT'), month: call.argument('MONTH'), currency: call.text('currency'), beginWith: call.text('begin-with') })), language = languageOf(call);
    const shown = `${linesOf(plan.lines)}\n\n${facts({ calls: plan.calls, covers: `${plan.coversFrom.toISOString()} to ${plan.coversTo.toISOString()}`, 'goes on from': plan.earlier?.number, sum: money(plan.totalMicros, plan.currency), payable: money(plan.payableMicros, plan.currency) })}`;
    if (!call.flag('yes')) { call.print({ issued: false, ...plan }, `${shown}\n\nnothing was issued; run it again with --yes`); return EXIT.done; }
    const done = call.accept(await app.act(actor, (tx) => app.billing.issueInvoice(tx, plan, { language, note: call.text('note'), confirmed: plan.digest })));
    call.print({ issued: true, ...done }, `${shown}\n\n${done.number} is issued`);
    return EXIT.done;
  }),
}, {
  name: 'invoice list', summary: 'List invoices and credit notes, newest first', options: { account: { value: 'ID', help: 'only this account' } }, example: 'holdfast invoice list --account acme',
  run: (call) => call.withApp(async (app) => {
    const invoices = await app.billing.invoices(call.text('account'));
    call.print({ data: invoices }, table(invoices, { NUMBER: (one) => one.number, ACCOUNT: (one) => one.accountId, MONTH: (one) => one.period, PAYABLE: (one) => money(one.kind === 'credit_note' ? -one.payableMicros : one.payableMicros, one.currency), CALLS: (one) => one.calls, CORRECTS: (one) => one.refersNumber, ISSUED: (one) => one.issuedAt, BY: (one) => one.issuedBy }, 'there are no invoices'));
    return EXIT.done;
  }),
}, {
  name: 'invoice pdf', summary: 'Write the sealed PDF of an invoice or credit note', arguments: [{ name: 'NUMBER', help: 'number or id' }], options: { out: { value: 'FILE', help: 'where to; NUMBER.pdf unless given' } }, example: 'holdfast invoice pdf INV-2026-000017 --out invoice.pdf',
  run: (call) => call.withApp(async (app, actor) => {
    const number = call.argument('NUMBER'), file = call.accept(await app.evidence.invoicePdf(number)), path = call.text('out') ?? file.name;
    await app.act(actor, (tx) => app.ledger.append(tx, { action: 'invoice.download', subjectKind: 'invoice', subjectId: number, purpose: 'billing', after: { sha256: file.sha256 } }));
    writeFileSync(path, file.pdf, { mode: 0o600 });
    call.print({ path, sha256: file.sha256, pages: file.pages, bytes: file.pdf.length }, facts({ file: path, pages: file.pages, sha256: file.sha256 }));
    return EXIT.done;
  }),
}, {
  name: 'invoice credit', summary: 'Ask for a credit note; a second person approves it', arguments: [{ name: 'NUMBER', help: 'number or id of the invoice' }],
  options: { amount: { value: 'AMOUNT', help: 'such as 12.50; all that is left unless given' }, line: { value: 'N', help: 'the line it corrects' }, reason: { value: 'TEXT', required: true, help: 'printed on it' } }, example: 'holdfast invoice credit INV-2026-000017 --amount 12.50 --reason "charged twice"',
  run: (call) => call.withApp(async (app, actor) => {
    const found = await app.billing.findInvoice(call.argument('NUMBER')), amount = call.text('amount');
    if (!found) throw new HoldfastError('not_found', `there is no invoice ${call.argument('NUMBER')}`);
    const done = call.accept(await app.act(actor, (tx) => app.billing.creditInvoice(tx, { invoiceId: found.invoiceId, amountMicros: amount === undefined ? undefined : amountOf(amount), position: lineOf(call.text('line')), reason: call.need('reason') })));
    call.print(done, facts({ approval: done.approvalId, 'waits for': 'a second person: holdfast approval list' }));
    return EXIT.done;
  }),
}];

function linesOf(lines: readonly InvoiceLine[]): string {
  return table(lines, { NO: (one) => one.position, MONTH: (one) => one.month, MODEL: (one) => one.model, PROVIDER: (one) => one.providerId, PRICE: (one) => (one.priceFrom === null ? null : `${one.priceFrom} v${one.priceVersion}`), KIND: (one) => one.bucket, CALLS: (one) => one.calls, UNITS: (one) => one.units,
    'PER MILLION': (one) => one.rateMicros !== null && formatMicros(one.rateMicros), AMOUNT: (one) => formatMicros(one.amountMicros) }, 'there are no lines');
}
function languageOf(call: Call): (typeof INVOICE_LANGUAGES)[number] {
  const text = call.text('language') ?? 'en', found = INVOICE_LANGUAGES.find((one) => one === text);
  if (!found) throw new UsageError(`--language "${text}" is not one of ${INVOICE_LANGUAGES.join(', ')}`);
  return found;
}
function amountOf(text: string): bigint { try { return toMicros(text); } catch { throw new UsageError(`--amount "${text}" is not an amount such as 12.50`); } }
function lineOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--line "${text}" is not a number of a line`);
  return Number(text);
}
