// What an invoice of an account and month would say, from the records alone. Nothing is written here.
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import { readPrices } from './billing.view.js';
import { createInvoiceSum, isMonth, isOver, monthBounds, payableOf, type InvoiceSum } from './invoice-rules.js';
import { readBilledCalls, readCurrencies, readEarlier, type Earlier } from './invoice.view.js';

export interface InvoiceQuestion {
  readonly accountId: string;
  /** YYYY-MM by the operator's calendar; it must be over. */
  readonly month: string;
  /** Where the account has calls in several; unset: the only one. */
  readonly currency?: string | undefined;
  /** Of the first invoice: the first month it covers, where earlier calls were billed in another way. Unset: everything on record. */
  readonly beginWith?: string | undefined;
}
export interface InvoicePlan extends InvoiceSum {
  readonly accountId: string; readonly currency: string; readonly month: string; readonly payableMicros: bigint; readonly coversFrom: Date; readonly coversTo: Date;
  /** Size of the log: calls below it are on this invoice or an earlier one. */
  readonly treeSize: bigint;
  readonly earlier: Earlier | undefined;
  /** Names what was shown: accounts, bounds and lines. */
  readonly digest: string;
}
export type PlanInvoice = (question: InvoiceQuestion) => Promise<InvoicePlan | Refusal>;

/**
 * Binds it. An invoice takes every call of the account up to the end of its month that is on no earlier one: those that arrived after the
 * last invoice's month, and those that were recorded too late for it. Refusals: invalid_request, not_found (nothing to invoice), conflict.
 */
export function createPlanInvoice(deps: { reader: Database['reader']; clock: Clock; timeZone: string; ledger: Pick<Ledger, 'latestCheckpoint'> }): PlanInvoice {
  const { reader, clock, timeZone } = deps;
  return async ({ accountId, month, currency, beginWith }) => {
    if (!isMonth(month)) return refuse('invalid_request', 'a month as YYYY-MM', 'month');
    if (beginWith !== undefined && (!isMonth(beginWith) || beginWith > month)) return refuse('invalid_request', 'a month as YYYY-MM, not after the month of the invoice', 'beginWith');
    if (!isOver(month, clock.now(), timeZone)) return refuse('conflict', `${month} is not over in ${timeZone}; an invoice is issued after its month`, 'month');
    const { from, to } = monthBounds(month, timeZone), checkpoint = await deps.ledger.latestCheckpoint(), known = await readCurrencies(reader, accountId, to), [only] = known;
    if (!only || !checkpoint) return refuse('not_found', `account ${accountId} has no priced calls on record up to the end of ${month}`, 'accountId');
    if (currency === undefined && known.length > 1) return refuse('invalid_request', `the account has calls in ${known.map((one) => one.currency).join(' and ')}; each has invoices of its own: say which`, 'currency');
    const own = currency === undefined ? only : known.find((one) => one.currency === currency);
    if (!own) return refuse('not_found', `account ${accountId} has no calls in ${currency} up to the end of ${month}`, 'currency');
    const earlier = await readEarlier(reader, accountId, own.currency), treeSize = checkpoint.treeSize;
    if (earlier && earlier.period >= month) return refuse('conflict', `${earlier.number} covers everything up to the end of ${earlier.period}; what came later goes on the invoice of a later month`, 'month');
    if (earlier && beginWith !== undefined) return refuse('conflict', `only the first invoice begins anew; this one goes on from ${earlier.number}`, 'beginWith');
    const coversFrom = earlier?.coversTo ?? (beginWith === undefined ? own.first < from ? own.first : from : monthBounds(beginWith, timeZone).from);
    const prices = new Map((await readPrices(reader)).map((price) => [price.priceId, price])), sum = createInvoiceSum((id) => prices.get(id), timeZone), window = { accountId, currency: own.currency, leafTo: treeSize };
    if (earlier) for await (const call of readBilledCalls(reader, { ...window, from: earlier.coversFrom, to: earlier.coversTo, leafFrom: earlier.treeSize })) sum.add(call);
    for await (const call of readBilledCalls(reader, { ...window, from: coversFrom, to, leafFrom: 0n })) sum.add(call);
    const added = sum.finish();
    if (added.calls === 0n) return refuse('not_found', `account ${accountId} has no calls in ${own.currency} up to the end of ${month} that are on no invoice yet`, 'month');
    const payableMicros = payableOf(added.totalMicros, own.currency);
    return { ...added, accountId, currency: own.currency, month, payableMicros, coversFrom, coversTo: to, treeSize, earlier,
      digest: sha256Hex(accountId, own.currency, month, coversFrom.toISOString(), earlier?.invoiceId ?? '', added.calls.toString(), ...added.lines.map((line) => `${line.month}|${line.model}|${line.priceId}|${line.bucket}|${line.rateMicros}|${line.calls}|${line.units}|${line.amountMicros}\n`)) };
  };
}
