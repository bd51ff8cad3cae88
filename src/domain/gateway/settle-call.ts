// Commit 2: the call's row and its transfer's outcome in one write, and only then the last byte of the answer.
import { ERRORS } from '../../kernel/errors.js';
import { callRecord, outcomeRecord, type CallEnd, type Numbering, type Transfer, type TransferEnd } from './call-records.js';
import { chargeCall, unchargedRecord } from './charge-call.js';
import type { CallEngine } from './call-engine.js';
import type { Client } from './client.js';
import { ownHeaders } from './client-headers.js';
import { NOTHING_READ, type Ending } from './forward-call.js';
import { NO_USAGE, type Usage } from '../billing/index.js';
import type { AdmittedCall } from './handle-call.js';
import type { Reservation } from './keep-limits.js';
import type { Asked } from './read-asked.js';

export interface Settling { readonly call: AdmittedCall; readonly number: Numbering; readonly asked: Asked; readonly transfer: Transfer; readonly ending: Ending; /** Only of a call with a budget, quota or limit of calls at a time. */ readonly reservation?: Reservation | undefined }

export async function settleCall(engine: CallEngine, settling: Settling, client: Client): Promise<void> {
  const { call, ending } = settling;
  const at = engine.clock.now();
  const { price } = settling.transfer.route, charge = chargeCall(price, ending.reading.usage);
  if (charge.failed !== undefined) engine.log.error('a call could not be charged; its record says what it used', { request_id: call.requestId, price_id: price!.priceId, cause: charge.failed });
  const records = (status: CallEnd['status']) => [
    outcomeRecord(call, settling.transfer, transferEnd(settling), at),
    callRecord(call, settling.number, callEnd(settling, status), at, engine.dayOf(call.at)),
    ...(charge.failed === undefined ? [] : [unchargedRecord(call, price!, charge.failed, at)]),
  ];
  settling.reservation?.charged(charge.costMicros, ending.reading.usage);
  try { await engine.gate.write(records(ending.status)); } catch {
    // The client must not take for whole what is not on record. What happened did happen: it is written as soon as it can be.
    client.cut();
    engine.gate.later(records(ending.status === 'completed' ? 'cut' : ending.status));
    return;
  }
  // Commit point passed: the call is on record, so the client may have its last bytes.
  if (ending.error) answerFailure(settling, client); else ending.release();
  const { usage } = ending.reading;
  countTokens(engine, call, usage, at);
  if (settling.transfer.route.price === undefined && usage !== NO_USAGE && usage.input + usage.output > 0n) engine.metrics.count('holdfast_unpriced_calls_total', 'Calls that used something and cost nothing because no price was in force');
  if (ending.error) engine.log.warn('a provider failed', { request_id: call.requestId, provider: settling.transfer.route.provider.providerId, cause: ending.error.cause });
  engine.metrics.count('holdfast_calls_total', 'Calls on record, by status', { status: ending.status });
  engine.metrics.observe('holdfast_call_seconds', 'Duration of calls that left, from arrival to the last byte', (performance.now() - call.started) / 1_000);
}

function countTokens(engine: CallEngine, { caller: { account, key } }: AdmittedCall, usage: Usage, at: Date): void {
  const keyLimit = key.limits?.tokensPerMinute ?? null;
  if (account.tokensPerMinute === null && keyLimit === null) return;
  const tokens = Number(usage.input + usage.cacheRead + usage.cacheWrite + usage.output);
  if (account.tokensPerMinute !== null) engine.limiter.use(account.accountId, tokens, at);
  if (keyLimit !== null) engine.limiter.use(key.keyId, tokens, at);
}

function answerFailure({ call, ending, transfer }: Settling, client: Client): void {
  const { code } = ending.error!, { provider } = transfer.route;
  const what = code === 'upstream_timeout' ? 'did not answer in time' : 'could not be reached or broke off';
  client.error({ code, message: `${provider.name} ${what} (${ERRORS[code].status}). Nothing of an answer was passed on; try again.`, dialect: call.dialect, requestId: call.requestId,
    headers: { ...ownHeaders(call.requestId), 'x-holdfast-provider': provider.providerId, 'x-holdfast-jurisdiction': provider.jurisdictions.join(', ') } });
}

function callEnd({ call, asked, transfer, ending }: Settling, status: CallEnd['status']): CallEnd {
  return {
    status, httpStatus: ending.httpStatus, refusalCode: null, model: asked.model, stream: asked.stream, requestBytes: asked.body.length,
    attempts: transfer.attempt, providerId: transfer.route.provider.providerId, upstreamRequestId: ending.upstreamRequestId, answerId: ending.reading.answerId, servedModel: ending.reading.servedModel,
    usage: ending.reading.usage, usageSource: ending.reading.source, responseBytes: ending.sentBytes, firstByteMs: ending.firstByteAt === null ? null : ending.firstByteAt - call.started,
  };
}

/** What is on record of one attempt. */
export function transferEnd({ transfer, ending }: Pick<Settling, 'transfer' | 'ending'>): TransferEnd {
  return {
    outcome: ending.outcome, httpStatus: ending.upstreamStatus, upstreamRequestId: ending.upstreamRequestId, responseBytes: ending.receivedBytes,
    firstByteMs: ending.firstByteAt === null ? null : ending.firstByteAt - transfer.started, durationMs: performance.now() - transfer.started,
  };
}

/** The ending of a call whose client left while its transfer was being recorded. */
export function nothingSent(): Ending {
  return { outcome: 'not_sent', status: 'aborted', upstreamStatus: null, httpStatus: 499, reading: NOTHING_READ, upstreamRequestId: null, receivedBytes: 0, sentBytes: 0,
    firstByteAt: null, error: undefined, failover: undefined, release: () => undefined };
}
