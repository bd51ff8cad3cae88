// The price book: versions with the day they begin. A row never changes; a correction before that day is another version of it.
import type { Clock } from '../../kernel/clock.js';
import type { Json } from '../../kernel/canonical-json.js';
import { checkCurrency, checkDay, checkLine, checkModelPattern } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import type { Micros } from '../../kernel/money.js';
import { dayOf } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { Price, Rates } from './charge-rules.js';
import { chargesTheSame, rowFromPrice, type PriceRow } from './price-columns.js';
import { findPriceRows, insertPrice, providerExists } from './price.store.js';

/** Amounts are micro-units of the currency per million tokens or units; `cacheWrite1hMicros` null or unset: as cacheWriteMicros. */
export type PriceInput = Omit<Price, 'priceId' | 'version' | 'cacheWrite1hMicros'> & { readonly cacheWrite1hMicros?: Micros | null };

/**
 * Sets the price of a model at a provider from a day on. A price that is in effect never changes, since charges on record name it:
 * a new amount gets a new day. Before that day a correction is a new version beside the old. `changed: false`: it stands so already.
 * Refusals: forbidden, invalid_request, not_found (provider), conflict (in effect with other amounts).
 */
export type SetPrice = (tx: Tx, input: PriceInput) => Promise<{ priceId: string; changed: boolean; created: boolean; /** Day from which another price of the model is in force. */ until: string | undefined } | Refusal>;

export function createSetPrice(deps: { clock: Clock; append: AppendRecord; timeZone: string }): SetPrice {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'prices.write') ?? check(input);
    if (refusal) return refusal;
    if (!await providerExists(tx, input.providerId)) return refuse('not_found', `there is no provider ${input.providerId}; register it first`, 'providerId');
    const known = await findPriceRows(tx, input.model, input.providerId);
    const found = known.find((one) => one.effective_from === input.effectiveFrom), later = known.find((one) => one.effective_from > input.effectiveFrom)?.effective_from;
    const row = rowFromPrice({ ...input, cacheWrite1hMicros: input.cacheWrite1hMicros ?? null, priceId: mintId(deps.clock.now()), version: (found?.version ?? 0) + 1 });
    if (found && chargesTheSame(found, row)) return { priceId: found.price_id, changed: false, created: false, until: later };
    if (found && input.effectiveFrom <= dayOf(deps.clock.now(), deps.timeZone)) {
      return refuse('conflict', `the price of ${input.model} at ${input.providerId} from ${input.effectiveFrom} is in effect, and charges on record rest on it; give the new price a later day`, 'effectiveFrom');
    }
    if (!await insertPrice(tx, row)) return refuse('conflict', 'somebody set this price just now; look again', 'effectiveFrom');
    await deps.append(tx, { action: 'price.set', subjectKind: 'price', subjectId: row.price_id, ...(found ? { before: recordOf(found) } : {}), after: recordOf(row) });
    return { priceId: row.price_id, changed: true, created: !found, until: later };
  };
}

function check(input: PriceInput): Refusal | undefined {
  const wrong = checkModelPattern(input.model, 'model') ?? checkCurrency(input.currency, 'currency') ?? checkDay(input.effectiveFrom, 'effectiveFrom')
    ?? (input.source === null || input.source === undefined ? undefined : checkLine(input.source, 'source'));
  if (wrong) return wrong;
  const units = Object.entries(input.unitMicros ?? {}).map(([unit, amount]): [string, bigint] => [`unitMicros.${unit}`, amount]);
  for (const [field, amount] of [...amountsOf(input, ''), ...units, ...(input.longContext ? amountsOf(input.longContext, 'longContext.') : [])]) {
    if (amount < 0n || amount > 10n ** 15n) return refuse('invalid_request', 'must not be negative, in micro-units per million', field);
  }
  if (!input.longContext) return undefined;
  if (input.longContext.above <= 0n) return refuse('invalid_request', 'must be a number of tokens above zero', 'longContext.above');
  // A charge never falls because more was used.
  const ordinary = new Map(amountsOf(input, 'longContext.'));
  const lower = amountsOf(input.longContext, 'longContext.').find(([field, amount]) => amount < ordinary.get(field)!);
  return lower && refuse('invalid_request', 'must not be below the ordinary amount', lower[0]);
}

function amountsOf(rates: Omit<Rates, 'cacheWrite1hMicros'> & { readonly cacheWrite1hMicros?: Micros | null }, prefix: string): [string, bigint][] {
  return Object.entries({ inputMicros: rates.inputMicros, cacheReadMicros: rates.cacheReadMicros, cacheWriteMicros: rates.cacheWriteMicros,
    cacheWrite1hMicros: rates.cacheWrite1hMicros ?? rates.cacheWriteMicros, outputMicros: rates.outputMicros }).map(([field, amount]) => [prefix + field, amount]);
}

function recordOf(row: PriceRow): Record<string, Json> { return { ...row }; }
