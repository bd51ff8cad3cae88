// ASN.1 DER, as much of it as certificates and signatures need. Written strictly and read strictly: what is read must be what we would write.

/** A value with its tag; `whole` is tag, length and content. */
export interface DerValue { readonly tag: number; readonly content: Buffer; readonly whole: Buffer }

export const TAG = { boolean: 0x01, integer: 0x02, bitString: 0x03, octets: 0x04, oid: 0x06, utf8: 0x0c, utcTime: 0x17, sequence: 0x30, set: 0x31 } as const;

/** Context tag [n], constructed. */
export function contextTag(n: number): number { return 0xa0 | n; }

/** One value: tag, shortest length, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xffff ? 6 : body.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

export function sequence(...members: readonly Uint8Array[]): Buffer { return der(TAG.sequence, ...members); }

/** SET OF: members in the order of their encodings, as DER wants. */
export function setOf(...members: readonly Uint8Array[]): Buffer { return der(TAG.set, ...members.toSorted((a, b) => Buffer.compare(a, b))); }

/** Non-negative integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = Buffer.from(first < 0 ? [0] : bytes.subarray(first));
  return der(TAG.integer, short[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** Object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] => (value < 0x80 ? [value] : [...base128(Math.floor(value / 0x80)).map((byte) => byte | 0x80), value % 0x80]);
  return der(TAG.oid, Buffer.from([a * 40 + b, ...rest].flatMap(base128)));
}

/** Every value in `bytes`, one after another. Throws RangeError for lengths that are indefinite, not the shortest, or beyond the end. */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? Number.NaN;
    let start = at + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count < 1 || count > 3 || start + count > bytes.length) throw new RangeError('a length is not in DER');
      length = bytes.readUIntBE(start, count);
      start += count;
      if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new RangeError('a length is longer than it needs to be');
    }
    const end = start + length;
    if (!(end <= bytes.length)) throw new RangeError('a value ends beyond its container');
    values.push({ tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}
