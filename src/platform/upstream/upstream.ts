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
    send: (request, handler) => dispatch(agent, request, handler),
    close: () => agent.destroy(),
  };
}

type Controller = { pause(): void; resume(): void; abort(reason: Error): void };

function dispatch(agent: Agent, request: UpstreamRequest, handler: UpstreamHandler): UpstreamFlow {
  let controller: Controller | undefined, aborted = false, over = false;
  agent.dispatch({ origin: request.origin, path: request.path, method: request.method as 'POST', headers: request.headers as string[], body: request.body }, {
    onRequestStart: (started) => {
      controller = started;
      if (aborted) started.abort(new BrokenOff());
    },
    onResponseStart: (_, status, headers) => { if (status >= 200) handler.head(status, headers); },
    onResponseData: (_, chunk) => { handler.data(chunk); },
    onResponseEnd: () => { over = true; handler.end(); },
    onResponseError: (_, error) => {
      if (over) return;
      over = true;
      handler.fail({ kind: aborted ? 'aborted' : kindOf(error, controller !== undefined), cause: error });
    },
  });
  return {
    get started() { return controller !== undefined; },
    pause: () => { controller?.pause(); },
    resume: () => { controller?.resume(); },
    abort: () => {
      if (aborted || over) return;
      aborted = true;
      controller?.abort(new BrokenOff());
    },
  };
}

/** `started`: undici had begun to write on a connection, so bytes may have left. */
function kindOf(error: Error, started: boolean): FailureKind {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'timeout';
  return started ? 'cut' : 'unreachable';
}
