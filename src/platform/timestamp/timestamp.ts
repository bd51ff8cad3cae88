// Time stamps of an authority over HTTP (RFC 3161): one request, one strictly checked token.
import { randomBytes } from 'node:crypto';
import { timestampRequest, tokenIn, verifyTimestamp } from './token.js';

/** Answers the DER of a token over a SHA-256 digest. Throws Error with the reason when none can be had. */
export type Timestamper = (digest: Buffer) => Promise<Buffer>;

const PATIENCE_MS = 15_000;
const LARGEST_ANSWER = 64 * 1024;

/** Asks the authority at `url`. What it answers is checked before it is used: granted, of this digest, with this nonce, properly signed. */
export function createTimestamper(url: string): Timestamper {
  return async (digest) => {
    const nonce = randomBytes(8);
    // Positive and of full length as a DER integer.
    nonce[0] = 0x40 | (nonce[0]! & 0x3f);
    const response = await fetch(url, { method: 'POST', redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }, body: new Uint8Array(timestampRequest(digest, nonce)) });
    if (!response.ok) throw new Error(`the time stamp authority answered ${response.status}`);
    const body = Buffer.from(await response.arrayBuffer());
    if (body.length > LARGEST_ANSWER) throw new Error('the answer of the time stamp authority is too large');
    const token = tokenIn(body), report = verifyTimestamp(token, digest);
    if (report.problems.length > 0) throw new Error(`the token of the time stamp authority is not valid: ${report.problems.join('; ')}`);
    if (!report.nonce?.equals(nonce)) throw new Error('the token of the time stamp authority answers another request');
    return token;
  };
}
