// The client's side of a call, as the door offers it. The door knows sockets; this slice knows when what may be sent.
import type { ErrorCode } from '../../kernel/errors.js';
import type { Protocol } from '../providers/index.js';
import type { ClientHeaders } from './client-headers.js';

/** An answer we make ourselves; the door puts it into the dialect's shape. */
export interface CallError {
  readonly code: ErrorCode; readonly message: string; readonly field?: string;
  readonly dialect: Protocol; readonly requestId: string; readonly headers: ClientHeaders;
}

export interface Client {
  /** Whether the client closed its side before it had the whole answer. */
  readonly gone: boolean;
  /** Runs once, when the client goes before it had the whole answer. */
  whenGone(run: () => void): void;
  head(status: number, headers: ClientHeaders): void;
  /** Sends the head although no byte of the body is there yet. */
  flushHead(): void;
  /** False when the client reads slower than the provider writes: wait for `whenDrained`. */
  write(chunk: Buffer): boolean;
  whenDrained(run: () => void): void;
  /** The clean end; from here on the client has the whole answer. */
  end(chunk?: Buffer): void;
  /** A whole answer of our own. */
  error(error: CallError): void;
  /** Breaks the connection, so that what went out cannot be taken for the whole. */
  cut(): void;
}
