// The values of a PDF object, read from bytes. Only what our own documents contain: no encryption, no object streams, no incremental updates.

export class PdfName { constructor(readonly name: string) {} }
export class PdfRef { constructor(readonly id: number) {} }
export type PdfDict = ReadonlyMap<string, PdfValue>;
export type PdfValue = null | boolean | number | PdfName | PdfRef | Buffer | readonly PdfValue[] | PdfDict;

/** Bytes that end a word, and those of them that are white space. */
const DELIMITERS = tableOf('\0\t\n\f\r ()<>[]/%'), SPACES = tableOf('\0\t\n\f\r ');
const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, b: 8, f: 12 };
const DEEPEST = 64;

/** Reads one value at a time from `bytes`. Throws RangeError at what is no value. */
export class PdfScanner {
  constructor(private readonly bytes: Buffer, public at: number) {}

  /** Whether the text stands here; if so, moves behind it. */
  take(text: string): boolean {
    for (let i = 0; i < text.length; i += 1) if (this.bytes[this.at + i] !== text.charCodeAt(i)) return false;
    this.at += text.length;
    return true;
  }

  value(depth = 0): PdfValue {
    if (depth > DEEPEST) throw new RangeError('values are nested too deeply');
    this.space();
    if (this.take('<<')) return this.dict(depth);
    if (this.take('<')) return this.hexString();
    if (this.take('(')) return this.literalString();
    if (this.take('[')) return this.array(depth);
    if (this.take('/')) return new PdfName(this.word());
    const word = this.word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(word)) throw new RangeError(`no value at byte ${this.at}`);
    const reference = this.bytes[this.at] === 0x20 ? /^ (\d+) R(?![A-Za-z0-9])/.exec(this.bytes.toString('latin1', this.at, this.at + 16)) : null;
    if (reference && /^\d+$/.test(word)) { this.at += reference[0].length; return new PdfRef(Number(word)); }
    return Number(word);
  }

  private space(): void { while (this.at < this.bytes.length && SPACES[this.bytes[this.at]!]) this.at += 1; }

  private word(): string {
    const start = this.at;
    while (this.at < this.bytes.length && !DELIMITERS[this.bytes[this.at]!]) this.at += 1;
    return this.bytes.toString('latin1', start, this.at);
  }

  private dict(depth: number): PdfDict {
    const members = new Map<string, PdfValue>();
    for (;;) {
      this.space();
      if (this.take('>>')) return members;
      const key = this.value(depth + 1);
      if (!(key instanceof PdfName) || members.has(key.name)) throw new RangeError(`a dictionary has no unique key at byte ${this.at}`);
      members.set(key.name, this.value(depth + 1));
    }
  }

  private array(depth: number): PdfValue[] {
    const items: PdfValue[] = [];
    for (;;) {
      this.space();
      if (this.take(']')) return items;
      items.push(this.value(depth + 1));
    }
  }

  private hexString(): Buffer {
    const end = this.bytes.indexOf('>', this.at, 'latin1');
    const digits = end < 0 ? 'x' : this.bytes.toString('latin1', this.at, end);
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) throw new RangeError(`a hexadecimal string is malformed at byte ${this.at}`);
    this.at = end + 1;
    return Buffer.from(digits, 'hex');
  }

  private literalString(): Buffer {
    const out: number[] = [];
    for (let open = 1; this.at < this.bytes.length; this.at += 1) {
      const byte = this.bytes[this.at]!;
      if (byte === 0x5c) {
        const escaped = String.fromCharCode(this.bytes[this.at += 1] ?? 0);
        out.push(ESCAPES[escaped] ?? escaped.charCodeAt(0));
        continue;
      }
      if (byte === 0x28) open += 1;
      if (byte === 0x29 && --open === 0) { this.at += 1; return Buffer.from(out); }
      out.push(byte);
    }
    throw new RangeError('a string does not end');
  }
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
