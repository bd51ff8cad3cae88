// One attempt: hands the call to a provider and its answer to the client, byte by byte, all but the last. Never throws for what a
// provider or client does; what became of the attempt is a value, so that commit 2 always runs.
import type { Upstream, UpstreamFailure, UpstreamFlow, UpstreamHandler, UpstreamHeaders, UpstreamRequest } from '../../platform/upstream/upstream.js';
import { coerceError, type ErrorCode } from '../../kernel/errors.js';
import { NO_USAGE } from '../billing/index.js';
import type { CallStatus, OutcomeKind } from './call.js';
import type { Client } from './client.js';
import { passedHeaders, upstreamIdIn, type ClientHeaders } from './client-headers.js';
import { mayFailOver } from './failover-rules.js';
import type { Meter, Reading } from './meter.js';
import { bodyPassage, decoderFor, streamPassage, type Passage } from './passage.js';
import type { RegistryProvider } from './registry.js';

export interface Ending {
  readonly outcome: OutcomeKind; readonly status: CallStatus;
  /** The provider's status; null when none came. */
  readonly upstreamStatus: number | null;
  /** What the client saw or will see. */
  readonly httpStatus: number;
  readonly reading: Reading; readonly upstreamRequestId: string | null;
  readonly receivedBytes: number; readonly sentBytes: number;
  /** performance.now() of the provider's first byte. */
  readonly firstByteAt: number | null;
  /** Set when the client is to get an error of ours instead; `cause` is for the log. */
  readonly error: { readonly code: ErrorCode; readonly cause: string } | undefined;
  /** Set when another route may still answer: why this one did not. The client has seen nothing of it. */
  readonly failover: string | undefined;
  /** Lets the last bytes go, or breaks the connection of an answer that is not whole. Only after commit 2. */
  release(): void;
}

export interface Attempt {
  readonly requestId: string; readonly provider: RegistryProvider; readonly request: UpstreamRequest; readonly meter: Meter; readonly extraHeaders: ClientHeaders;
  /** performance.now() until which an attempt that fails before its first byte leaves the call to another route; 0 when there is none. */
  readonly failoverUntil: number;
}

export interface ForwardDeps { readonly upstream: Upstream; /** How long a client may not read before it counts as gone, ms. */ readonly stallMs: number;
  /** The attempts under way, for whoever must break them all off. */
  readonly running: Set<{ interrupt(): void }> }

export const NOTHING_READ: Reading = { usage: NO_USAGE, source: 'none', servedModel: null, answerId: null };
/** How long the connection's end is waited for after the protocol's last event. */
const END_GRACE_MS = 100;

export function forwardCall(deps: ForwardDeps, attempt: Attempt, client: Client): Promise<Ending> {
  return new Promise((resolve) => { new Forwarding(deps, attempt, client, resolve).start(); });
}

type Decoder = Exclude<ReturnType<typeof decoderFor>, 'unknown' | undefined>;
type End = Pick<Ending, 'outcome' | 'status' | 'httpStatus'> & Partial<Pick<Ending, 'reading' | 'error' | 'failover' | 'release'>>;

class Forwarding implements UpstreamHandler {
  private over = false;
  private stopped = false;
  private headSent = false;
  private status: number | null = null;
  private upstreamRequestId: string | null = null;
  private firstByteAt: number | null = null;
  private received = 0;
  private sent = 0;
  private headers: ClientHeaders = {};
  private passage: Passage | undefined;
  private decoder: Decoder | undefined;
  private grace: NodeJS.Timeout | undefined;
  private stall: NodeJS.Timeout | undefined;
  private flow!: UpstreamFlow;

  constructor(private readonly deps: ForwardDeps, private readonly attempt: Attempt, private readonly client: Client, private readonly resolve: (ending: Ending) => void) {}

  start(): void {
    this.deps.running.add(this);
    this.flow = this.deps.upstream.send(this.attempt.request, this);
    this.client.whenGone(() => { if (!this.over) this.abandon(); });
  }

  head(status: number, headers: UpstreamHeaders): void { if (!this.over) this.begin(status, headers); }

  data(chunk: Buffer): void {
    this.received += chunk.length;
    if (this.over) return;
    if (this.decoder) this.decoder.write(chunk); else this.pass(chunk);
  }

  end(): void { if (this.over) return; if (this.decoder) this.decoder.end(); else this.complete(); }

  fail({ kind, cause }: UpstreamFailure): void {
    if (this.over) return;
    if (this.passage?.ended) this.complete(); else this.broken(kind, cause.message);
  }

  /** The gateway stops and waits no longer: what is not whole must not look whole, and no other route is tried. */
  interrupt(): void {
    if (this.over) return;
    this.stopped = true;
    this.broken('cut', 'the gateway was stopped');
    this.flow.abort();
  }

  private begin(status: number, given: UpstreamHeaders): void {
    this.firstByteAt = performance.now();
    this.status = status;
    this.upstreamRequestId = upstreamIdIn(given);
    if (status >= 300 && status < 400) { this.broken('rejected', `answered with a redirect (${status})`); this.flow.abort(); return; }
    if (status >= 400 && this.mayLeave() && mayFailOver(status, given)) {
      this.finish({ outcome: 'rejected', status: 'failed', httpStatus: status, failover: `answered ${status}` });
      this.flow.abort();
      return;
    }
    const type = text(given['content-type']) ?? '', encoding = text(given['content-encoding']);
    const isEvents = status < 300 && type.trimStart().toLowerCase().startsWith('text/event-stream'), decoder = isEvents ? decoderFor(encoding) : undefined;
    const isStream = isEvents && decoder !== 'unknown';
    this.passage = isStream ? streamPassage(this.attempt.meter) : bodyPassage(status < 300 ? this.attempt.meter : undefined, type, encoding);
    const { requestId, provider, extraHeaders } = this.attempt;
    this.headers = Object.assign(passedHeaders(requestId, provider, given, isStream ? undefined : text(given['content-length'])), extraHeaders);
    if (!isStream && encoding !== undefined) this.headers['content-encoding'] = encoding;
    if (decoder !== 'unknown' && decoder) this.decode(decoder);
    if (!isStream) return;
    this.sendHead();
    // The head of a stream goes out with its first event if that came along, and by itself if not.
    setImmediate(() => { if (!this.over && this.sent === 0) this.client.flushHead(); });
  }

  private decode(decoder: Decoder): void {
    this.decoder = decoder;
    decoder.on('data', (chunk: Buffer) => { if (!this.over) this.pass(chunk); });
    decoder.on('end', () => { if (!this.over) this.complete(); });
    decoder.on('error', (error) => { if (!this.over) { this.broken('cut', coerceError(error).message); this.flow.abort(); } });
  }

  private pass(chunk: Buffer): void {
    const passage = this.passage!;
    let keepsUp = true;
    for (const piece of passage.take(chunk)) {
      this.sendHead();
      this.sent += piece.length;
      keepsUp = this.client.write(piece);
    }
    if (passage.ended) this.grace ??= setTimeout(() => { this.complete(); this.flow.abort(); }, END_GRACE_MS);
    if (!keepsUp) this.waitForClient();
  }

  private waitForClient(): void {
    if (this.stall) return;
    this.flow.pause();
    this.decoder?.pause();
    this.stall = setTimeout(() => { this.client.cut(); }, this.deps.stallMs);
    this.client.whenDrained(() => {
      clearTimeout(this.stall);
      this.stall = undefined;
      this.decoder?.resume();
      this.flow.resume();
    });
  }

  /** The provider is done. What is kept back goes when the call is on record; an answer that is not whole never ends cleanly. */
  private complete(): void {
    const held = this.passage!.held(), { meter } = this.attempt, status = this.status!;
    const rejected = status >= 300;
    if (!rejected && !meter.whole && !meter.failed) { this.broken('cut', 'ended before the answer was whole'); return; }
    this.sent += held.reduce((sum, chunk) => sum + chunk.length, 0);
    const release = (): void => {
      this.sendHead();
      this.client.end(held.length === 0 ? undefined : held.length === 1 ? held[0] : Buffer.concat(held));
    };
    if (rejected) this.finish({ outcome: 'rejected', status: 'failed', httpStatus: status, release });
    else this.finish({ outcome: meter.failed ? 'cut' : 'answered', status: meter.failed ? 'cut' : 'completed', httpStatus: status, reading: meter.read(), release });
  }

  /** Once a provider has begun to answer, what it did is estimated and billed; before that nothing is. */
  private broken(outcome: OutcomeKind, cause: string): void {
    const begun = this.status !== null && this.status < 300;
    const end = { outcome, status: begun ? 'cut' as const : 'failed' as const, reading: begun ? this.attempt.meter.read() : NOTHING_READ };
    const failover = this.status === null && this.mayLeave() ? cause : undefined;
    if (this.headSent) this.finish({ ...end, httpStatus: this.status!, release: () => { this.client.cut(); } });
    else if (outcome === 'timeout') this.finish({ ...end, httpStatus: 504, error: { code: 'upstream_timeout', cause }, failover });
    else this.finish({ ...end, httpStatus: 502, error: { code: 'upstream_unreachable', cause }, failover });
  }

  private mayLeave(): boolean { return !this.stopped && this.attempt.failoverUntil > 0 && performance.now() < this.attempt.failoverUntil; }

  private abandon(): void {
    const begun = this.flow.started && (this.status === null || this.status < 300);
    this.finish({ outcome: this.flow.started ? 'aborted' : 'not_sent', status: 'aborted', httpStatus: 499, reading: begun ? this.attempt.meter.read() : NOTHING_READ });
    this.flow.abort();
  }

  private sendHead(): void {
    if (this.headSent) return;
    this.headSent = true;
    this.client.head(this.status!, this.headers);
  }

  private finish(end: End): void {
    if (this.over) return;
    this.over = true;
    this.deps.running.delete(this);
    clearTimeout(this.grace);
    clearTimeout(this.stall);
    this.resolve({
      reading: NOTHING_READ, error: undefined, failover: undefined, release: () => undefined, ...end, upstreamStatus: this.status,
      upstreamRequestId: this.upstreamRequestId ?? end.reading?.answerId ?? null, receivedBytes: this.received, sentBytes: this.sent, firstByteAt: this.firstByteAt,
    });
  }
}

function text(value: string | string[] | undefined): string | undefined { return Array.isArray(value) ? value[0] : value; }
