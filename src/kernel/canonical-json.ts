// The one encoding that is hashed: RFC 8785 (JSON Canonicalization Scheme), strict.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 text of a JSON value: keys sorted by UTF-16 code units, numbers and strings as ECMAScript prints them.
 * Throws TypeError for what has no canonical form: undefined, NaN, Infinity, bigint, Date, class instances, lone surrogates.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`no canonical JSON for ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && isPlainObject(value)) {
    const members = Object.keys(value).sort().map((key) => `${canonicalString(key)}:${canonicalJson(member(value, key))}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`no canonical JSON for a ${typeof value}`);
}

function member(object: { readonly [key: string]: Json }, key: string): Json {
  const value = object[key];
  if (value === undefined) throw new TypeError(`no canonical JSON for undefined (member "${key}")`);
  return value;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('no canonical JSON for a string with a lone surrogate');
  return JSON.stringify(text);
}

function isPlainObject(value: object): value is { readonly [key: string]: Json } {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
