// A charge worked out again, line by line, from the usage and the price on record: every figure must be re-derivable (promise P3).
import { chargeFor, PRICE_COLUMNS, priceFromRow, ratesFor, unpricedUnits, type Price, type PriceRow } from '../../domain/billing/index.js';
import { usageOf, type CallStory } from '../../domain/gateway/index.js';
import { jsonMicros } from '../../kernel/money.js';
import { question, type Question } from '../../platform/db/index.js';
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

/** A price with the first day another one of the same name and provider is in force instead; null when none is known. */
export interface PriceFound { readonly price: Price; readonly until: string | null }

/** Asks for the price a call names; for null there is none. */
export function priceQuestion(priceId: string | null): Question<PriceFound | undefined> {
  return question<PriceRow & { until: string | null }, PriceFound | undefined>(`SELECT ${PRICE_COLUMNS}, (SELECT min(l.effective_from COLLATE "C") FROM prices l
    WHERE l.model = p.model AND l.provider_id = p.provider_id AND l.effective_from COLLATE "C" > p.effective_from) AS until FROM prices p WHERE p.price_id = $1::uuid`, [priceId],
  ([row]) => row && { price: priceFromRow(row), until: row.until });
}

/** Null when the call names no price. */
export function explainCharge(found: PriceFound | undefined, call: Call): CallStoryAnswer['charge'] {
  if (!found) return null;
  const { price, until } = found;
  const usage = usageOf(call), { costMicros, lines } = chargeFor(price, usage), long = ratesFor(price, usage) === price.longContext;
  return {
    price_id: price.priceId, model: price.model, provider: price.providerId, effective_from: price.effectiveFrom, effective_until: until, version: price.version ?? 1,
    source: price.source ?? null, currency: price.currency, long_context_above: long ? Number(price.longContext!.above) : null,
    lines: lines.map((line) => ({ bucket: line.bucket, units: Number(line.units), micros_per_million: jsonMicros(line.microsPerMillion), cost_micros: jsonMicros(line.costMicros) })),
    unpriced_units: unpricedUnits(price, usage),
    total_micros: jsonMicros(costMicros), matches_record: costMicros === call.cost_micros && price.currency === call.currency,
  };
}
