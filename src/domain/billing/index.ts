// The face of the billing slice: on whose account, at which price.
import type { Clock } from '../../kernel/clock.js';
import type { Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import { readAccount, readAccounts, readPayments, readPrice, readPrices, type Account, type Payment } from './billing.view.js';
import type { Price } from './charge-rules.js';
import { createAccountClosing, type AccountClosing } from './close-account.js';
import { createImportPrices, type ImportPrices } from './import-prices.js';
import { createPlanPriceImport, type PlanPriceImport } from './plan-price-import.js';
import { createRecordPayment, type RecordPayment } from './record-payment.js';
import { createAccountSetting, type AccountSetting } from './set-account.js';
import { readLimitedKeys, readLimits, type SubjectLimits } from './limit.view.js';
import type { LimitSubject } from './limit-rules.js';
import { createSetLimits, type SetLimits } from './set-limits.js';
import { createSetPrice, type SetPrice } from './set-price.js';

export type { AccountInput } from './account-rules.js';
export type { Account, Payment } from './billing.view.js';
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
export type { PaymentInput } from './record-payment.js';
export type { PriceInput } from './set-price.js';

export interface BillingDeps { readonly clock: Clock; readonly database: Database; readonly ledger: Ledger; /** The operator's IANA zone. */ readonly timeZone: string }

export interface Billing extends AccountSetting, AccountClosing {
  readonly recordPayment: RecordPayment;
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

export function createBilling({ clock, database: { reader }, ledger, timeZone }: BillingDeps): Billing {
  const use = { clock, append: ledger.append, timeZone }, setPrice = createSetPrice(use);
  return {
    ...createAccountSetting(use), ...createAccountClosing(use), recordPayment: createRecordPayment(use), setPrice, setLimits: createSetLimits(use),
    planPriceImport: createPlanPriceImport({ clock, timeZone, prices: () => readPrices(reader) }), importPrices: createImportPrices({ setPrice }),
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
