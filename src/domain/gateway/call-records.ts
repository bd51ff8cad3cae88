// The records of a call: what is written at commit 1 and at commit 2. No decision here, only rows.
import { mintId, type Uuid } from '../../kernel/ids.js';
import { cleanText } from '../../kernel/text.js';
import { NO_USAGE, unitColumn, type Usage } from '../billing/index.js';
import type { LedgerRecord } from '../ledger/index.js';
import type { AllowedRoute } from './admit-call.js';
import { chargeCall } from './charge-call.js';
import type { CallStatus, OutcomeKind, UsageSource } from './call.js';
import type { OpenCall } from './open-call.js';

/** What stands on every record of this gateway process. */
export interface Numbering { readonly epochId: Uuid; readonly accountSeq: number | null }

export interface Transfer { readonly transferId: Uuid; readonly attempt: number; readonly route: AllowedRoute; readonly at: Date; /** performance.now() when it was handed over. */ readonly started: number }

/** What of a client's data a provider gets: the request itself, and headers that tell of the client's software. */
const DATA_CATEGORIES = Object.freeze(['input_content', 'request_headers']), HEADERS_ALONE = Object.freeze(['request_headers']);

export function transferRecord(call: OpenCall, number: Numbering, transfer: Transfer, model: string, requestBytes: number): LedgerRecord {
  const { provider, upstreamModel, terms, decision } = transfer.route;
  const { account, key } = call.caller!;
  return { table: 'transfers', row: {
    transfer_id: transfer.transferId, request_id: call.requestId, at: transfer.at, account_id: account.accountId, key_id: key.keyId, epoch_id: number.epochId,
    account_seq: number.accountSeq!, attempt: transfer.attempt, provider_id: provider.providerId, provider_name: provider.name, legal_entity: provider.legalEntity,
    category: provider.category, origin_jurisdiction: account.jurisdiction, destination_jurisdictions: provider.jurisdictions, cross_border: decision.crossBorder,
    terms_version: terms?.version ?? null, confirmation_ids: decision.confirmationIds, basis: decision.basis, data_categories: requestBytes > 0 ? DATA_CATEGORIES : HEADERS_ALONE,
    model: cleanText(model), upstream_model: cleanText(upstreamModel), upstream_host: provider.host, path: call.request.path, request_bytes: requestBytes,
    registry_version: call.registry.version,
  } };
}

export interface TransferEnd {
  readonly outcome: OutcomeKind; readonly httpStatus: number | null; readonly upstreamRequestId: string | null; readonly responseBytes: number;
  readonly firstByteMs: number | null; readonly durationMs: number;
}

export function outcomeRecord(call: OpenCall, transfer: Transfer, end: TransferEnd, at: Date): LedgerRecord {
  return { table: 'transfer_outcomes', row: {
    transfer_id: transfer.transferId, request_id: call.requestId, account_id: call.caller!.account.accountId, at, outcome: end.outcome, http_status: end.httpStatus,
    upstream_request_id: cleanText(end.upstreamRequestId), response_bytes: end.responseBytes, first_byte_ms: whole(end.firstByteMs), duration_ms: whole(end.durationMs)!,
  } };
}

export interface CallEnd {
  readonly status: CallStatus; readonly httpStatus: number; readonly refusalCode: string | null;
  readonly model: string | null; readonly stream: boolean; readonly requestBytes: number;
  readonly attempts: number; readonly providerId: string | null; readonly upstreamRequestId: string | null; readonly answerId: string | null; readonly servedModel: string | null;
  readonly usage: Usage; readonly usageSource: UsageSource; readonly responseBytes: number; readonly firstByteMs: number | null;
}

/** The call's row. Its cost follows from usage and the price in force on `day`, that of its arrival; without one it is 0 and price_id is null. */
export function callRecord(call: OpenCall, number: Numbering, end: CallEnd, at: Date, day: string): LedgerRecord {
  const price = end.providerId !== null && end.model !== null ? call.registry.prices.inForce(end.model, end.providerId, day) : undefined;
  const { usage } = end, charge = chargeCall(price, usage);
  return { table: 'calls', row: {
    request_id: call.requestId, at: call.at, ended_at: at, account_id: call.caller?.account.accountId ?? null, key_id: call.caller?.key.keyId ?? null,
    epoch_id: number.epochId, account_seq: number.accountSeq, method: cleanText(call.request.method, 32), path: cleanText(call.request.path),
    protocol: call.endpoint?.protocol ?? null, model: cleanText(end.model), served_model: cleanText(end.servedModel), stream: end.stream, status: end.status,
    http_status: end.httpStatus, refusal_code: end.refusalCode, client_request_id: call.clientRequestId, upstream_request_id: cleanText(end.upstreamRequestId),
    answer_id: cleanText(end.answerId), session_id: call.sessionId, caller_region: call.callerRegion, provider_id: end.providerId, attempts: end.attempts,
    usage_input: usage.input, usage_cache_read: usage.cacheRead, usage_cache_write: usage.cacheWrite, usage_cache_write_1h: usage.cacheWrite1h,
    usage_output: usage.output, usage_reasoning: usage.reasoning, usage_units: usage.units ? unitColumn(usage.units) : null, usage_source: end.usageSource,
    cost_micros: charge.costMicros, currency: charge.price?.currency ?? null, price_id: charge.price?.priceId ?? null,
    registry_version: call.registry.version, request_bytes: end.requestBytes, response_bytes: end.responseBytes, first_byte_ms: whole(end.firstByteMs),
  } };
}

/** A call that was refused before anything left. */
export function refusedEnd(code: string, httpStatus: number, known: { model: string | null; stream: boolean; requestBytes: number }): CallEnd {
  return { ...known, status: 'refused', httpStatus, refusalCode: code, attempts: 0, providerId: null, upstreamRequestId: null, answerId: null, servedModel: null,
    usage: NO_USAGE, usageSource: 'none', responseBytes: 0, firstByteMs: null };
}

/** The event that tells of a call whose credential we do not know. */
export function unknownKeyRecord(call: OpenCall, at: Date): LedgerRecord {
  return { table: 'security_events', row: { event_id: mintId(at), at, kind: 'key.unknown', severity: 'warning', account_id: null, key_id: null, operator_id: null,
    address: cleanText(call.request.address), detail: { request_id: call.requestId, path: cleanText(call.request.path) } } };
}

function whole(ms: number | null): number | null { return ms === null ? null : Math.max(0, Math.round(ms)); }
