import type { Clock } from '../../kernel/clock.js';
import { checkCurrency, checkDay, checkModelPattern } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import type { Micros } from '../../kernel/money.js';
import { dayOf } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { Price } from './charge-rules.js';
import { findPriceRow, insertPrice, providerExists, replacePrice, type PriceRow } from './price.store.js';

/** Amounts are micro-units of the currency per million tokens; `cacheWrite1hMicros` null or unset: as cacheWriteMicros. */
export type PriceInput = Omit<Price, 'priceId' | 'cacheWrite1hMicros'> & { readonly cacheWrite1hMicros?: Micros | null };

/**
 * Sets the price of a model at a provider from a day on. A price that is in effect never changes, since charges on record name it:
 * a new amount gets a new day. Refusals: forbidden, invalid_request, not_found (provider), conflict (in effect with other amounts).
 */
export type SetPrice = (tx: Tx, input: PriceInput) => Promise<{ priceId: string; changed: boolean; created: boolean } | Refusal>;

export function createSetPrice(deps: { clock: Clock; append: AppendRecord; timeZone: string }): SetPrice {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'prices.write') ?? check(input);
    if (refusal) return refusal;
    if (!await providerExists(tx, input.providerId)) return refuse('not_found', `there is no provider ${input.providerId}; register it first`, 'providerId');
    const found = await findPriceRow(tx, input.model, input.providerId, input.effectiveFrom);
    const row = rowOf(input, found?.price_id ?? mintId(deps.clock.now()));
    const subject = { subjectKind: 'price', subjectId: row.price_id };
    if (found && same(found, row)) return { priceId: row.price_id, changed: false, created: false };
    if (found) {
      if (input.effectiveFrom <= dayOf(deps.clock.now(), deps.timeZone)) {
        return refuse('conflict', `the price of ${input.model} at ${input.providerId} from ${input.effectiveFrom} is in effect, and charges on record rest on it; give the new price a later day`, 'effectiveFrom');
      }
      await replacePrice(tx, row);
      await deps.append(tx, { action: 'price.set', ...subject, before: recordOf(found), after: recordOf(row) });
      return { priceId: row.price_id, changed: true, created: false };
    }
    if (!await insertPrice(tx, row)) return refuse('conflict', 'somebody set this price just now; look again', 'effectiveFrom');
    await deps.append(tx, { action: 'price.set', ...subject, after: recordOf(row) });
    return { priceId: row.price_id, changed: true, created: true };
  };
}

function check(input: PriceInput): Refusal | undefined {
  const wrong = checkModelPattern(input.model, 'model') ?? checkCurrency(input.currency, 'currency') ?? checkDay(input.effectiveFrom, 'effectiveFrom');
  if (wrong) return wrong;
  for (const [field, amount] of Object.entries({ inputMicros: input.inputMicros, cacheReadMicros: input.cacheReadMicros, cacheWriteMicros: input.cacheWriteMicros,
    cacheWrite1hMicros: input.cacheWrite1hMicros ?? 0n, outputMicros: input.outputMicros })) {
    if (amount < 0n || amount > 10n ** 15n) return refuse('invalid_request', 'must not be negative, in micro-units per million tokens', field);
  }
  return undefined;
}

function rowOf(input: PriceInput, priceId: string): PriceRow {
  return { price_id: priceId, model: input.model, provider_id: input.providerId, currency: input.currency, effective_from: input.effectiveFrom, input_micros: String(input.inputMicros),
    cache_read_micros: String(input.cacheReadMicros), cache_write_micros: String(input.cacheWriteMicros), cache_write_1h_micros: input.cacheWrite1hMicros?.toString() ?? null, output_micros: String(input.outputMicros) };
}

function same(a: PriceRow, b: PriceRow): boolean {
  return a.currency === b.currency && a.input_micros === b.input_micros && a.cache_read_micros === b.cache_read_micros && a.cache_write_micros === b.cache_write_micros
    && a.cache_write_1h_micros === b.cache_write_1h_micros && a.output_micros === b.output_micros;
}

function recordOf(row: PriceRow): Record<string, string | null> { return { ...row }; }
