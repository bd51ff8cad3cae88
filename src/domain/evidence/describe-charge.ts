// The charge of a call, worked out again from the recorded usage and the price it names.
import type { Billing } from '../billing/index.js';
import { chargeFor, priceFromRow, rowFromPrice, type Price } from '../billing/offline.js';
import type { CallStory } from '../gateway/index.js';
import { usageOf } from '../gateway/offline.js';
import type { PackDocument } from './pack-document.js';

type ChargeFacts = NonNullable<PackDocument['charge']>;

/** The charge with its lines; without a price there are none and the total is 0. */
export async function describeCharge(billing: Pick<Billing, 'findPrice'>, call: CallStory['call']): Promise<ChargeFacts> {
  const price = call.price_id === null ? undefined : await billing.findPrice(call.price_id);
  return chargeFacts(call, price);
}

/** What a charge is made of: the columns of a call record, with tokens and amounts as integers. */
export type ChargedCall = Pick<CallStory['call'], 'usage_input' | 'usage_cache_read' | 'usage_cache_write' | 'usage_cache_write_1h' | 'usage_output' | 'usage_reasoning' | 'usage_units' | 'cost_micros'>
  & { readonly currency: string | null; readonly usage_source: string };

/** Pure, so that the verifier works it out again from the record in the pack. */
export function chargeFacts(call: ChargedCall, price: Price | undefined): ChargeFacts {
  const charge = price ? chargeFor(price, usageOf(call)) : { costMicros: 0n, lines: [] };
  return {
    recorded_micros: call.cost_micros.toString(), currency: call.currency, usage_source: call.usage_source, price: price ? rowFromPrice(price) : null,
    lines: charge.lines.map((line) => ({ bucket: line.bucket, units: line.units.toString(), micros_per_million: line.microsPerMillion.toString(), cost_micros: line.costMicros.toString() })),
    total_micros: charge.costMicros.toString(), agrees: charge.costMicros === call.cost_micros && (!price || price.currency === call.currency),
  };
}

/** The price as the charge rules take it, from what a pack says of it. */
export function priceOfFacts(facts: NonNullable<ChargeFacts['price']>): Price { return priceFromRow(facts); }
