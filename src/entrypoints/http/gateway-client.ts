// The client's side of a call on a Node response, and the reading of its body.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERRORS } from '../../kernel/errors.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { CallError, Client, ClientHeaders } from '../../domain/gateway/index.js';
import { errorBody } from './gateway-errors.js';

/** Largest body of a call, bytes. */
export const MAX_BODY = 32 * 1_048_576;
/** How much of a body that is too large is still read and thrown away, so that the client gets to read our answer. */
const MAX_DISCARD = 4 * MAX_BODY;

export class NodeClient implements Client {
  private readonly response: ServerResponse;
  constructor(response: ServerResponse) { this.response = response; }

  get gone(): boolean { return this.response.destroyed && !this.response.writableFinished; }
  whenGone(run: () => void): void {
    if (this.gone) { queueMicrotask(run); return; }
    this.response.once('close', () => { if (!this.response.writableFinished) run(); });
  }
  head(status: number, headers: ClientHeaders): void { this.response.writeHead(status, headers); }
  flushHead(): void { this.response.flushHeaders(); }
  write(chunk: Buffer): boolean { return this.response.write(chunk); }
  whenDrained(run: () => void): void { this.response.once('drain', run); }
  end(chunk?: Buffer): void { if (chunk) this.response.end(chunk); else this.response.end(); }
  cut(): void { this.response.destroy(); }
  error(error: CallError): void {
    if (this.response.headersSent) { this.cut(); return; }
    const body = errorBody(error);
    this.response.writeHead(ERRORS[error.code].status, { ...error.headers, 'content-type': 'application/json', 'content-length': body.length });
    this.response.end(body);
  }
}

/** Reads a request's whole body. Refuses more than MAX_BODY and compressed ones; rejects when the client leaves before the end. */
export function readBody(request: IncomingMessage): Promise<Buffer | Refusal> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return Promise.resolve(refuse('invalid_request', 'Send the body uncompressed: the gateway must read which model it asks for.', 'content-encoding'));
  const tooLarge = refuse('body_too_large', `The body is larger than ${MAX_BODY} bytes (32 MB). Send less, or several calls.`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_DISCARD) return Promise.resolve(tooLarge);
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
