// Prices as the API takes and says them. Amounts are micro-units of the currency per million tokens or units.
import { z } from 'zod';
import { IMPORT_STATES, UNITS, type ImportPlan, type Price, type PriceInput } from '../../../domain/billing/index.js';
import { jsonMicros } from '../../../kernel/money.js';
import { count, currency, day, micros, microsIn, slug, text, uuid } from './fields.schemas.js';

const modelId = z.string().min(1).max(200).describe('A trailing * matches any ending');
const rates = <T extends z.ZodType>(amount: T) => ({ input_micros: amount, cache_read_micros: amount, cache_write_micros: amount, output_micros: amount });
const oneHour = 'Cache writes that live an hour; null: as cache_write_micros';
const longContext = z.object({ above: count.describe('Tokens of input, cached ones too, above which these amounts hold for the whole call'), ...rates(micros), cache_write_1h_micros: micros.nullable() });
const unitMicros = z.partialRecord(z.enum(UNITS), micros).describe('Per million of a unit: audio_ms of sound, images, characters; *_tokens where they are paid apart');

export const price = z.object({
  price_id: uuid, model: modelId, provider_id: slug, currency, effective_from: day, version: count.describe('A price never changes: a correction before its day is the next version'),
  ...rates(micros), cache_write_1h_micros: micros.nullable().describe(oneHour), unit_micros: unitMicros.nullable(), long_context: longContext.nullable(),
  source: z.string().nullable().describe('Where the amounts come from, with its version; null: set by hand'),
}).meta({ id: 'Price' });
export const priceInput = z.strictObject({
  model: text(200), provider_id: slug, currency, effective_from: day, ...rates(microsIn), cache_write_1h_micros: microsIn.nullable().optional(),
  unit_micros: z.partialRecord(z.enum(UNITS), microsIn).optional(), long_context: z.strictObject({ above: z.int().min(1), ...rates(microsIn), cache_write_1h_micros: microsIn.nullable().optional() }).optional(),
});
export const priceSet = z.object({ price_id: uuid, changed: z.boolean(), created: z.boolean(), until: day.nullable().describe('Day from which another price of the model is in force') });

export const importInput = z.strictObject({
  provider: slug.optional().describe('Only this provider of ours'), model: text(200).optional().describe('Only this model'), markup_percent: z.number().optional().describe('Added to every amount'),
  from: day.optional().describe("First day; unset: today in the operator's zone"), all: z.boolean().optional().describe('Also models that no route leads to'),
});
export const importPlan = z.object({
  source: z.string(), digest: z.string().describe('Confirm the import with it'),
  rows: z.array(z.object({
    state: z.enum(IMPORT_STATES).describe('added, changed: an import would set it; kept: set by hand and left alone; left_out: see note'), model: modelId, provider_id: slug, library_model: z.string().nullable(),
    effective_from: day, before: price.nullable(), after: price.omit({ price_id: true, version: true }).nullable(), note: z.string().nullable(),
  })),
}).meta({ id: 'PriceImportPlan' });
export const imported = z.object({ added: count, changed: count });

type Amounts = Omit<Price, 'priceId' | 'version' | 'cacheWrite1hMicros'> & { readonly cacheWrite1hMicros?: bigint | null };
function sayRates(own: Pick<Amounts, 'inputMicros' | 'cacheReadMicros' | 'cacheWriteMicros' | 'cacheWrite1hMicros' | 'outputMicros'>) {
  return { input_micros: jsonMicros(own.inputMicros), cache_read_micros: jsonMicros(own.cacheReadMicros), cache_write_micros: jsonMicros(own.cacheWriteMicros), output_micros: jsonMicros(own.outputMicros),
    cache_write_1h_micros: own.cacheWrite1hMicros === null || own.cacheWrite1hMicros === undefined ? null : jsonMicros(own.cacheWrite1hMicros) };
}
function sayAmounts(own: Amounts): Omit<z.input<typeof price>, 'price_id' | 'version'> {
  return { model: own.model, provider_id: own.providerId, currency: own.currency, effective_from: own.effectiveFrom, ...sayRates(own), source: own.source ?? null,
    unit_micros: own.unitMicros ? Object.fromEntries(Object.entries(own.unitMicros).map(([unit, amount]) => [unit, jsonMicros(amount)])) : null,
    long_context: own.longContext ? { above: Number(own.longContext.above), ...sayRates(own.longContext) } : null };
}
export function sayPrice(own: Price): z.input<typeof price> { return { price_id: own.priceId, version: own.version ?? 1, ...sayAmounts(own) }; }
export function sayPlan({ source, digest, rows }: ImportPlan): z.input<typeof importPlan> {
  return { source, digest, rows: rows.map((row) => ({ state: row.state, model: row.model, provider_id: row.providerId, library_model: row.libraryModel, effective_from: row.effectiveFrom,
    before: row.before && sayPrice(row.before), after: row.after && sayAmounts(row.after), note: row.note })) };
}

type RatesIn = { input_micros: string | number; cache_read_micros: string | number; cache_write_micros: string | number; output_micros: string | number; cache_write_1h_micros?: string | number | null | undefined };
function takeRates(own: RatesIn) {
  const oneHourAmount = own.cache_write_1h_micros;
  return { inputMicros: BigInt(own.input_micros), cacheReadMicros: BigInt(own.cache_read_micros), cacheWriteMicros: BigInt(own.cache_write_micros), outputMicros: BigInt(own.output_micros),
    cacheWrite1hMicros: oneHourAmount === undefined || oneHourAmount === null ? null : BigInt(oneHourAmount) };
}
export function takePrice(own: z.output<typeof priceInput>): PriceInput {
  return { model: own.model, providerId: own.provider_id, currency: own.currency, effectiveFrom: own.effective_from, ...takeRates(own),
    unitMicros: own.unit_micros ? Object.fromEntries(Object.entries(own.unit_micros).map(([unit, amount]) => [unit, BigInt(amount)])) : null,
    longContext: own.long_context ? { above: BigInt(own.long_context.above), ...takeRates(own.long_context) } : null };
}
