// A charge worked out again, line by line, from the usage and the price on record: every figure must be re-derivable (promise P3).
import type { App } from '../../app.js';
import { chargeFor, ratesFor, unpricedUnits, type Price } from '../../domain/billing/index.js';
import { usageOf, type CallStory } from '../../domain/gateway/index.js';
import { jsonMicros } from '../../kernel/money.js';
import type { CallStoryAnswer } from '../http/api/calls.schemas.js';

type Call = CallStory['call'];

/** Why a call cost what it cost, in one word; docs/billing.md explains each. */
export const CHARGE_REASONS = ['priced', 'nothing_used', 'refused', 'no_price', 'unknown'] as const;

export function chargeReason(call: Call): (typeof CHARGE_REASONS)[number] {
  if (call.status === 'refused') return 'refused';
  if (call.status === 'unknown') return 'unknown';
  const { input, cacheRead, cacheWrite, output, units } = usageOf(call);
  if (input + cacheRead + cacheWrite + output === 0n && !units) return 'nothing_used';
  return call.price_id === null ? 'no_price' : 'priced';
}

/** Null when the call names no price. */
export async function explainCharge(billing: App['billing'], call: Call): Promise<CallStoryAnswer['charge']> {
  const price = call.price_id === null ? undefined : await billing.findPrice(call.price_id);
  if (!price) return null;
  const usage = usageOf(call), { costMicros, lines } = chargeFor(price, usage), long = ratesFor(price, usage) === price.longContext;
  return {
    price_id: price.priceId, model: price.model, provider: price.providerId, effective_from: price.effectiveFrom, effective_until: await endOf(billing, price), version: price.version ?? 1,
    source: price.source ?? null, currency: price.currency, long_context_above: long ? Number(price.longContext!.above) : null,
    lines: lines.map((line) => ({ bucket: line.bucket, units: Number(line.units), micros_per_million: jsonMicros(line.microsPerMillion), cost_micros: jsonMicros(line.costMicros) })),
    unpriced_units: unpricedUnits(price, usage),
    total_micros: jsonMicros(costMicros), matches_record: costMicros === call.cost_micros && price.currency === call.currency,
  };
}

/** First day another price of the same name and provider is in force instead; null when none is known. */
async function endOf(billing: App['billing'], price: Price): Promise<string | null> {
  const later = (await billing.prices()).filter((one) => one.model === price.model && one.providerId === price.providerId && one.effectiveFrom > price.effectiveFrom);
  return later.map((one) => one.effectiveFrom).sort()[0] ?? null;
}
