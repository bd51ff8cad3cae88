// Text from outside, made storable: PostgreSQL takes no NUL, RFC 8785 no lone surrogate.

/** `text` without NUL and lone surrogates (each becomes U+FFFD), cut to `max` UTF-16 units; null stays null. */
export function cleanText(text: string | null | undefined, max = 256): string | null {
  if (text === null || text === undefined) return null;
  return text.slice(0, max).toWellFormed().replaceAll('\u0000', '\uFFFD');
}
