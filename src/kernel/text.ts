// Text from outside, made storable: PostgreSQL takes no NUL, RFC 8785 no lone surrogate.

/** `text` without NUL and lone surrogates (each becomes U+FFFD), cut to `max` UTF-16 units; null stays null. */
export function cleanText(text: string | null | undefined, max = 256): string | null {
  if (text === null || text === undefined) return null;
  return text.slice(0, max).toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** Whether `text` is one storable line: 1 to `max` UTF-16 units, no control characters, no lone surrogates, no space at either end. */
export function isPlainLine(text: string, max = 256): boolean {
  return text.length > 0 && text.length <= max && text.isWellFormed() && text === text.trim() && !/\p{Cc}/u.test(text);
}
