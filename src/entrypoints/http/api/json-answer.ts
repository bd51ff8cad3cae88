// Domain values as the API says them: snake_case, instants as RFC 3339, bigint as number, bytes as hex. An amount of money that a
// JSON number cannot hold exactly is decimal text.

import { jsonMicros } from '../../../kernel/money.js';
import { isRefusal, type Refusal } from '../../../kernel/result.js';

type SnakeCase<S extends string> = S extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Rest>}` : S;

/** The JSON shape of a domain value. */
export type JsonAnswer<T> = T extends Date ? string : T extends bigint ? number : T extends Uint8Array ? string : T extends undefined ? null
  : T extends readonly (infer Item)[] ? JsonAnswer<Item>[]
    : T extends object ? { [K in keyof T & string as SnakeCase<K>]: K extends `${string}Micros` ? Amount<T[K]> : JsonAnswer<T[K]> } : T;
/** Money: the one kind of integer that may be larger than a JSON number holds. */
type Amount<T> = T extends bigint ? number | string : JsonAnswer<T>;

/**
 * Converts deeply. Do not give it free-form JSON (a certificate's body, a plan): its keys are facts and stay as they are.
 * Throws RangeError for an integer that a JSON number cannot hold exactly and that is no amount of money (`…Micros`).
 */
export function jsonAnswer<T>(value: T): JsonAnswer<T> { return convert(value) as JsonAnswer<T>; }

/** A use case's answer as the API says it, or its refusal as it is. */
export function answerOf<T>(result: T | Refusal): JsonAnswer<T> | Refusal {
  return isRefusal(result) ? result : jsonAnswer(result as T);
}

function convert(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') {
    if (!Number.isSafeInteger(Number(value))) throw new RangeError(`${value} does not fit a JSON number`);
    return Number(value);
  }
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map((item: unknown) => convert(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), typeof item === 'bigint' && name.endsWith('Micros') ? jsonMicros(item) : convert(item)]));
}
