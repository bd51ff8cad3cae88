// Keeping a call's content under a grant: watches what goes to the client, and hands both sides to the vault when the call is over.
// Of almost every call nothing is kept, and nothing of this runs.
import { coerceError } from '../../kernel/errors.js';
import { grantFor, type ContentSide, type GrantFacts, type KeepContent } from '../vault/index.js';
import type { CallStatus } from './call.js';
import type { CallEngine } from './call-engine.js';
import type { CallError, Client } from './client.js';
import type { ClientHeaders } from './client-headers.js';
import type { AdmittedCall } from './handle-call.js';
import type { Asked } from './read-asked.js';

/** What of an answer is kept at most, bytes; the rest is left out and said to be. */
const LONGEST_KEPT = 8 * 1_048_576;

export interface CallKeeper {
  /** Stands in for the client during the call. */
  readonly client: Client;
  /** Seals and writes what the grant allows. Never rejects: a call does not fail because its copy could not be kept. */
  end(status: CallStatus): Promise<void>;
}

/** Undefined unless a grant of the account covers the call. */
export function keepCall(engine: CallEngine, call: AdmittedCall, asked: Asked, client: Client): CallKeeper | undefined {
  const { account, key } = call.caller;
  const grant = grantFor(account.contentGrants, { requestId: call.requestId, keyId: key.keyId, model: asked.model ?? '', at: call.at });
  if (!grant) return undefined;
  const watched = new WatchedClient(client);
  return { client: watched, end: (status) => keep(engine, engine.keepContent, grant, call, asked, watched, status) };
}

async function keep(engine: CallEngine, store: KeepContent, grant: GrantFacts, call: AdmittedCall, asked: Asked, seen: WatchedClient, status: CallStatus): Promise<void> {
  if (grant.trigger === 'failed' && status === 'completed') return;
  const place = { requestId: call.requestId, accountId: call.caller.account.accountId, keyId: call.caller.key.keyId, at: call.at };
  const sent = call.request.headers['content-type'];
  const pieces = { input: { bytes: asked.body, contentType: typeof sent === 'string' ? sent : null, contentEncoding: null, truncated: false }, output: seen.piece() };
  const kept = await Promise.allSettled(grant.sides.map((side: ContentSide) => store(grant, { ...place, side, ...pieces[side] })));
  for (const one of kept) {
    if (one.status === 'fulfilled') continue;
    engine.metrics.count('holdfast_content_not_kept_total', 'Pieces of content that a grant covers and that could not be sealed or written', {});
    engine.log.error('content that a grant covers could not be kept', { request_id: call.requestId, grant_id: grant.grantId, error: coerceError(one.reason).message });
  }
}

/** A client whose answer is copied as it goes out. */
class WatchedClient implements Client {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private headers: ClientHeaders = {};
  constructor(private readonly client: Client) {}

  get gone(): boolean { return this.client.gone; }
  whenGone(run: () => void): void { this.client.whenGone(run); }
  head(status: number, headers: ClientHeaders): void { this.headers = headers; this.client.head(status, headers); }
  flushHead(): void { this.client.flushHead(); }
  write(chunk: Buffer): boolean { this.note(chunk); return this.client.write(chunk); }
  whenDrained(run: () => void): void { this.client.whenDrained(run); }
  end(chunk?: Buffer): void { if (chunk) this.note(chunk); this.client.end(chunk); }
  error(error: CallError): void { this.client.error(error); }
  cut(): void { this.client.cut(); }

  piece(): { bytes: Buffer; contentType: string | null; contentEncoding: string | null; truncated: boolean } {
    const text = (name: string): string | null => { const value = this.headers[name]; return typeof value === 'string' ? value : null; };
    return { bytes: Buffer.concat(this.chunks), contentType: text('content-type'), contentEncoding: text('content-encoding'), truncated: this.size > LONGEST_KEPT };
  }

  private note(chunk: Buffer): void {
    const room = LONGEST_KEPT - this.size;
    if (room > 0) this.chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.size += chunk.length;
  }
}
