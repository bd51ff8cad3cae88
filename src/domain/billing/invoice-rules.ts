// What an invoice says: lines added up from calls on record, to the micro-unit, and what is payable of them. Pure.
import { startOfDay } from '../../kernel/period.js';
import { chargeFor, type ChargeBucket, type Price, type Usage } from './charge-rules.js';

/** A call as an invoice sees it. `costMicros` is the record's, which is the authority. */
export interface BilledCall { readonly requestId: string; readonly at: Date; readonly model: string; readonly providerId: string | null; readonly priceId: string | null; readonly usage: Usage; readonly costMicros: bigint }

/** `recorded`: the call's cost as it stands on record, where its price does not lead to it. */
export type LineBucket = ChargeBucket | 'recorded' | 'credit';
/** Of one month, model, provider, version of a price, bucket and rate. `amountMicros` is a sum of what the calls cost, each rounded once, when it was recorded. */
export interface InvoiceLine {
  readonly position: number;
  /** YYYY-MM in which the calls arrived; another than the invoice's: they were on no earlier one. */
  readonly month: string;
  readonly model: string; readonly providerId: string | null; readonly priceId: string | null; readonly priceVersion: number | null; readonly priceFrom: string | null;
  readonly bucket: LineBucket;
  /** Micro-units per million; null where there is no one rate. */
  readonly rateMicros: bigint | null;
  readonly calls: bigint; readonly units: bigint; readonly amountMicros: bigint;
}
export interface InvoiceSum { readonly lines: readonly InvoiceLine[]; readonly calls: bigint; /** Exactly the sum of the calls' recorded costs, and of the lines. */ readonly totalMicros: bigint }

const BUCKETS: readonly string[] = ['input', 'cache_read', 'cache_write', 'cache_write_1h', 'output'];
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function isMonth(text: string): boolean { return MONTH.test(text); }

/** First instant of the month and of the one after it, by the calendar of the zone. */
export function monthBounds(month: string, timeZone: string): { readonly from: Date; readonly to: Date } {
  const from = startOfDay(`${month}-01`, timeZone);
  return { from, to: startOfDay(`${nextMonth(month)}-01`, timeZone) };
}

export function nextMonth(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return number === 12 ? `${String(year + 1).padStart(4, '0')}-01` : `${month.slice(0, 5)}${String(number + 1).padStart(2, '0')}`;
}

/** Says the month of an instant, by boundaries worked out once a month and not once a call. */
export function monthTeller(timeZone: string): (at: Date) => string {
  let known = { month: '', from: 0, to: 0 };
  return (at) => {
    const ms = at.getTime();
    if (ms >= known.from && ms < known.to) return known.month;
    // A day either way covers every zone; then the boundaries decide.
    let month = new Date(ms - 86_400_000).toISOString().slice(0, 7);
    for (let bounds = monthBounds(month, timeZone); ; bounds = monthBounds(month, timeZone)) {
      if (ms < bounds.to.getTime()) { known = { month, from: bounds.from.getTime(), to: bounds.to.getTime() }; return month; }
      month = nextMonth(month);
    }
  };
}

/** Adds calls up to lines. `priceOf`: the price of an id, wherever it is. */
export function createInvoiceSum(priceOf: (priceId: string) => Price | undefined, timeZone: string): { add(call: BilledCall): void; finish(): InvoiceSum } {
  const lines = new Map<string, Omit<InvoiceLine, 'position'>>(), monthOf = monthTeller(timeZone);
  let calls = 0n, totalMicros = 0n;
  const put = (call: BilledCall, price: Price | undefined, bucket: LineBucket, rateMicros: bigint | null, units: bigint, amountMicros: bigint): void => {
    const month = monthOf(call.at), key = [month, call.model, call.providerId, call.priceId, bucket, rateMicros].join('\u0000'), old = lines.get(key);
    lines.set(key, old ? { ...old, calls: old.calls + 1n, units: old.units + units, amountMicros: old.amountMicros + amountMicros }
      : { month, model: call.model, providerId: call.providerId, priceId: call.priceId, priceVersion: price?.version ?? (price ? 1 : null), priceFrom: price?.effectiveFrom ?? null, bucket, rateMicros, calls: 1n, units, amountMicros });
  };
  return {
    add: (call) => {
      calls += 1n;
      totalMicros += call.costMicros;
      const price = call.priceId === null ? undefined : priceOf(call.priceId), charge = price && chargeFor(price, call.usage);
      // The record decides: what a price does not lead to is a line of its own, never a line that says something else.
      if (charge?.costMicros !== call.costMicros) put(call, price, 'recorded', null, 1n, call.costMicros);
      else for (const line of charge.lines) put(call, price, line.bucket, line.microsPerMillion, line.units, line.costMicros);
    },
    finish: () => ({ lines: [...lines.values()].sort(inOrder).map((line, index) => ({ position: index + 1, ...line })), calls, totalMicros }),
  };
}

function inOrder(one: Omit<InvoiceLine, 'position'>, other: Omit<InvoiceLine, 'position'>): number {
  const rank = (bucket: string): string => String(BUCKETS.indexOf(bucket) < 0 ? 9 : BUCKETS.indexOf(bucket)) + bucket;
  const text = (line: typeof one): string => [line.month, line.model, line.providerId ?? '', line.priceFrom ?? '', String(line.priceVersion ?? 0).padStart(6, '0'), line.priceId ?? '', rank(line.bucket), (line.rateMicros ?? -1n).toString().padStart(20, '0')].join('\u0000');
  const [a, b] = [text(one), text(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Micro-units in the smallest unit of the currency that is paid: a cent is 10,000, a yen 1,000,000. */
export function minorMicros(currency: string): bigint {
  return 10n ** BigInt(6 - (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2));
}

/** The total as it is paid: half up to the smallest unit, once for the whole document. The difference stands on it. */
export function payableOf(totalMicros: bigint, currency: string): bigint {
  const minor = minorMicros(currency);
  return (totalMicros + minor / 2n) / minor * minor;
}

/** Until when calls of the month may still come in by themselves: an issue before is refused. */
export function isOver(month: string, now: Date, timeZone: string): boolean { return now >= monthBounds(month, timeZone).to; }

/** 31 December of the day's year: the fiscal year whose end starts the retention of what is issued on that day. */
export function fiscalYearEndOf(day: string): string { return `${day.slice(0, 4)}-12-31`; }

/** The month before the one of `now`, for forms. */
export function previousMonth(now: Date, timeZone: string): string {
  const monthOf = monthTeller(timeZone);
  return monthOf(new Date(monthBounds(monthOf(now), timeZone).from.getTime() - 1));
}
