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
import type { Price } from './charge-rules.js';
import { findPriceRow, insertPrice, providerExists, type PriceRow } from './price.store.js';
import { unitColumn } from './units.js';

/** Amounts are micro-units of the currency per million tokens or units; `cacheWrite1hMicros` null or unset: as cacheWriteMicros. */
export type PriceInput = Omit<Price, 'priceId' | 'version' | 'cacheWrite1hMicros'> & { readonly cacheWrite1hMicros?: Micros | null };

/**
 * Sets the price of a model at a provider from a day on. A price that is in effect never changes, since charges on record name it:
 * a new amount gets a new day. Before that day a correction is a new version beside the old. `changed: false`: it stands so already.
 * Refusals: forbidden, invalid_request, not_found (provider), conflict (in effect with other amounts).
 */
export type SetPrice = (tx: Tx, input: PriceInput) => Promise<{ priceId: string; changed: boolean; created: boolean } | Refusal>;

export function createSetPrice(deps: { clock: Clock; append: AppendRecord; timeZone: string }): SetPrice {
  return async (tx, input) => {
    const refusal = forbid(tx.actor, 'prices.write') ?? check(input);
    if (refusal) return refusal;
    if (!await providerExists(tx, input.providerId)) return refuse('not_found', `there is no provider ${input.providerId}; register it first`, 'providerId');
    const found = await findPriceRow(tx, input.model, input.providerId, input.effectiveFrom);
    const row = rowOf(input, mintId(deps.clock.now()), (found?.version ?? 0) + 1);
    if (found && same(found, row)) return { priceId: found.price_id, changed: false, created: false };
    if (found && input.effectiveFrom <= dayOf(deps.clock.now(), deps.timeZone)) {
      return refuse('conflict', `the price of ${input.model} at ${input.providerId} from ${input.effectiveFrom} is in effect, and charges on record rest on it; give the new price a later day`, 'effectiveFrom');
    }
    if (!await insertPrice(tx, row)) return refuse('conflict', 'somebody set this price just now; look again', 'effectiveFrom');
    await deps.append(tx, { action: 'price.set', subjectKind: 'price', subjectId: row.price_id, ...(found ? { before: recordOf(found) } : {}), after: recordOf(row) });
    return { priceId: row.price_id, changed: true, created: !found };
  };
}

function check(input: PriceInput): Refusal | undefined {
  const wrong = checkModelPattern(input.model, 'model') ?? checkCurrency(input.currency, 'currency') ?? checkDay(input.effectiveFrom, 'effectiveFrom')
    ?? (input.source === null || input.source === undefined ? undefined : checkLine(input.source, 'source'));
  if (wrong) return wrong;
  const units = Object.entries(input.unitMicros ?? {}).map(([unit, amount]): [string, bigint] => [`unitMicros.${unit}`, amount]);
  for (const [field, amount] of [...Object.entries({ inputMicros: input.inputMicros, cacheReadMicros: input.cacheReadMicros, cacheWriteMicros: input.cacheWriteMicros,
    cacheWrite1hMicros: input.cacheWrite1hMicros ?? 0n, outputMicros: input.outputMicros }), ...units]) {
    if (amount < 0n || amount > 10n ** 15n) return refuse('invalid_request', 'must not be negative, in micro-units per million', field);
  }
  return undefined;
}

function rowOf(input: PriceInput, priceId: string, version: number): PriceRow {
  return { price_id: priceId, model: input.model, provider_id: input.providerId, currency: input.currency, effective_from: input.effectiveFrom, version, source: input.source ?? null,
    unit_micros: unitColumn(input.unitMicros), input_micros: String(input.inputMicros), cache_read_micros: String(input.cacheReadMicros), cache_write_micros: String(input.cacheWriteMicros),
    cache_write_1h_micros: input.cacheWrite1hMicros?.toString() ?? null, output_micros: String(input.outputMicros) };
}

/** Whether both charge the same; where the amounts come from does not matter. */
function same(a: PriceRow, b: PriceRow): boolean {
  return a.currency === b.currency && a.input_micros === b.input_micros && a.cache_read_micros === b.cache_read_micros && a.cache_write_micros === b.cache_write_micros
    && a.cache_write_1h_micros === b.cache_write_1h_micros && a.output_micros === b.output_micros && sameUnits(a.unit_micros, b.unit_micros);
}

function sameUnits(a: PriceRow['unit_micros'], b: PriceRow['unit_micros']): boolean {
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].every((name) => a?.[name] === b?.[name]);
}

function recordOf(row: PriceRow): Record<string, Json> { return { ...row }; }
