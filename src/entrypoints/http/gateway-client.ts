// The client's side of a call on a Node response, and the reading of its body.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ERRORS } from '../../kernel/errors.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { CallError, Client, ClientHeaders } from '../../domain/gateway/index.js';
import { errorBody } from './gateway-errors.js';

/** Largest body of a call, bytes. */
export const MAX_BODY = 32 * 1_048_576;
/** How much of a body that is too large is still read and thrown away, so that the client gets to read our answer. */
const MAX_DISCARD = 4 * MAX_BODY;

export class NodeClient implements Client {
  private readonly response: ServerResponse;
  private readonly door: { readonly stopping: boolean };
  constructor(response: ServerResponse, door: { readonly stopping: boolean }) { this.response = response; this.door = door; }

  get gone(): boolean { return this.response.destroyed && !this.response.writableFinished; }
  whenGone(run: () => void): void {
    if (this.gone) { queueMicrotask(run); return; }
    this.response.once('close', () => { if (!this.response.writableFinished) run(); });
  }
  head(status: number, headers: ClientHeaders): void { this.lastOfItsConnection(); this.response.writeHead(status, headers); }
  flushHead(): void { this.response.flushHeaders(); }
  write(chunk: Buffer): boolean { return this.response.write(chunk); }
  whenDrained(run: () => void): void { this.response.once('drain', run); }
  end(chunk?: Buffer): void { if (chunk) this.response.end(chunk); else this.response.end(); }
  cut(): void { this.response.destroy(); }
  error(error: CallError): void {
    if (this.response.headersSent) { this.cut(); return; }
    const body = errorBody(error);
    this.lastOfItsConnection();
    this.response.writeHead(ERRORS[error.code].status, { ...error.headers, 'content-type': 'application/json', 'content-length': body.length });
    this.response.end(body);
  }
  /** A gateway that stops tells the client not to use this connection again. */
  private lastOfItsConnection(): void { if (this.door.stopping) this.response.shouldKeepAlive = false; }
}

/**
 * Reads a request's whole body, opened where it is compressed. Refuses what is larger than MAX_BODY, before or after opening, and
 * encodings we cannot open; rejects when the client leaves before the end. A client that waits for leave to send gets it here.
 */
export async function readBody(request: IncomingMessage, response: ServerResponse): Promise<Buffer | Refusal> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const open = encoding === 'identity' ? undefined : OPENERS[encoding];
  if (encoding !== 'identity' && !open) return refuse('invalid_request', `The body's content-encoding is not one of ${Object.keys(OPENERS).join(', ')}. Send it in one of these, or uncompressed.`, 'content-encoding');
  const tooLarge = refuse('body_too_large', `The body is larger than ${MAX_BODY} bytes (32 MB). Send less, or several calls.`);
  const announced = Number(request.headers['content-length'] ?? 0), waits = request.headers.expect?.toLowerCase() === '100-continue';
  if (announced > MAX_DISCARD || (waits && announced > MAX_BODY)) return tooLarge;
  if (waits) response.writeContinue();
  const body = await collect(request, tooLarge);
  if (!open || isRefusal(body)) return body;
  try { return await open(body, { maxOutputLength: MAX_BODY }); } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge : refuse('invalid_request', `The body is not what its content-encoding (${encoding}) says.`, 'content-encoding');
  }
}

type Open = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
const OPENERS: Readonly<Record<string, Open | undefined>> = { gzip: promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

function collect(request: IncomingMessage, tooLarge: Refusal): Promise<Buffer | Refusal> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk); else chunks.length = 0;
      if (size > MAX_DISCARD) { request.pause(); resolve(tooLarge); }
    });
    request.on('end', () => { resolve(size > MAX_BODY ? tooLarge : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)); });
    request.on('close', () => { if (!request.complete) reject(new Error('the client left before its request was whole')); });
    request.on('error', reject);
  });
}
