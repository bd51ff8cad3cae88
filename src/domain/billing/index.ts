// The face of the billing slice: on whose account, at which price.
import type { Clock } from '../../kernel/clock.js';
import type { Act, Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Security } from '../security/index.js';
import { readAccount, readAccounts, readPrice, readPrices, type Account } from './billing.view.js';
import type { Price } from './charge-rules.js';
import { createCarryOutCredit, createCreditInvoice, CREDIT_ACTION, type CreditInvoice } from './credit-invoice.js';
import { createAccountClosing, type AccountClosing } from './close-account.js';
import { createImportPrices, type ImportPrices } from './import-prices.js';
import { createPaymentImport, type PaymentImport } from './import-payments.js';
import { readInvoice, readInvoices, type Invoice, type WholeInvoice } from './invoice.view.js';
import { createIssueInvoice, type IssueInvoice } from './issue-invoice.js';
import { createPrintDesk, type PrintDesk } from './keep-pages.js';
import { readBalances, readPayment, readPayments, type Balance, type Payment } from './payment.view.js';
import { matchPayments, type MatchMatrix } from './match-rules.js';
import { createPlanInvoice, type PlanInvoice } from './plan-invoice.js';
import { createPlanPriceImport, type PlanPriceImport } from './plan-price-import.js';
import { createRecordPayment, createSetPaymentStatus, type RecordPayment, type SetPaymentStatus } from './record-payment.js';
import { createAccountSetting, type AccountSetting } from './set-account.js';
import { readLimitedKeys, readLimits, type SubjectLimits } from './limit.view.js';
import type { LimitSubject } from './limit-rules.js';
import { createSetLimits, type SetLimits } from './set-limits.js';
import { createSetPrice, type SetPrice } from './set-price.js';

export type { AccountInput } from './account-rules.js';
export type { Account } from './billing.view.js';
export type { Balance, Payment } from './payment.view.js';
export { PAYMENT_METHODS, PAYMENT_STATES, type PaymentInput, type PaymentMethod, type PaymentState } from './payment-rules.js';
export { MOST_PAYMENTS, PAYMENT_FILE_COLUMNS, type FileProblem } from './payment-file-rules.js';
export { PAYMENT_LINE_STATES, type PaymentFile, type PaymentPlan } from './import-payments.js';
export type { PaymentChange } from './record-payment.js';
export { INVOICE_FORMAT, INVOICE_LANGUAGES, invoiceDocument, type InvoiceDocument, type InvoiceLanguage } from './invoice-document.js';
export { isMonth, monthBounds, previousMonth, type InvoiceLine } from './invoice-rules.js';
export type { Invoice, WholeInvoice } from './invoice.view.js';
export type { InvoicePlan, InvoiceQuestion } from './plan-invoice.js';
export type { IssuedInvoice, IssueOptions } from './issue-invoice.js';
export type { CreditInput } from './credit-invoice.js';
export type { KeptPages } from './keep-pages.js';
export { CORE_ELEMENTS, MATRIX_REASONS, matchPayments, ROW_REASONS, type MatchMatrix, type MatchRow } from './match-rules.js';
export * from './charge-rules.js';
export { LIMIT_COLUMNS, limitsFromRow, type LimitsRow } from './limit-columns.js';
export { LIMIT_PERIODS, LIMIT_SUBJECTS, NO_LIMITS, periodAt, type LimitPeriod, type LimitSubject, type PeriodBounds, type UsageLimits } from './limit-rules.js';
export type { LimitUse, SubjectLimits } from './limit.view.js';
export { readSpent, type Spent, type SpentQuestion } from './spent.view.js';
export { IMPORT_STATES, type ImportOptions, type ImportPlan, type ImportRow, type ImportTarget } from './plan-price-import.js';
export { createWarnLimit, type LimitWarning, type WarnLimit } from './warn-limit.js';
export { PRICE_COLUMNS, priceFromRow, rowFromPrice, type PriceRow } from './price-columns.js';
export { createPriceBook, type PriceBook } from './price-book.js';
export { UNITS, unitColumn, unitsFrom, type Unit, type UnitColumn, type Units } from './units.js';
export type { PriceInput } from './set-price.js';

export interface BillingDeps { readonly clock: Clock; readonly database: Database; readonly ledger: Ledger; /** The operator's IANA zone. */ readonly timeZone: string;
  readonly security: Pick<Security, 'operatorProfile' | 'requestApproval' | 'onApproval'>; /** For dry runs, which are rolled back. */ readonly bookkeeping: Act }

export interface Billing extends AccountSetting, AccountClosing, PaymentImport, PrintDesk {
  readonly recordPayment: RecordPayment;
  readonly setPaymentStatus: SetPaymentStatus;
  /** What an invoice would say; writes nothing. */
  readonly planInvoice: PlanInvoice;
  readonly issueInvoice: IssueInvoice;
  readonly creditInvoice: CreditInvoice;
  /** Newest first, at most a thousand. */
  invoices(accountId?: string): Promise<Invoice[]>;
  findInvoice(idOrNumber: string): Promise<WholeInvoice | undefined>;
  /** What was invoiced, credited and received, and what is due, by currency. */
  balances(accountId: string): Promise<Balance[]>;
  findPayment(idOrProcessorsId: string): Promise<Payment | undefined>;
  /** The payment held against the others of its account by the rules of compelling evidence 3.0; undefined when there is no such payment. */
  matchPayment(idOrProcessorsId: string): Promise<MatchMatrix | undefined>;
  readonly setPrice: SetPrice;
  readonly setLimits: SetLimits;
  readonly planPriceImport: PlanPriceImport;
  readonly importPrices: ImportPrices;
  accounts(): Promise<Account[]>;
  findAccount(accountId: string): Promise<Account | undefined>;
  payments(accountId?: string): Promise<Payment[]>;
  /** Limits of an account or key with what is used of them now; undefined when there is no such thing. */
  limitsOf(kind: LimitSubject, id: string): Promise<SubjectLimits | undefined>;
  /** Those of the account and of each of its keys that has any. */
  limitsOfAccount(accountId: string): Promise<SubjectLimits[]>;
  prices(): Promise<Price[]>;
  findPrice(priceId: string): Promise<Price | undefined>;
}

export function createBilling({ clock, database: { reader }, ledger, timeZone, security, bookkeeping }: BillingDeps): Billing {
  const use = { clock, append: ledger.append, timeZone }, setPrice = createSetPrice(use), findInvoice = (idOrNumber: string): Promise<WholeInvoice | undefined> => readInvoice(reader, idOrNumber), crediting = { ...use, security, findInvoice };
  security.onApproval(CREDIT_ACTION, createCarryOutCredit(crediting));
  return {
    ...createAccountSetting(use), ...createAccountClosing(use), recordPayment: createRecordPayment(use), setPaymentStatus: createSetPaymentStatus(use), ...createPaymentImport({ ...use, bookkeeping }), setPrice, setLimits: createSetLimits(use),
    planPriceImport: createPlanPriceImport({ clock, timeZone, prices: () => readPrices(reader) }), importPrices: createImportPrices({ setPrice }),
    planInvoice: createPlanInvoice({ reader, clock, timeZone, ledger }), issueInvoice: createIssueInvoice({ ...use, security }), creditInvoice: createCreditInvoice(crediting), ...createPrintDesk({ reader, append: ledger.append }),
    invoices: (accountId) => readInvoices(reader, accountId), findInvoice, balances: (accountId) => readBalances(reader, accountId), findPayment: (id) => readPayment(reader, id),
    matchPayment: async (id) => { const payment = await readPayment(reader, id); return payment && matchPayments(payment, await readPayments(reader, payment.accountId), timeZone); },
    accounts: () => readAccounts(reader), findAccount: (accountId) => readAccount(reader, accountId), payments: (accountId) => readPayments(reader, accountId),
    limitsOf: (kind, id) => readLimits(reader, kind, id, clock.now(), timeZone),
    limitsOfAccount: async (accountId) => {
      const keys = await readLimitedKeys(reader, accountId);
      const found = await Promise.all([readLimits(reader, 'account', accountId, clock.now(), timeZone), ...keys.map((keyId) => readLimits(reader, 'key', keyId, clock.now(), timeZone))]);
      return found.filter((one) => one !== undefined);
    },
    prices: () => readPrices(reader), findPrice: (priceId) => readPrice(reader, priceId),
  };
}
