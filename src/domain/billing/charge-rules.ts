// What a call costs: pure, so that a charge can be derived again, line by line, from the record and the price it names.
import { priceOf, type Micros } from '../../kernel/money.js';

/** Tokens. `input` excludes both cache buckets; `cacheWrite` includes its part `cacheWrite1h`; `output` includes its part `reasoning`. */
export interface Usage {
  readonly input: bigint; readonly cacheRead: bigint; readonly cacheWrite: bigint; readonly cacheWrite1h: bigint;
  readonly output: bigint; readonly reasoning: bigint;
}

/** Nothing used. */
export const NO_USAGE: Usage = Object.freeze({ input: 0n, cacheRead: 0n, cacheWrite: 0n, cacheWrite1h: 0n, output: 0n, reasoning: 0n });

/** A dated price of a model at a provider. Amounts are micro-units of the currency per million tokens. */
export interface Price {
  readonly priceId: string;
  /** A model name; a trailing * matches any ending. */
  readonly model: string;
  readonly providerId: string;
  readonly currency: string;
  /** First day it is in force, YYYY-MM-DD. */
  readonly effectiveFrom: string;
  readonly inputMicros: Micros; readonly cacheReadMicros: Micros; readonly cacheWriteMicros: Micros;
  /** Cache writes that live an hour; null: they cost what the others do. */
  readonly cacheWrite1hMicros: Micros | null;
  readonly outputMicros: Micros;
}

export type ChargeBucket = 'input' | 'cache_read' | 'cache_write' | 'cache_write_1h' | 'output';
export interface ChargeLine { readonly bucket: ChargeBucket; readonly units: bigint; readonly microsPerMillion: Micros; readonly costMicros: Micros }
export interface Charge { readonly costMicros: Micros; readonly lines: readonly ChargeLine[] }

/**
 * The charge of `usage` at `price`: one line for each bucket with tokens in it, each rounded half up by itself; the total is
 * their sum. Reasoning is paid as the output it is part of. Throws RangeError when a part is larger than its whole.
 */
export function chargeFor(price: Price, usage: Usage): Charge {
  const shortWrites = usage.cacheWrite - usage.cacheWrite1h;
  if (shortWrites < 0n || usage.reasoning > usage.output) throw new RangeError('a part of the usage is larger than its whole');
  const lines = ([
    ['input', usage.input, price.inputMicros],
    ['cache_read', usage.cacheRead, price.cacheReadMicros],
    ['cache_write', shortWrites, price.cacheWriteMicros],
    ['cache_write_1h', usage.cacheWrite1h, price.cacheWrite1hMicros ?? price.cacheWriteMicros],
    ['output', usage.output, price.outputMicros],
  ] as const).filter(([, units]) => units !== 0n).map(([bucket, units, microsPerMillion]) => ({ bucket, units, microsPerMillion, costMicros: priceOf(units, microsPerMillion) }));
  return { costMicros: lines.reduce((sum, line) => sum + line.costMicros, 0n), lines };
}

/**
 * The price of `model` at the provider on `day` (YYYY-MM-DD): of the prices already in force those with the longest match of the
 * name (an exact name beats any pattern), of these the newest. Undefined when there is none; the call then costs nothing and says so.
 */
export function priceInForce(prices: readonly Price[], model: string, providerId: string, day: string): Price | undefined {
  let best: Price | undefined, bestLength = -1;
  for (const price of prices) {
    if (price.providerId !== providerId || price.effectiveFrom > day) continue;
    const length = matchLength(price.model, model);
    if (length < 0 || length < bestLength || (length === bestLength && best && price.effectiveFrom <= best.effectiveFrom)) continue;
    best = price;
    bestLength = length;
  }
  return best;
}

function matchLength(pattern: string, model: string): number {
  if (!pattern.endsWith('*')) return pattern === model ? Number.MAX_SAFE_INTEGER : -1;
  const prefix = pattern.slice(0, -1);
  return model.startsWith(prefix) ? prefix.length : -1;
}
