// Finds sensitive text in the bytes of a JSON body: in every string at any depth, names of members too, and in numbers below the top
// level. It decodes as it goes, a window at a time, and knows for every find which bytes of the body it stands in.
import { LOOK_AHEAD, LOOK_BACK, SensitiveScan, SENSITIVE_KINDS, type SensitiveKind } from '../../kernel/find-sensitive.js';

/** How many bytes are read between two pauses, and how many of a string are decoded at a time. */
const PIECE = 65_536;
const DEEPEST_NAMED = 64, LEAST_OPAQUE = 256, LEAST_LINE = 60, MOST_REMEMBERED = 10_000, BLOCK = 4_096;
const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, COMMA = 0x2c, OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d, MINUS = 0x2d;
/** Stands for any character outside ASCII: part of no number, word or address. */
const OTHER = 0xff;

/** All finds in order, in blocks, so that a body full of them is not copied again and again. */
export class Finds {
  length = 0;
  private readonly blocks: Uint32Array[] = [];
  /** Where the first find of a kind stands: "messages[0].content". Names that are no plain words are shown as (a name). */
  readonly places = new Map<SensitiveKind, string>();
  readonly counts = new Map<SensitiveKind, number>();
  private readonly known = new Map<string, number>();
  private readonly given = new Map<SensitiveKind, number>();

  kindOf(n: number): SensitiveKind { return SENSITIVE_KINDS[this.field(n, 0) & 0xff]!; }
  /** Whether it is a number of JSON, without quotes. */
  isBare(n: number): boolean { return this.field(n, 0) > 0xff; }
  startOf(n: number): number { return this.field(n, 1); }
  endOf(n: number): number { return this.field(n, 2); }
  /** Which of its kind the value is; the same value has the same number. */
  numberOf(n: number): number { return this.field(n, 3); }
  private field(n: number, which: number): number { return this.blocks[Math.floor(n / BLOCK)]![(n % BLOCK) * 4 + which]!; }

  add(kind: SensitiveKind, start: number, end: number, value: string, bare = false): void {
    if (this.length % BLOCK === 0) this.blocks.push(new Uint32Array(BLOCK * 4));
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const key = `${kind} ${kind === 'email' || kind === 'secret' ? value : value.replace(/[ ().-]/g, '')}`;
    let number = this.known.get(key);
    if (number === undefined) {
      this.given.set(kind, number = (this.given.get(kind) ?? 0) + 1);
      if (this.known.size < MOST_REMEMBERED) this.known.set(key, number);
    }
    this.blocks.at(-1)!.set([SENSITIVE_KINDS.indexOf(kind) + (bare ? 0x100 : 0), start, end, number], (this.length % BLOCK) * 4);
    this.length += 1;
  }
}

interface Frame { isList: boolean; index: number; nameStart: number; nameEnd: number }

/** Reads a body that JSON.parse has accepted; answers what it found. Yields between pieces, so that others get their turn. */
export function* findInJson(body: Uint8Array, kinds: readonly SensitiveKind[]): Generator<void, Finds> {
  const finds = new Finds(), text = new TextReader(body, kinds, finds), frames: Frame[] = [];
  let depth = 0, i = 0, spent = 0, isValue = false;
  while (i < body.length) {
    if (spent > PIECE) { spent = 0; yield; }
    const byte = body[i]!, frame = frames[depth];
    spent += 1;
    if (byte === QUOTE) {
      const seen = finds.length, start = i;
      text.open(i + 1, isValue && depth === 5 && isThought(body, frames));
      while (!text.piece()) { spent = 0; yield; }
      i = text.at;
      spent += i - start;
      while (i < body.length && body[i]! <= 0x20) i += 1;
      const isName = body[i] === COLON;
      if (isName && frame) { frame.nameStart = start; frame.nameEnd = text.at; }
      if (finds.length > seen) notePlaces(finds, seen, body, frames, depth);
      isValue = isName;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      isValue = false;
      if (depth <= DEEPEST_NAMED) { const given = frames[depth] ??= { isList: false, index: 0, nameStart: 0, nameEnd: 0 }; given.isList = byte === OPEN_BRACKET; given.index = 0; given.nameEnd = 0; }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    else if (byte === COMMA) { isValue = false; if (frame) frame.index += 1; } else if (byte === MINUS || (byte >= 0x30 && byte <= 0x39)) {
      let end = i + 1;
      while (end < body.length && isNumeral(body[end]!)) end += 1;
      // At the top level numbers are settings: limits, seeds.
      const seen = finds.length;
      if (depth > 1 && byte !== MINUS && end - i >= 11 && end - i <= 19) text.number(i, end);
      if (finds.length > seen) notePlaces(finds, seen, body, frames, depth);
      spent += end - i;
      i = end;
      continue;
    }
    i += 1;
  }
  return finds;
}

function isNumeral(byte: number): boolean { return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2b || byte === MINUS || (byte | 0x20) === 0x65; }

/** Thoughts of a model are signed by its provider and come back as they were: a changed one is refused, and the provider knows them. */
function isThought(body: Uint8Array, frames: readonly Frame[]): boolean {
  const nameOf = (depth: number): string => { const { nameStart, nameEnd } = frames[depth]!; return nameEnd - nameStart > 12 ? '' : Buffer.from(body.subarray(nameStart, nameEnd)).toString('latin1'); };
  return !frames[5]!.isList && nameOf(5) === '"thinking"' && nameOf(1) === '"messages"';
}

function notePlaces(finds: Finds, from: number, body: Uint8Array, frames: readonly Frame[], depth: number): void {
  for (let n = from; n < finds.length; n++) {
    const kind = finds.kindOf(n);
    if (finds.places.has(kind)) continue;
    let place = '';
    for (let d = 1; d <= Math.min(depth, DEEPEST_NAMED); d++) {
      const { isList, index, nameStart, nameEnd } = frames[d]!;
      if (isList) { place += `[${index}]`; continue; }
      const name = Buffer.from(body.subarray(nameStart + 1, Math.min(nameEnd - 1, nameStart + 61))).toString('latin1');
      place += `${d > 1 ? '.' : ''}${/^[A-Za-z_$][\w$-]{0,50}$/.test(name) ? name : '(a name)'}`;
    }
    finds.places.set(kind, place);
    if (finds.places.size === finds.counts.size) return;
  }
}

/** Decodes one string after the other into a window and looks through it. */
class TextReader {
  private readonly window: Uint8Array; private readonly starts: Uint32Array; private readonly ends: Uint32Array;
  private readonly scan: SensitiveScan; private readonly numberScan: SensitiveScan;
  private length = 0;
  private from = 0;
  private passed = false;
  /** Next byte of the body; behind the closing quote once a string is over. */
  at = 0;
  constructor(private readonly body: Uint8Array, kinds: readonly SensitiveKind[], finds: Finds) {
    const size = Math.min(body.length, PIECE) + 8;
    this.window = new Uint8Array(size); this.starts = new Uint32Array(size); this.ends = new Uint32Array(size);
    const { window, starts, ends } = this;
    this.scan = new SensitiveScan(kinds, (kind, start, end) => { finds.add(kind, starts[start]!, ends[end - 1]!, Buffer.from(window.buffer, window.byteOffset + start, end - start).toString('latin1')); });
    this.numberScan = new SensitiveScan(kinds, (kind, start, end) => {
      // A number is replaced as a whole or not at all.
      if (start !== this.numberStart || end !== this.numberEnd) return;
      finds.add(kind, start, end, Buffer.from(body.buffer, body.byteOffset + start, end - start).toString('latin1'), true);
    });
  }
  private numberStart = 0;
  private numberEnd = 0;

  number(start: number, end: number): void {
    this.numberStart = start; this.numberEnd = end;
    this.numberScan.restart();
    this.numberScan.read(this.body, start, start + 1, end);
  }

  open(at: number, pass: boolean): void { this.at = at; this.length = 0; this.from = 0; this.passed = pass; this.scan.restart(); }

  /** Reads on; true when the string is over. */
  piece(): boolean {
    const { window } = this, closed = this.fill(), until = closed ? this.length : this.length - LOOK_AHEAD;
    if (this.passed || isOpaque(window, this.from, this.length)) this.from = Math.max(this.from, until);
    else this.from = this.scan.read(window, this.from, until, this.length);
    if (closed) return true;
    const drop = Math.max(0, Math.min(this.from, this.length) - LOOK_BACK);
    window.copyWithin(0, drop, this.length); this.starts.copyWithin(0, drop, this.length); this.ends.copyWithin(0, drop, this.length);
    this.length -= drop; this.from -= drop;
    this.scan.moved(drop);
    return false;
  }

  /** Decodes until the closing quote (true) or until the window is full. */
  private fill(): boolean {
    const { body, window, starts, ends } = this, room = window.length - 1;
    let i = this.at, length = this.length;
    while (length < room) {
      const byte = body[i];
      if (byte === undefined || byte === QUOTE) { this.at = i + 1; this.length = length; return true; }
      let code: number = byte, end = i + 1;
      if (byte === BACKSLASH) {
        const escaped = body[i + 1]!;
        if (escaped === 0x75) { code = hex(body, i + 2); end = i + 6; } else { code = escaped === 0x6e || escaped === 0x72 || escaped === 0x74 || escaped === 0x62 || escaped === 0x66 ? 0x0a : escaped; end = i + 2; }
      } else if (byte >= 0x80) {
        const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
        end = i + 1;
        while (end < i + size && (body[end]! & 0xc0) === 0x80) end += 1;
        code = end - i !== size || size === 1 || size === 4 ? 0xfffd : size === 2 ? ((byte & 0x1f) << 6) | (body[i + 1]! & 0x3f) : ((byte & 0x0f) << 12) | ((body[i + 1]! & 0x3f) << 6) | (body[i + 2]! & 0x3f);
      }
      if (code >= 0x80) code = plain(code);
      if (code >= 0) { window[length] = code; starts[length] = i; ends[length] = end; length += 1; }
      i = end;
    }
    this.at = i; this.length = length;
    return false;
  }
}

/** As it would be typed on a plain keyboard: full-width forms, hyphens and spaces of all kinds. -1 for what has no width. */
function plain(code: number): number {
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212) return MINUS;
  if (code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f) return 0x20;
  return (code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0xfeff || code === 0xad ? -1 : OTHER;
}

function hex(body: Uint8Array, at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) { const byte = body[i]!; code = code * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57); }
  return code;
}

/** Data rather than text: base64 of some length, whole or in lines, after "data:…," too. Numbers in it mean nothing. */
function isOpaque(text: Uint8Array, from: number, to: number): boolean {
  let i = from;
  if (from === 0 && to > 5 && text[0] === 0x64 && text[1] === 0x61 && text[2] === 0x74 && text[3] === 0x61 && text[4] === COLON) { while (i < to && i < 200 && text[i] !== COMMA) i += 1; i += 1; }
  if (to - i < LEAST_OPAQUE) return false;
  let letters = 0, line = i;
  for (const begin = i; i < to; i++) {
    const byte = text[i]!;
    if ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a)) { letters += 1; continue; }
    if (byte === 0x0a) { if (i > line && i - line < LEAST_LINE) return false; line = i + 1; continue; }
    if (!((byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f || byte === 0x3d || byte === MINUS || byte === 0x5f)) return false;
    if (i - begin === LEAST_OPAQUE && letters * 2 < LEAST_OPAQUE) return false;
  }
  return letters * 2 >= to - from;
}
