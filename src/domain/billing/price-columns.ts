// A price as its columns have it: bigint as text, what few prices have as jsonb of decimal texts.
import type { LongContext, Price } from './charge-rules.js';
import { unitColumn, unitsFrom, type UnitColumn } from './units.js';

type LongContextColumn = { readonly above: string; readonly input: string; readonly cache_read: string; readonly cache_write: string; readonly cache_write_1h: string | null; readonly output: string } | null;

/** A row of prices. */
export interface PriceRow {
  readonly price_id: string; readonly model: string; readonly provider_id: string; readonly currency: string; readonly effective_from: string; readonly version: number;
  readonly input_micros: string; readonly cache_read_micros: string; readonly cache_write_micros: string; readonly cache_write_1h_micros: string | null; readonly output_micros: string;
  readonly unit_micros: UnitColumn; readonly long_context: LongContextColumn; readonly source: string | null;
}

export const PRICE_COLUMNS = `price_id, model, provider_id, currency, effective_from, version, input_micros, cache_read_micros, cache_write_micros, cache_write_1h_micros,
  output_micros, unit_micros, long_context, source`;

export function priceFromRow(row: PriceRow): Price {
  return {
    priceId: row.price_id, model: row.model, providerId: row.provider_id, currency: row.currency, effectiveFrom: row.effective_from, version: row.version,
    inputMicros: BigInt(row.input_micros), cacheReadMicros: BigInt(row.cache_read_micros), cacheWriteMicros: BigInt(row.cache_write_micros),
    cacheWrite1hMicros: row.cache_write_1h_micros === null ? null : BigInt(row.cache_write_1h_micros), outputMicros: BigInt(row.output_micros),
    unitMicros: unitsFrom(row.unit_micros) ?? null, longContext: longContextFrom(row.long_context), source: row.source,
  };
}

export function rowFromPrice(price: Price): PriceRow {
  return {
    price_id: price.priceId, model: price.model, provider_id: price.providerId, currency: price.currency, effective_from: price.effectiveFrom, version: price.version ?? 1,
    input_micros: String(price.inputMicros), cache_read_micros: String(price.cacheReadMicros), cache_write_micros: String(price.cacheWriteMicros),
    cache_write_1h_micros: price.cacheWrite1hMicros?.toString() ?? null, output_micros: String(price.outputMicros),
    unit_micros: unitColumn(price.unitMicros), long_context: longContextColumn(price.longContext), source: price.source ?? null,
  };
}

/** Whether both charge the same; where the amounts come from, and from when on, does not matter. */
export function chargesTheSame(a: PriceRow, b: PriceRow): boolean {
  const amounts = (row: PriceRow): string => JSON.stringify([row.currency, row.input_micros, row.cache_read_micros, row.cache_write_micros, row.cache_write_1h_micros, row.output_micros,
    unitColumn(unitsFrom(row.unit_micros)), longContextColumn(longContextFrom(row.long_context))]);
  return amounts(a) === amounts(b);
}

function longContextFrom(column: LongContextColumn): LongContext | null {
  return column && { above: BigInt(column.above), inputMicros: BigInt(column.input), cacheReadMicros: BigInt(column.cache_read), cacheWriteMicros: BigInt(column.cache_write),
    cacheWrite1hMicros: column.cache_write_1h === null ? null : BigInt(column.cache_write_1h), outputMicros: BigInt(column.output) };
}

function longContextColumn(rates: LongContext | null | undefined): LongContextColumn {
  return rates ? { above: String(rates.above), input: String(rates.inputMicros), cache_read: String(rates.cacheReadMicros), cache_write: String(rates.cacheWriteMicros),
    cache_write_1h: rates.cacheWrite1hMicros?.toString() ?? null, output: String(rates.outputMicros) } : null;
}
