import { z } from 'zod';
import { INVOICE_LANGUAGES, previousMonth, type InvoicePlan } from '../../../domain/billing/index.js';
import { formatMicros, toMicros } from '../../../kernel/money.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction, type ActionInput, type Field } from '../console-action.js';
import { invoices } from '../views/invoices.view.js';
import { optional, reason, slug, text } from './form-fields.js';

const month = z.string('required').trim().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month such as 2026-10'), amount = z.string().trim().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'an amount such as 12.50');
const questions: readonly Field[] = [{ name: 'invoice_account', type: 'text', required: true }, { name: 'invoice_month', type: 'text' }, { name: 'invoice_currency', type: 'text' }, { name: 'begin_with', type: 'text' }];
const asked = { invoice_account: slug, invoice_month: optional(month), invoice_currency: optional(z.string().trim().toUpperCase().regex(/^[A-Z]{3}$/, 'three letters, such as USD')), begin_with: optional(month) };
type Asked = z.output<z.ZodObject<typeof asked>>;
const planOf = ({ app, payload: p }: ActionInput<Asked>): Promise<InvoicePlan | Refusal> =>
  app.billing.planInvoice({ accountId: p.invoice_account, month: p.invoice_month ?? previousMonth(app.clock.now(), app.config.timeZone), currency: p.invoice_currency, beginWith: p.begin_with });

/** Shows what an invoice would say; reading the calls of an account goes on record. */
const plan = consoleAction({
  name: 'planInvoice', on: 'resource', permission: 'payments.write', fields: questions, schema: z.strictObject(asked),
  run: async (input) => {
    const planned = await planOf(input);
    if (isRefusal(planned)) return atField(planned);
    await input.app.act(input.actor, (tx) => input.app.ledger.append(tx, { action: 'invoice.plan', subjectKind: 'account', subjectId: planned.accountId, purpose: 'billing', after: { month: planned.month, currency: planned.currency } }));
    const money = (micros: bigint): string => `${formatMicros(micros)} ${planned.currency}`;
    return { show: {
      invoice_month: planned.month, invoice_calls: planned.calls.toString(), invoice_sum: money(planned.totalMicros), invoice_payable: money(planned.payableMicros),
      invoice_lines: planned.lines.map((line) => [line.month, line.model, line.providerId ?? '–', line.bucket, `${line.units} × ${line.rateMicros === null ? '–' : formatMicros(line.rateMicros)}`, money(line.amountMicros)].join(' · ')), digest: planned.digest,
    } };
  },
});

const issue = consoleAction({
  name: 'issue', on: 'resource', permission: 'payments.write', grave: true,
  fields: [...questions, { name: 'digest', type: 'text', required: true }, { name: 'paper_language', type: 'choice', values: INVOICE_LANGUAGES, initial: 'en' }, { name: 'invoice_note', type: 'text' }],
  schema: z.strictObject({ ...asked, digest: text(64), paper_language: optional(z.enum(INVOICE_LANGUAGES)), invoice_note: optional(text(300)) }),
  run: async (input) => {
    const planned = await planOf(input);
    if (isRefusal(planned)) return atField(planned);
    const { app, actor, payload: p } = input, answer = await app.act(actor, (tx) => app.billing.issueInvoice(tx, planned, { confirmed: p.digest, language: p.paper_language, note: p.invoice_note }));
    return isRefusal(answer) ? atField(answer) : { refresh: answer.invoiceId, show: { invoice_number: answer.number } };
  },
});

/** A second person approves it; until then there is nothing but the request. */
const credit = consoleAction({
  name: 'credit', on: 'record', permission: 'payments.write', grave: true, when: (record) => record['invoice_kind'] === 'invoice',
  fields: [{ name: 'credit_amount', type: 'text' }, { name: 'credit_line', type: 'number' }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ credit_amount: optional(amount), credit_line: optional(z.coerce.number('a whole number').int('a whole number').min(1, 'at least 1')), reason }),
  run: async ({ app, actor, recordId, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.billing.creditInvoice(tx, { invoiceId: recordId, amountMicros: p.credit_amount === undefined ? undefined : toMicros(p.credit_amount), position: p.credit_line, reason: p.reason }));
    return isRefusal(answer) ? atField(answer) : { show: { approval_id: answer.approvalId } };
  },
});

/** Use cases and forms name some fields differently. */
function atField(refusal: Refusal): Refusal {
  const names: Readonly<Record<string, string>> = { accountId: 'invoice_account', month: 'invoice_month', currency: 'invoice_currency', beginWith: 'begin_with', note: 'invoice_note', language: 'paper_language', amountMicros: 'credit_amount', position: 'credit_line' };
  const name = refusal.field === undefined ? undefined : names[refusal.field];
  return name === undefined ? refusal : refuse(refusal.code, refusal.message, name);
}

export const invoicesResource: ResourceDefinition = {
  model: invoices, group: 'billing', icon: 'FileText', read: 'accounts.read', reading: { list: 'invoices.list', view: 'invoice.view', subject: 'invoice' }, actions: [plan, issue, credit],
};
