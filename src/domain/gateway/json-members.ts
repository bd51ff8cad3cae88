// Where the members of a JSON object's top level stand in its bytes, so that one can be replaced and every other byte stays as it was.

export interface Member { readonly name: string; /** First byte of the value. */ readonly start: number; /** First byte after it. */ readonly end: number }
export interface Members {
  /** First byte after the opening brace. */
  readonly inside: number;
  readonly list: readonly Member[];
  /** Bytes inside strings, at any depth, without opaque ones. */
  readonly textBytes: number;
  /** Strings that are data rather than text: 1,024 bytes and more, base64 letters only. */
  readonly opaque: number;
}

const QUOTE = 0x22, BACKSLASH = 0x5c, COLON = 0x3a, COMMA = 0x2c, OPEN_BRACE = 0x7b, CLOSE_BRACE = 0x7d, OPEN_BRACKET = 0x5b, CLOSE_BRACKET = 0x5d;
const OPAQUE_BYTES = 1_024, OPAQUE_SAMPLE = 512;

/** Scans the text of a JSON object that JSON.parse has accepted; for anything else the result has no meaning. */
export function topLevelMembers(json: Uint8Array): Members {
  const list: Member[] = [];
  let depth = 0, textBytes = 0, opaque = 0, inside = -1, name: string | undefined, valueStart = -1, lastSolid = -1;
  const finish = (): void => { if (name !== undefined) list.push({ name, start: valueStart, end: lastSolid + 1 }); name = undefined; valueStart = -1; };
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (byte <= 0x20) continue;
    if (depth === 1 && name !== undefined && valueStart < 0 && byte !== COLON) valueStart = i;
    if (byte === QUOTE) {
      const end = closingQuote(json, i);
      if (depth === 1 && name === undefined) name = decodeName(json.subarray(i, end + 1));
      else if (isOpaque(json, i + 1, end)) opaque += 1;
      else textBytes += end - i - 1;
      i = end;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === 0) inside = i + 1;
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) finish();
    } else if (byte === COMMA && depth === 1) finish();
    lastSolid = i;
  }
  return { inside, list, textBytes, opaque };
}

function closingQuote(json: Uint8Array, opening: number): number {
  for (let i = opening + 1; ; i++) {
    const byte = json[i];
    if (byte === BACKSLASH) i += 1;
    else if (byte === QUOTE || byte === undefined) return i;
  }
}

function decodeName(quoted: Uint8Array): string {
  return JSON.parse(Buffer.from(quoted.buffer, quoted.byteOffset, quoted.length).toString('utf8')) as string;
}

function isOpaque(json: Uint8Array, start: number, end: number): boolean {
  if (end - start < OPAQUE_BYTES) return false;
  // "data:image/png;base64," stands in front of some; the sample starts behind it.
  for (let i = start + 64; i < start + 64 + OPAQUE_SAMPLE; i++) {
    const byte = json[i]!;
    const letter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39);
    if (!letter && byte !== 0x2b && byte !== 0x2f && byte !== 0x3d && byte !== 0x2d && byte !== 0x5f) return false;
  }
  return true;
}
