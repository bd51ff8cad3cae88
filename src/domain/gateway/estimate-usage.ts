// Tokens when nobody reports them. Simple on purpose, and every figure made here is marked `estimated`:
// a token for every four bytes of UTF-8 text, rounded up; Chinese at three bytes a character comes to ¾ of a token each.
const BYTES_PER_TOKEN = 4;
/** What an image or file inside a request counts for. */
const TOKENS_PER_OPAQUE = 1_000;

/** Input tokens from the bytes of text in the request and the number of its base64 strings. */
export function estimateInput(textBytes: number, opaque: number): bigint {
  return BigInt(Math.ceil(textBytes / BYTES_PER_TOKEN) + opaque * TOKENS_PER_OPAQUE);
}

/** Adds up the text of an answer as it goes by. */
export class TextCount {
  private bytes = 0;
  add(text: unknown): void { if (typeof text === 'string') this.bytes += Buffer.byteLength(text); }
  /** Output tokens of what was added. */
  get tokens(): bigint { return BigInt(Math.ceil(this.bytes / BYTES_PER_TOKEN)); }
}
