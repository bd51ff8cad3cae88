// Issues an invoice: what was shown is written down under the next number of its series, and does not change any more.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { isPlainLine } from '../../kernel/text.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type Security } from '../security/index.js';
import { findAccountRow } from './account.store.js';
import { INVOICE_FORMAT, INVOICE_LANGUAGES, type InvoiceDocument, type InvoiceLanguage } from './invoice-document.js';
import { fiscalYearEndOf, type InvoiceLine } from './invoice-rules.js';
import { findLastInvoice, insertInvoice, lockAccountInvoices, takeNumber } from './invoice.store.js';
import type { InvoicePlan } from './plan-invoice.js';

export const INVOICE_SERIES = 'INV';

export interface IssueOptions { readonly language?: InvoiceLanguage | undefined; /** Printed below the sum: terms of payment, tax. */ readonly note?: string | undefined; /** The digest of the plan that was shown. */ readonly confirmed: string | undefined }
export interface IssuedInvoice { readonly invoiceId: string; readonly number: string; readonly documentSha256: string }
/** Refusals: forbidden, invalid_request, not_found, confirmation_required, conflict (another invoice of the account came first, or the plan is another). */
export type IssueInvoice = (tx: Tx, plan: InvoicePlan, options: IssueOptions) => Promise<IssuedInvoice | Refusal>;

/** The plan was read outside the transaction. It holds as long as no other invoice came: what is sealed below its size of the log does not change. */
export function createIssueInvoice(deps: { clock: Clock; append: AppendRecord; timeZone: string; security: Pick<Security, 'operatorProfile'> }): IssueInvoice {
  return async (tx, plan, { language = 'en', note, confirmed }) => {
    const no = forbid(tx.actor, 'payments.write');
    if (no) return no;
    if (!INVOICE_LANGUAGES.includes(language)) return refuse('invalid_request', `must be one of ${INVOICE_LANGUAGES.join(', ')}`, 'language');
    if (note !== undefined && !isPlainLine(note, 300)) return refuse('invalid_request', 'must be one line of 1 to 300 characters', 'note');
    if (confirmed === undefined) return refuse('confirmation_required', 'look at what the invoice would say first, then confirm its digest', 'digest');
    if (confirmed !== plan.digest) return refuse('conflict', 'the invoice would say something else by now; look at it again', 'digest');
    const account = await findAccountRow(tx, plan.accountId), operator = await deps.security.operatorProfile(), now = deps.clock.now(), day = dayOf(now, deps.timeZone);
    if (!account) return refuse('not_found', `there is no account ${plan.accountId}`, 'accountId');
    await lockAccountInvoices(tx, plan.accountId);
    if (await findLastInvoice(tx, plan.accountId, plan.currency) !== plan.earlier?.invoiceId) return refuse('conflict', 'another invoice of this account was issued since; look at it again', 'month');
    const number = await takeNumber(tx, INVOICE_SERIES, Number(day.slice(0, 4))), invoiceId = mintId(now);
    const document: InvoiceDocument = {
      format: INVOICE_FORMAT, kind: 'invoice', number: number.number, language, issued_at: now.toISOString(), issued_on: day, time_zone: deps.timeZone,
      operator: operator ? { name: operator.name, jurisdiction: operator.jurisdiction, contact: operator.contact } : null,
      account: { account_id: account.account_id, name: account.name, jurisdiction: account.jurisdiction, contact: account.contact }, currency: plan.currency,
      period: { month: plan.month, covers_from: plan.coversFrom.toISOString(), covers_to: plan.coversTo.toISOString(), tree_size: plan.treeSize.toString(), earlier: plan.earlier?.number ?? null },
      lines: plan.lines.map(lineOf), calls: plan.calls.toString(), total_micros: plan.totalMicros.toString(), rounding_micros: (plan.payableMicros - plan.totalMicros).toString(), payable_micros: plan.payableMicros.toString(), note: note ?? null, credits: null,
    };
    const documentSha256 = await insertInvoice(tx, { invoiceId, kind: 'invoice', accountId: plan.accountId, currency: plan.currency, period: plan.month, totalMicros: plan.totalMicros, payableMicros: plan.payableMicros, calls: plan.calls,
      coversFrom: plan.coversFrom, coversTo: plan.coversTo, treeSize: plan.treeSize, refersTo: null, refersNumber: null, reason: null, approvalId: null, fiscalYearEnd: fiscalYearEndOf(day), issuedAt: now, issuedBy: tx.actor.name }, number, document);
    await deps.append(tx, { action: 'invoice.issue', subjectKind: 'invoice', subjectId: invoiceId, purpose: 'billing', after: { number: number.number, account_id: plan.accountId, currency: plan.currency, month: plan.month, calls: plan.calls.toString(),
      total_micros: plan.totalMicros.toString(), payable_micros: plan.payableMicros.toString(), tree_size: plan.treeSize.toString(), earlier: plan.earlier?.number ?? null, document_sha256: documentSha256 } });
    return { invoiceId, number: number.number, documentSha256 };
  };
}

export function lineOf(line: InvoiceLine): InvoiceDocument['lines'][number] {
  return { position: line.position, month: line.month, model: line.model, provider_id: line.providerId, price_id: line.priceId, price_version: line.priceVersion, price_from: line.priceFrom, bucket: line.bucket,
    rate_micros: line.rateMicros?.toString() ?? null, calls: line.calls.toString(), units: line.units.toString(), amount_micros: line.amountMicros.toString() };
}
