// Finds in text what many would not have leave the house: cards, resident ids, phone numbers, e-mail addresses, secrets. By looking at
// places where one could begin, not by regular expressions: any text takes linear time, and it can be read in pieces.
import { cardAt, isDigit, isWord, mayBegin, phoneAt, residentIdAt } from './sensitive-numbers.js';

export const SENSITIVE_KINDS = ['card', 'resident_id', 'phone', 'email', 'secret'] as const;
export type SensitiveKind = (typeof SENSITIVE_KINDS)[number];
/** Bytes [start, end) of the text. */
export type ReportSensitive = (kind: SensitiveKind, start: number, end: number) => void;

/** How far behind a place is looked at most, and how far before it. A longer secret is taken to be none, a longer private key is found in part. */
export const LOOK_AHEAD = 16_384, LOOK_BACK = 320;
const LONGEST_TOKEN = 8_192, LONGEST_LOCAL = 64, LONGEST_DOMAIN = 255, LONGEST_LOGIN = 256;

const HYPHEN = 0x2d, DOT = 0x2e, PLUS = 0x2b, OPEN = 0x28, AT = 0x40, COLON = 0x3a, SLASH = 0x2f;
/** What a secret begins with, how many characters follow at least, and whether dots belong to it. */
interface Prefix { readonly text: string; readonly least: number; readonly dots: boolean }
const PREFIXES: readonly Prefix[] = [
  ...['sk-', 'sk_', 'pk-', 'pk_', 'rk-', 'rk_', 'hfk_', 'hft_', 'glpat-', 'github_pat_'].map((text) => ({ text, least: 20, dots: false })),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'npm_', 'hf_', 'AIza'].map((text) => ({ text, least: 30, dots: false })),
  ...['AKIA', 'ASIA', 'LTAI'].map((text) => ({ text, least: 12, dots: false })),
  ...['xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-'].map((text) => ({ text, least: 10, dots: false })),
  { text: 'SG.', least: 30, dots: true }, { text: 'ya29.', least: 20, dots: true }, { text: 'eyJ', least: 28, dots: true },
];
const BY_FIRST: ReadonlyMap<number, readonly Prefix[]> = new Map([...new Set(PREFIXES.map(({ text }) => text.charCodeAt(0)))].map((code) => [code, PREFIXES.filter(({ text }) => text.charCodeAt(0) === code)]));

const PLACE = { nothing: 0, digit: 1, number: 2, at: 3, hyphen: 4, colon: 5, prefix: 6, bearer: 7 } as const;
const PLACES = new Uint8Array(256);
for (let code = 0x30; code <= 0x39; code++) PLACES[code] = PLACE.digit;
for (const code of [PLUS, OPEN]) PLACES[code] = PLACE.number;
PLACES[AT] = PLACE.at; PLACES[HYPHEN] = PLACE.hyphen; PLACES[COLON] = PLACE.colon;
for (const code of BY_FIRST.keys()) PLACES[code] = PLACE.prefix;
for (const letter of 'bB') PLACES[letter.charCodeAt(0)] = PLACE.bearer;

/** Reads one text, in one go or in pieces. Bytes outside ASCII count as letters of no word. */
export class SensitiveScan {
  /** End of what was found last, in the text as it is handed over. */
  private floor = 0;
  /** End of a run of characters that was looked through for a secret; nothing in it is looked through again. */
  private tried = 0;
  private readonly wanted: ReadonlySet<SensitiveKind>;
  constructor(kinds: Iterable<SensitiveKind>, private readonly report: ReportSensitive, private readonly leastGroup = 3) { this.wanted = new Set(kinds); }

  /** To be called before another text. */
  restart(): void { this.floor = 0; this.tried = 0; }
  /** The text moved down by so many bytes. */
  moved(by: number): void { this.floor = Math.max(0, this.floor - by); this.tried = Math.max(0, this.tried - by); }

  /** Looks at the places [from, until) of a text that is in [0, to); answers where to go on, `until` or further. What begins before `until` may end behind it. */
  read(text: Uint8Array, from: number, until: number, to: number): number {
    let i = from;
    for (;;) {
      while (i < until && PLACES[text[i]!] === PLACE.nothing) i += 1;
      if (i >= until) return i;
      i = this.at(text, i, to);
    }
  }

  private at(text: Uint8Array, i: number, to: number): number {
    switch (PLACES[text[i]!]) {
      case PLACE.digit: case PLACE.number: return this.numberAt(text, i, to);
      case PLACE.at: return this.wanted.has('email') ? this.emailAt(text, i, to) : i + 1;
      case PLACE.hyphen: return this.wanted.has('secret') ? this.privateKeyAt(text, i, to) : i + 1;
      case PLACE.colon: return this.wanted.has('secret') ? this.loginAt(text, i, to) : i + 1;
      default: return this.wanted.has('secret') && !(i > 0 && isWord(text[i - 1])) ? this.secretAt(text, i, to) : i + 1;
    }
  }

  private found(kind: SensitiveKind, start: number, end: number): number { this.floor = end; this.report(kind, start, end); return end; }

  private numberAt(text: Uint8Array, i: number, to: number): number {
    if (mayBegin(text, i)) {
      const digit = isDigit(text[i]);
      const id = digit && this.wanted.has('resident_id') ? residentIdAt(text, i, to) : 0;
      if (id) return this.found('resident_id', i, id);
      const card = digit && this.wanted.has('card') ? cardAt(text, i, to, this.leastGroup) : 0;
      if (card) return this.found('card', i, card);
      const phone = this.wanted.has('phone') ? phoneAt(text, i, to) : 0;
      if (phone) return this.found('phone', i, phone);
    }
    if (!isDigit(text[i])) return i + 1;
    // Within a run of digits nothing begins.
    while (i < to && isDigit(text[i])) i += 1;
    return i;
  }

  private emailAt(text: Uint8Array, at: number, to: number): number {
    let start = at;
    while (start > this.floor && at - start < LONGEST_LOCAL && isLocal(text[start - 1]!)) start -= 1;
    while (start < at && (text[start] === DOT || text[start] === HYPHEN)) start += 1;
    if (start === at || text[at - 1] === DOT) return at + 1;
    let end = at + 1, label = end, labels = 0, letters = true, found = 0;
    for (; end < to && end - at <= LONGEST_DOMAIN; end++) {
      const byte = text[end]!;
      if (byte === DOT) { if (end === label) break; labels += 1; label = end + 1; letters = true; continue; }
      if ((!isWord(byte) && byte !== HYPHEN) || byte === 0x5f) break;
      letters &&= byte > 0x39;
      if (labels > 0 && letters && end - label >= 1) found = end + 1;
    }
    // The last label is letters alone, or an encoded one (xn--…): "sdk@1.0.2" is no address, "git@github.com:…" names a repository.
    if (found && (isWord(found < to ? text[found] : undefined) || text[found] === HYPHEN)) found = startsWith(text, label, to, 'xn--') ? end : 0;
    if (!found || (at - start === 3 && startsWith(text, start, to, 'git') && text[found] === COLON)) return at + 1;
    return this.found('email', start, found);
  }

  private secretAt(text: Uint8Array, i: number, to: number): number {
    if (PLACES[text[i]!] === PLACE.bearer) return this.bearerAt(text, i, to);
    if (i < this.tried) return i + 1;
    for (const { text: prefix, least, dots } of BY_FIRST.get(text[i]!)!) {
      if (!startsWith(text, i, to, prefix)) continue;
      const begin = i + prefix.length;
      let end = begin, figures = 0, letters = 0, dotted = 0;
      for (; end < to && end - begin < LONGEST_TOKEN; end++) {
        const byte = text[end]!;
        if (isDigit(byte)) figures += 1; else if (isWord(byte)) letters += 1; else if (byte === DOT && dots) dotted += 1; else if (byte !== HYPHEN) break;
      }
      while (end > begin && text[end - 1] === DOT) end -= 1;
      const whole = end - begin >= least && end - begin < LONGEST_TOKEN && figures > 0 && (letters > 0 || prefix.length > 3) && (prefix !== 'eyJ' || dotted >= 2);
      if (whole) return this.found('secret', i, end);
      this.tried = end;
      return i + 1;
    }
    return i + 1;
  }

  private bearerAt(text: Uint8Array, i: number, to: number): number {
    if (i + 7 > to || (text[i + 1]! | 0x20) !== 0x65 || (text[i + 2]! | 0x20) !== 0x61 || (text[i + 3]! | 0x20) !== 0x72 || (text[i + 4]! | 0x20) !== 0x65 || (text[i + 5]! | 0x20) !== 0x72 || text[i + 6] !== 0x20) return i + 1;
    let end = i + 7, figures = 0;
    for (; end < to && end - i < LONGEST_TOKEN; end++) {
      const byte = text[end]!;
      if (isDigit(byte)) figures += 1; else if (!isWord(byte) && byte !== HYPHEN && byte !== DOT && byte !== PLUS && byte !== SLASH && byte !== 0x7e && byte !== 0x3d) break;
    }
    while (text[end - 1] === DOT) end -= 1;
    return figures > 0 && end - i - 7 >= 16 ? this.found('secret', i + 7, end) : i + 7;
  }

  /** A PEM private key, with its head and foot. */
  private privateKeyAt(text: Uint8Array, i: number, to: number): number {
    if (!startsWith(text, i, to, '-----BEGIN ')) return i + 1;
    let head = i + 11;
    while (head < to && head - i < 60 && text[head] !== HYPHEN) head += 1;
    if (!startsWith(text, head, to, '-----') || !startsWith(text, head - 11, to, 'PRIVATE KEY')) return head;
    const most = Math.min(to, i + LOOK_AHEAD - 64);
    for (let end = head + 5; end < most; end++) {
      if (text[end] !== HYPHEN || !startsWith(text, end, to, '-----END ')) continue;
      for (end += 9; end < to && text[end] !== HYPHEN && text[end] !== 0x0a;) end += 1;
      while (end < to && text[end] === HYPHEN) end += 1;
      return this.found('secret', i, end);
    }
    return this.found('secret', i, most);
  }

  /** The user and password of scheme://user:password@host. */
  private loginAt(text: Uint8Array, i: number, to: number): number {
    if (text[i + 1] !== SLASH || text[i + 2] !== SLASH || i === 0 || !isWord(text[i - 1])) return i + 1;
    let parted = 0;
    for (let end = i + 3; end < to && end - i < LONGEST_LOGIN; end++) {
      const byte = text[end]!;
      if (byte === COLON && parted === 0) parted = end;
      else if (byte === AT) return parted > 0 && end > parted + 1 ? this.found('secret', i + 3, end) : i + 3;
      else if (byte <= 0x20 || byte === SLASH || byte === 0x22 || byte === 0x3c || byte === 0x3e || byte === COLON) break;
    }
    return i + 3;
  }
}

function startsWith(text: Uint8Array, at: number, to: number, prefix: string): boolean {
  if (at < 0 || at + prefix.length > to) return false;
  for (let i = 0; i < prefix.length; i++) if (text[at + i] !== prefix.charCodeAt(i)) return false;
  return true;
}

/** What the part of an address before the @ is made of in practice (RFC 5322 allows more). */
function isLocal(byte: number): boolean { return isWord(byte) || byte === DOT || byte === HYPHEN || byte === PLUS || byte === 0x25 || byte === 0x27; }
