// Corrects an invoice the only way there is: a credit note that refers to it, on the word of two people. The invoice stays as it was.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { formatMicros } from '../../kernel/money.js';
import { dayOf } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type Approval, type ApprovalHandler, type Security } from '../security/index.js';
import { INVOICE_FORMAT, type InvoiceDocument } from './invoice-document.js';
import { fiscalYearEndOf, minorMicros } from './invoice-rules.js';
import { insertInvoice, lockAccountInvoices, readCredited, takeNumber } from './invoice.store.js';
import type { WholeInvoice } from './invoice.view.js';

export const CREDIT_ACTION = 'invoice.credit';
export const CREDIT_SERIES = 'CRN';

export interface CreditInput { readonly invoiceId: string; /** Micro-units of the invoice's currency; unset: all that is not credited yet. */ readonly amountMicros?: bigint | undefined; /** The line it corrects, if it is one. */ readonly position?: number | undefined; readonly reason: string }
/** Asks a second person. Refusals: forbidden, invalid_request, not_found, conflict (nothing left to credit, or another request is pending). */
export type CreditInvoice = (tx: Tx, input: CreditInput) => Promise<{ approvalId: string } | Refusal>;

interface Deps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly security: Pick<Security, 'operatorProfile' | 'requestApproval'>; findInvoice(idOrNumber: string): Promise<WholeInvoice | undefined> }

export function createCreditInvoice(deps: Deps): CreditInvoice {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, 'payments.write') ?? checkReason(input.reason);
    if (wrong) return wrong;
    const asked = await judge(deps, tx, input);
    if (isRefusal(asked)) return asked;
    const { invoice, amount, credited } = asked;
    const approval = await deps.security.requestApproval(tx, { action: CREDIT_ACTION, subjectKind: 'invoice', subjectId: invoice.invoiceId, reason: input.reason,
      proposal: { invoice_id: invoice.invoiceId, number: invoice.number, amount_micros: amount.toString(), currency: invoice.currency, position: input.position ?? null, reason: input.reason },
      preview: { account_id: invoice.accountId, amount: `${formatMicros(amount)} ${invoice.currency}`, payable: formatMicros(invoice.payableMicros), credited_before: formatMicros(credited), left_after: formatMicros(invoice.payableMicros - credited - amount) } });
    return isRefusal(approval) ? approval : { approvalId: approval.approvalId };
  };
}

/** Issues the credit note in the transaction of the approval, or refuses because something else was credited meanwhile. */
export function createCarryOutCredit(deps: Omit<Deps, 'security'> & { readonly security: Pick<Security, 'operatorProfile'> }): ApprovalHandler {
  return { approved: async (tx, approval) => {
    const { invoice_id: invoiceId, amount_micros: amountText, position, reason } = approval.proposal;
    if (typeof invoiceId !== 'string' || typeof amountText !== 'string' || typeof reason !== 'string') return refuse('invalid_request', 'the request is not one of ours');
    const asked = await judge(deps, tx, { invoiceId, amountMicros: BigInt(amountText), position: typeof position === 'number' ? position : undefined, reason });
    return isRefusal(asked) ? asked : issue(deps, tx, approval, asked, typeof position === 'number' ? position : null, reason);
  } };
}

interface Judged { readonly invoice: WholeInvoice; readonly amount: bigint; readonly credited: bigint }

async function judge(deps: Pick<Deps, 'findInvoice'>, tx: Tx, { invoiceId, amountMicros, position }: CreditInput): Promise<Judged | Refusal> {
  const invoice = await deps.findInvoice(invoiceId);
  if (invoice?.kind !== 'invoice') return refuse('not_found', 'there is no such invoice', 'invoiceId');
  await lockAccountInvoices(tx, invoice.accountId);
  const credited = await readCredited(tx, invoice.invoiceId), left = invoice.payableMicros - credited, amount = amountMicros ?? left, minor = minorMicros(invoice.currency);
  if (left <= 0n) return refuse('conflict', `${invoice.number} is credited in full`, 'amountMicros');
  if (amount <= 0n || amount % minor !== 0n) return refuse('invalid_request', `must be above zero, in whole units of ${formatMicros(minor)} ${invoice.currency}`, 'amountMicros');
  if (amount > left) return refuse('conflict', `of ${invoice.number} ${formatMicros(left)} ${invoice.currency} are left to credit`, 'amountMicros');
  if (position !== undefined && !invoice.document.lines.some((line) => line.position === position)) return refuse('not_found', `${invoice.number} has no line ${position}`, 'position');
  return { invoice, amount, credited };
}

async function issue(deps: Pick<Deps, 'clock' | 'append' | 'timeZone'> & { security: Pick<Security, 'operatorProfile'> }, tx: Tx, approval: Approval, { invoice, amount, credited }: Judged, position: number | null, reason: string): Promise<Refusal | undefined> {
  const now = deps.clock.now(), day = dayOf(now, deps.timeZone), operator = await deps.security.operatorProfile(), creditId = mintId(now), number = await takeNumber(tx, CREDIT_SERIES, Number(day.slice(0, 4)));
  const line = invoice.document.lines.find((one) => one.position === position);
  const document: InvoiceDocument = {
    format: INVOICE_FORMAT, kind: 'credit_note', number: number.number, language: invoice.document.language, issued_at: now.toISOString(), issued_on: day, time_zone: deps.timeZone,
    operator: operator ? { name: operator.name, jurisdiction: operator.jurisdiction, contact: operator.contact } : null, account: invoice.document.account, currency: invoice.currency,
    period: { month: invoice.period, covers_from: null, covers_to: null, tree_size: null, earlier: null },
    lines: [{ ...(line ?? { model: '', provider_id: null, price_id: null, price_version: null, price_from: null }), position: 1, month: line?.month ?? invoice.period, bucket: 'credit', rate_micros: null, calls: '0', units: '0', amount_micros: amount.toString() }],
    calls: '0', total_micros: amount.toString(), rounding_micros: '0', payable_micros: amount.toString(), note: null,
    credits: { invoice_id: invoice.invoiceId, number: invoice.number, payable_micros: invoice.payableMicros.toString(), credited_before_micros: credited.toString(), position, reason, approval_id: approval.approvalId, requested_by: approval.requestedBy },
  };
  const documentSha256 = await insertInvoice(tx, { invoiceId: creditId, kind: 'credit_note', accountId: invoice.accountId, currency: invoice.currency, period: invoice.period, totalMicros: amount, payableMicros: amount, calls: 0n, coversFrom: null, coversTo: null, treeSize: null,
    refersTo: invoice.invoiceId, refersNumber: invoice.number, reason, approvalId: approval.approvalId, fiscalYearEnd: fiscalYearEndOf(day), issuedAt: now, issuedBy: tx.actor.name }, number, document);
  await deps.append(tx, { action: CREDIT_ACTION, subjectKind: 'invoice', subjectId: creditId, purpose: 'billing', reason, after: { number: number.number, refers_to: invoice.number, account_id: invoice.accountId, currency: invoice.currency, payable_micros: amount.toString(),
    approval_id: approval.approvalId, requested_by: approval.requestedBy, document_sha256: documentSha256 } });
  return undefined;
}
