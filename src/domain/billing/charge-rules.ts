// What a call costs: pure, so that a charge can be derived again, line by line, from the record and the price it names.
import { priceOf, type Micros } from '../../kernel/money.js';
import type { Unit, Units } from './units.js';

/** Tokens. `input` excludes both cache buckets; `cacheWrite` includes its part `cacheWrite1h`; `output` includes its part `reasoning`. */
export interface Usage {
  readonly input: bigint; readonly cacheRead: bigint; readonly cacheWrite: bigint; readonly cacheWrite1h: bigint;
  readonly output: bigint; readonly reasoning: bigint;
  /** What else was used; absent for a call of plain text. Its `*_tokens` are parts of `input` and `output`. */
  readonly units?: Units | undefined;
}

/** Nothing used. */
export const NO_USAGE: Usage = Object.freeze({ input: 0n, cacheRead: 0n, cacheWrite: 0n, cacheWrite1h: 0n, output: 0n, reasoning: 0n });

/** Amounts of tokens, micro-units per million. */
export interface Rates {
  readonly inputMicros: Micros; readonly cacheReadMicros: Micros; readonly cacheWriteMicros: Micros;
  /** Cache writes that live an hour; null: they cost what the others do. */
  readonly cacheWrite1hMicros: Micros | null;
  readonly outputMicros: Micros;
}
/** The rates of a call whose whole input (uncached, cache read and cache write) is above so many tokens; they hold for all of it. */
export interface LongContext extends Rates { readonly above: bigint }

/** A dated price of a model at a provider. Amounts are micro-units of the currency per million tokens. */
export interface Price extends Rates {
  readonly priceId: string;
  /** A model name; a trailing * matches any ending. */
  readonly model: string;
  readonly providerId: string;
  readonly currency: string;
  /** First day it is in force, YYYY-MM-DD. */
  readonly effectiveFrom: string;
  /** 1 for the first price of a model, provider and day; a correction before that day has come is one more. Absent: 1. */
  readonly version?: number;
  readonly longContext?: LongContext | null;
  /** Micro-units per million of a unit. A unit that is not named is paid as the tokens it is part of, or costs nothing. */
  readonly unitMicros?: Units | null;
  /** Where the amounts come from, with its version; null: set by hand. */
  readonly source?: string | null;
}

export type ChargeBucket = 'input' | 'cache_read' | 'cache_write' | 'cache_write_1h' | 'output' | Unit;
export interface ChargeLine { readonly bucket: ChargeBucket; readonly units: bigint; readonly microsPerMillion: Micros; readonly costMicros: Micros }
export interface Charge { readonly costMicros: Micros; readonly lines: readonly ChargeLine[] }

const INPUT_PARTS = ['input_audio_tokens', 'input_image_tokens'] as const;
const OUTPUT_PARTS = ['output_audio_tokens', 'output_image_tokens'] as const;
const OWN = ['images', 'audio_ms', 'characters'] as const;

/**
 * The charge of `usage` at `price`: one line for each bucket with something in it, each rounded half up by itself; the total is
 * their sum. Reasoning is paid as the output it is part of. A part the price names is taken out of its whole, at most what is left
 * of that. Throws RangeError when an hour's cache writes or the reasoning are more than their whole.
 */
export function chargeFor(price: Price, usage: Usage): Charge {
  checkParts(usage);
  const lines: ChargeLine[] = [];
  const add = (bucket: ChargeBucket, units: bigint, microsPerMillion: Micros): void => {
    if (units > 0n) lines.push({ bucket, units, microsPerMillion, costMicros: priceOf(units, microsPerMillion) });
  };
  const apart: [Unit, bigint, Micros][] = [];
  const without = (whole: bigint, parts: readonly Unit[]): bigint => {
    let left = whole;
    for (const unit of parts) {
      const rate = price.unitMicros?.[unit], given = usage.units?.[unit];
      if (rate === undefined || given === undefined) continue;
      const units = given < left ? given : left;
      left -= units;
      apart.push([unit, units, rate]);
    }
    return left;
  };
  const rates = ratesFor(price, usage);
  const input = without(usage.input, INPUT_PARTS), output = without(usage.output, OUTPUT_PARTS);
  add('input', input, rates.inputMicros);
  add('cache_read', usage.cacheRead, rates.cacheReadMicros);
  add('cache_write', usage.cacheWrite - usage.cacheWrite1h, rates.cacheWriteMicros);
  add('cache_write_1h', usage.cacheWrite1h, rates.cacheWrite1hMicros ?? rates.cacheWriteMicros);
  add('output', output, rates.outputMicros);
  for (const part of apart) add(...part);
  for (const unit of OWN) { const rate = price.unitMicros?.[unit]; if (rate !== undefined) add(unit, usage.units?.[unit] ?? 0n, rate); }
  return { costMicros: lines.reduce((sum, line) => sum + line.costMicros, 0n), lines };
}

/** `chargeFor(price, usage).costMicros` without its lines: what every call pays for. */
export function costOf(price: Price, usage: Usage): Micros {
  if (usage.units && price.unitMicros) return chargeFor(price, usage).costMicros;
  checkParts(usage);
  const rates = ratesFor(price, usage);
  let cost = 0n;
  if (usage.input !== 0n) cost += priceOf(usage.input, rates.inputMicros);
  if (usage.cacheRead !== 0n) cost += priceOf(usage.cacheRead, rates.cacheReadMicros);
  if (usage.cacheWrite !== usage.cacheWrite1h) cost += priceOf(usage.cacheWrite - usage.cacheWrite1h, rates.cacheWriteMicros);
  if (usage.cacheWrite1h !== 0n) cost += priceOf(usage.cacheWrite1h, rates.cacheWrite1hMicros ?? rates.cacheWriteMicros);
  if (usage.output !== 0n) cost += priceOf(usage.output, rates.outputMicros);
  return cost;
}

/** The rates that hold for this usage: those of long context, or the price's own. */
export function ratesFor(price: Price, usage: Usage): Rates {
  const { longContext } = price;
  return longContext && usage.input + usage.cacheRead + usage.cacheWrite > longContext.above ? longContext : price;
}

/** Units of `usage` that are no part of its tokens and that the price does not name: they were used and cost nothing. */
export function unpricedUnits(price: Price | undefined, usage: Usage): Unit[] {
  return OWN.filter((unit) => (usage.units?.[unit] ?? 0n) > 0n && price?.unitMicros?.[unit] === undefined);
}

function checkParts(usage: Usage): void {
  if (usage.cacheWrite1h > usage.cacheWrite || usage.reasoning > usage.output) throw new RangeError('a part of the usage is larger than its whole');
}

/**
 * The price of `model` at the provider on `day` (YYYY-MM-DD): of the prices already in force those with the longest match of the
 * name (an exact name beats any pattern), of these the newest day, of this day the newest version. Undefined when there is none.
 */
export function priceInForce(prices: readonly Price[], model: string, providerId: string, day: string): Price | undefined {
  let best: Price | undefined, bestLength = -1;
  for (const price of prices) {
    if (price.providerId !== providerId || price.effectiveFrom > day) continue;
    const length = matchLength(price.model, model);
    if (length < 0 || length < bestLength || (length === bestLength && best && !isNewer(price, best))) continue;
    best = price;
    bestLength = length;
  }
  return best;
}

function isNewer(price: Price, than: Price): boolean {
  return price.effectiveFrom === than.effectiveFrom ? (price.version ?? 1) > (than.version ?? 1) : price.effectiveFrom > than.effectiveFrom;
}

function matchLength(pattern: string, model: string): number {
  if (!pattern.endsWith('*')) return pattern === model ? Number.MAX_SAFE_INTEGER : -1;
  const prefix = pattern.slice(0, -1);
  return model.startsWith(prefix) ? prefix.length : -1;
}
