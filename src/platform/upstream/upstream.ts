// Talking to providers over HTTP/1.1. The only file that may import undici. Bytes come out as they arrive; nothing is buffered,
// decompressed, redirected or tried again here.
import { Agent } from 'undici';

export interface UpstreamRequest {
  /** Scheme, host and port: "https://api.example.test". */
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  readonly method: string;
  /** Name, value, name, value …; host and content-length are added. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | null;
}

/** unreachable: no connection, so nothing left us · timeout: silent for too long · cut: the connection broke · aborted: by us. */
export type FailureKind = 'unreachable' | 'timeout' | 'cut' | 'aborted';
export interface UpstreamFailure { readonly kind: FailureKind; /** Cause for the log; never shown to a client. */ readonly cause: Error }

/** Header names in lower case. */
export type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Called in order: head, data …, then end or fail, of which exactly one comes last. */
export interface UpstreamHandler {
  head(status: number, headers: UpstreamHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(failure: UpstreamFailure): void;
}

export interface UpstreamFlow {
  /** Whether writing on a connection has begun, so that bytes may have left. */
  readonly started: boolean;
  /** Stops reading: the provider feels it through TCP. The silence limit rests meanwhile. */
  pause(): void;
  resume(): void;
  /** Breaks off; `fail` follows with kind `aborted`, unless it already ended. */
  abort(): void;
}

export interface Upstream {
  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamFlow;
  /** Closes kept connections; running requests are broken off. */
  close(): Promise<void>;
}

class BrokenOff extends Error { constructor() { super('broken off by the gateway'); this.name = 'BrokenOff'; } }

/** Connections are kept alive and as many as there are requests. `silenceMs` limits the wait for the head and between two chunks. */
export function createUpstream(options: { silenceMs: number; connectMs?: number }): Upstream {
  const agent = new Agent({
    headersTimeout: options.silenceMs, bodyTimeout: options.silenceMs, connect: { timeout: options.connectMs ?? 10_000 },
    pipelining: 1, keepAliveTimeout: 20_000, keepAliveMaxTimeout: 600_000,
  });
  return {
    send: ({ origin, path, method, headers, body }, handler) => {
      const dispatched = new Dispatched(handler);
      agent.dispatch({ origin, path, method: method as 'POST', headers: headers as string[], body }, dispatched);
      return dispatched;
    },
    close: () => agent.destroy(),
  };
}

type Controller = { pause(): void; resume(): void; abort(reason: Error): void };

/** A class, not a literal: an object literal with a getter costs V8 a hidden class of its own for every request. */
class Dispatched implements UpstreamFlow {
  private controller: Controller | undefined;
  private aborted = false;
  private over = false;
  constructor(private readonly handler: UpstreamHandler) {}

  get started(): boolean { return this.controller !== undefined; }
  pause(): void { this.controller?.pause(); }
  resume(): void { this.controller?.resume(); }
  abort(): void {
    if (this.aborted || this.over) return;
    this.aborted = true;
    this.controller?.abort(new BrokenOff());
  }

  onRequestStart(started: Controller): void {
    this.controller = started;
    if (this.aborted) started.abort(new BrokenOff());
  }
  onResponseStart(_: Controller, status: number, headers: UpstreamHeaders): void { if (status >= 200) this.handler.head(status, headers); }
  onResponseData(_: Controller, chunk: Buffer): void { this.handler.data(chunk); }
  onResponseEnd(): void { this.over = true; this.handler.end(); }
  onResponseError(_: Controller, error: Error): void {
    if (this.over) return;
    this.over = true;
    this.handler.fail({ kind: this.aborted ? 'aborted' : kindOf(error, this.started), cause: error });
  }
}

/** `started`: undici had begun to write on a connection, so bytes may have left. */
function kindOf(error: Error, started: boolean): FailureKind {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'timeout';
  return started ? 'cut' : 'unreachable';
}
