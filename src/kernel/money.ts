// Money is integer micro-units (1 USD = 1,000,000) in bigint; no floating point anywhere near an amount.

export type Micros = bigint;

/**
 * Price of `units` at `microsPerMillion` micro-units per million units, rounded half up.
 * Both must be non-negative; the result is exact integer arithmetic.
 */
export function priceOf(units: bigint, microsPerMillion: Micros): Micros {
  if (units < 0n || microsPerMillion < 0n) throw new RangeError('units and price must not be negative');
  return (units * microsPerMillion + 500_000n) / 1_000_000n;
}

/**
 * A decimal amount as written in configuration ("2", "0.075", 3.75) in micro-units.
 * Throws RangeError for more than six decimals, signs, exponents or anything not a number.
 */
export function toMicros(amount: string | number): Micros {
  const text = String(amount);
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) throw new RangeError(`not an amount with at most six decimals: ${text}`);
  return BigInt(match[1]!) * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** Micro-units for JSON: a number while that is exact, beyond 2^53 − 1 the decimal text. */
export function jsonMicros(micros: Micros): number | string {
  const number = Number(micros);
  return Number.isSafeInteger(number) ? number : micros.toString();
}

/** Micro-units as a plain decimal: 1500000 → "1.50"; at least two decimals, no trailing zeros beyond. */
export function formatMicros(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const absolute = micros < 0n ? -micros : micros;
  const decimals = (absolute % 1_000_000n).toString().padStart(6, '0').replace(/0{1,4}$/, '');
  return `${sign}${absolute / 1_000_000n}.${decimals}`;
}
