// Numbers that name a person or a payment, found in bytes of ASCII text: payment cards, Chinese resident ids, phone numbers. Each function
// looks at one place and at most some forty bytes behind it, so that a text of any making is read in linear time.

const ZERO = 0x30, NINE = 0x39, SPACE = 0x20, HYPHEN = 0x2d, DOT = 0x2e, PLUS = 0x2b, OPEN = 0x28, CLOSE = 0x29, AT = 0x40, UNDERSCORE = 0x5f;

export function isDigit(byte: number | undefined): boolean { return byte !== undefined && byte >= ZERO && byte <= NINE; }
/** ASCII letters, digits and the underscore. */
export function isWord(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= ZERO && byte <= NINE) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === UNDERSCORE);
}

/** Whether digits (each 0 to 9) pass the check of ISO/IEC 7812-1, as payment card numbers do. */
export function passesLuhn(digits: ArrayLike<number>, length = digits.length): boolean {
  let sum = 0;
  for (let index = 0; index < length; index++) {
    const digit = digits[length - 1 - index]! * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Whether a number may begin at `at`: no part of a longer word, of a decimal or of a number in groups before it. */
export function mayBegin(text: Uint8Array, at: number): boolean {
  const before = at > 0 ? text[at - 1] : undefined;
  if (isWord(before) || before === DOT || before === PLUS) return false;
  return !(before === HYPHEN && at > 1 && isDigit(text[at - 2]));
}
function mayEnd(text: Uint8Array, at: number, to: number): boolean {
  if (at >= to) return true;
  const next = text[at];
  if (isWord(next) || next === AT) return false;
  return !((next === DOT || next === HYPHEN) && at + 1 < to && isDigit(text[at + 1]));
}

/** Issuers' first digits and the lengths of their numbers (ISO/IEC 7812, as the schemes publish them). */
function isIssued(digits: Uint8Array, length: number): boolean {
  const two = digits[0]! * 10 + digits[1]!, three = two * 10 + digits[2]!, four = three * 10 + digits[3]!;
  if (digits[0] === 4) return length === 13 || length === 16 || length === 19;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16;
  if (four >= 2200 && four <= 2204) return length >= 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305)) return length >= 14;
  if (four >= 3528 && four <= 3589) return length >= 16;
  if (four === 6011 || two === 65 || (three >= 644 && three <= 649) || two === 62) return length >= 16;
  return two === 50 || (two >= 56 && two <= 69);
}

const MOST_CARD = 19, LEAST_CARD = 13;
const digits = new Uint8Array(MOST_CARD + 1), ends = new Int32Array(MOST_CARD + 1);

/**
 * End of a payment card number that begins at `at` (where `mayBegin` holds), or 0: 13 to 19 digits of an issuer with a fitting check digit,
 * whole or in groups of `leastGroup` digits and more (the last may be shorter) with one space or hyphen between.
 */
export function cardAt(text: Uint8Array, at: number, to: number, leastGroup = 3): number {
  const first = text[at]!;
  if (first < 0x32 || first > 0x36) return 0;
  let count = 0, group = 0, i = at;
  for (; i < to && count < MOST_CARD; i++) {
    const byte = text[i]!;
    if (byte >= ZERO && byte <= NINE) { digits[count] = byte - ZERO; count += 1; group += 1; ends[count] = i + 1; continue; }
    if ((byte !== SPACE && byte !== HYPHEN) || group < leastGroup || !(i + 1 < to && isDigit(text[i + 1]))) break;
    group = 0;
  }
  for (let length = count; length >= LEAST_CARD; length--) {
    const end = ends[length]!;
    if (mayEnd(text, end, to) && isIssued(digits, length) && passesLuhn(digits, length)) return end;
  }
  return 0;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], CHECK = '10X98765432';

/** End of a resident id of China (GB 11643-1999: region, day of birth, serial, check character of ISO 7064 MOD 11-2) at `at`, or 0. May be in groups of 6, 8 and 4. */
export function residentIdAt(text: Uint8Array, at: number, to: number): number {
  const first = text[at]!;
  if (first < 0x31 || first > 0x38) return 0;
  let count = 0, sum = 0, i = at, year = 0, month = 0, day = 0;
  for (; i < to && count < 17; i++) {
    const byte = text[i]!;
    if (byte < ZERO || byte > NINE) {
      if ((byte === SPACE || byte === HYPHEN) && (count === 6 || count === 14) && i > at && isDigit(text[i - 1])) continue;
      return 0;
    }
    const digit = byte - ZERO;
    if (count >= 6 && count < 10) year = year * 10 + digit; else if (count === 10 || count === 11) month = month * 10 + digit; else if (count === 12 || count === 13) day = day * 10 + digit;
    sum += digit * WEIGHTS[count]!;
    count += 1;
  }
  if (count < 17 || i >= to || year < 1850 || year > 2099 || month < 1 || month > 12 || day < 1 || day > 31) return 0;
  const given = String.fromCharCode(text[i]!).toUpperCase();
  return given === CHECK[sum % 11] && mayEnd(text, i + 1, to) ? i + 1 : 0;
}

/** End of a phone number at `at`, or 0: international with +, Chinese mobile and landline, North American with separators. */
export function phoneAt(text: Uint8Array, at: number, to: number): number {
  const first = text[at]!;
  if (first === PLUS) return internationalAt(text, at, to);
  if (first === OPEN) return northAmericanAt(text, at, to);
  let local = at;
  if (text[at] === ZERO && text[at + 1] === ZERO && at + 2 < to) local = at + 2;
  if (text[local] === 0x38 && text[local + 1] === 0x36 && local + 2 < to) local += 2; else local = at;
  if (local > at && (text[local] === SPACE || text[local] === HYPHEN)) local += 1;
  const mobile = chineseMobileAt(text, local, to) || (local > at ? chineseMobileAt(text, at, to) : 0);
  return mobile || (first === ZERO ? chineseLandlineAt(text, at, to) : northAmericanAt(text, at, to));
}

/** As ITU-T E.164 has it: 8 to 15 digits, 10 and more when nothing separates them, since a sum or a line of a patch may begin with +. */
function internationalAt(text: Uint8Array, at: number, to: number): number {
  let count = 0, separators = 0, run = 0, end = 0;
  if (!(at + 1 < to && text[at + 1]! > ZERO && text[at + 1]! <= NINE)) return 0;
  for (let i = at + 1; i < to && count <= 15; i++) {
    const byte = text[i]!;
    if (byte >= ZERO && byte <= NINE) {
      count += 1; run = 0;
      if (count <= 15 && count >= (separators > 0 ? 8 : 10) && !isDigit(i + 1 < to ? text[i + 1] : undefined) && mayEnd(text, i + 1, to)) end = i + 1;
      if (end > 0 && ((count === 11 && text[at + 1] === 0x31) || (count === 13 && text[at + 1] === 0x38 && text[at + 2] === 0x36))) break;
      continue;
    }
    if (byte !== SPACE && byte !== HYPHEN && byte !== DOT && byte !== OPEN && byte !== CLOSE) break;
    run += 1; separators += 1;
    if (run > 2) break;
  }
  return end;
}

function chineseMobileAt(text: Uint8Array, at: number, to: number): number {
  if (text[at] !== 0x31 || !(text[at + 1]! >= 0x33 && text[at + 1]! <= NINE)) return 0;
  let count = 0, i = at;
  for (; i < to && count < 11; i++) {
    const byte = text[i]!;
    if (byte >= ZERO && byte <= NINE) { count += 1; continue; }
    if ((byte !== SPACE && byte !== HYPHEN) || (count !== 3 && count !== 7) || !isDigit(text[i - 1])) return 0;
  }
  return count === 11 && mayEnd(text, i, to) ? i : 0;
}

/** 0, an area of two or three digits, a hyphen, seven or eight digits. */
function chineseLandlineAt(text: Uint8Array, at: number, to: number): number {
  let i = at + 1;
  while (i < to && isDigit(text[i]) && i < at + 5) i += 1;
  const area = i - at;
  if (area < 3 || area > 4 || text[i] !== HYPHEN || i >= to) return 0;
  const begin = i += 1;
  while (i < to && isDigit(text[i]) && i < begin + 9) i += 1;
  return i - begin >= 7 && i - begin <= 8 && mayEnd(text, i, to) ? i : 0;
}

/** 415-555-2671, 1-415-555-2671, 415.555.2671, (415) 555-2671. */
function northAmericanAt(text: Uint8Array, at: number, to: number): number {
  let i = at;
  if (text[i] === 0x31 && (text[i + 1] === HYPHEN || text[i + 1] === DOT)) i += 2;
  const bracket = text[i] === OPEN;
  if (bracket) i += 1;
  const between = (): boolean => text[i] === HYPHEN || text[i] === DOT;
  const group = (length: number, least: number): boolean => {
    if (i + length > to || !(text[i]! >= least && text[i]! <= NINE)) return false;
    for (let end = i + length; i < end; i++) if (!isDigit(text[i])) return false;
    return true;
  };
  if (!group(3, 0x32)) return 0;
  if (bracket) { if (text[i] !== CLOSE) return 0; i += 1; if (text[i] === SPACE) i += 1; } else { if (!between()) return 0; i += 1; }
  if (!group(3, 0x32) || !between()) return 0;
  i += 1;
  return group(4, ZERO) && mayEnd(text, i, to) ? i : 0;
}
