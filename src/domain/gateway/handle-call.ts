// A call, from its arrival to its last byte: the steps in order.
import { mintId } from '../../kernel/ids.js';
import { isRefusal } from '../../kernel/result.js';
import type { LedgerRecord } from '../ledger/index.js';
import { admitCall, type Admission } from './admit-call.js';
import { callRecord, outcomeRecord, refusedEnd, transferRecord, type Numbering, type Transfer } from './call-records.js';
import type { CallEngine } from './call-engine.js';
import type { Client } from './client.js';
import { rateHeaders } from './client-headers.js';
import type { Endpoint } from './endpoints.js';
import { forwardCall } from './forward-call.js';
import { openCall, type Caller, type CallRequest, type OpenCall } from './open-call.js';
import { readAsked, type Asked } from './read-asked.js';
import { answerUnrecorded, knownOf, NOTHING_KNOWN, refuseCall } from './refuse-call.js';
import { nothingSent, settleCall, unsentEnd } from './settle-call.js';
import { upstreamRequest } from './upstream-request.js';

export type AdmittedCall = OpenCall & { readonly endpoint: Endpoint; readonly caller: Caller };

/** Carries one call. Resolves when it is over, for the client and on record; rejects only when the client left before we had its body. */
export async function handleCall(engine: CallEngine, request: CallRequest, client: Client): Promise<void> {
  const call = openCall(engine.registry(), request, engine.clock.now(), performance.now());
  if (!engine.gate.open) { engine.gate.turnedAway(); answerUnrecorded(call, client); return; }
  if (call.refusal) { await refuseCall(engine, call, call.refusal, NOTHING_KNOWN, client); return; }
  const body = await request.body();
  if (isRefusal(body)) { await refuseCall(engine, call, body, NOTHING_KNOWN, client); return; }
  const asked = readAsked(body);
  if (isRefusal(asked)) { await refuseCall(engine, call, asked, knownOf(body, asked), client); return; }
  const admission = admitCall(engine, call as AdmittedCall, asked.model);
  if (isRefusal(admission)) { await refuseCall(engine, call, admission, knownOf(body, asked), client); return; }
  await carryCall(engine, call as AdmittedCall, asked, admission, client);
}

async function carryCall(engine: CallEngine, call: AdmittedCall, asked: Asked, admission: Admission, client: Client): Promise<void> {
  const number: Numbering = { epochId: engine.epoch.epochId, accountSeq: engine.epoch.next(call.caller.account.accountId) };
  let before: LedgerRecord[] = [];
  for (const [index, route] of admission.routes.entries()) {
    const at = engine.clock.now();
    const transfer: Transfer = { transferId: mintId(at), attempt: index + 1, route, at, started: performance.now() };
    const upstream = upstreamRequest(call.request, route, asked, call.endpoint);
    // Commit 1: what this provider is about to get is on record before a byte of it leaves us.
    try { await engine.gate.write([...before, transferRecord(call, number, transfer, asked.model, upstream.body?.length ?? 0)]); } catch {
      turnBack(engine, call, number, asked, before, client);
      return;
    }
    const ending = client.gone ? nothingSent() : await forwardCall(engine, {
      requestId: call.requestId, provider: route.provider, request: upstream, extraHeaders: rateHeaders(call.dialect, admission.rate, call.at),
      meter: call.endpoint.createMeter({ hideUsage: call.endpoint.asksForUsage && asked.stream && !asked.usageAsked, estimatedInput: asked.estimatedInput }),
    }, client);
    if (ending.outcome !== 'unreachable' || index === admission.routes.length - 1 || client.gone) {
      await settleCall(engine, { call, number, asked, transfer, ending }, client);
      return;
    }
    // No connection, so nothing left: the next allowed route may try, and the record of that says how this one ended.
    engine.log.warn('a provider could not be reached; trying the next route', { request_id: call.requestId, provider: route.provider.providerId, cause: ending.error?.cause });
    before = [outcomeRecord(call, transfer, unsentEnd(transfer, ending), engine.clock.now())];
  }
}

/** Commit 1 failed: nothing left. The number is taken, so its row must come as soon as records can be written again. */
function turnBack(engine: CallEngine, call: AdmittedCall, number: Numbering, asked: Asked, before: readonly LedgerRecord[], client: Client): void {
  const at = engine.clock.now();
  engine.gate.later([...before, callRecord(call, number, refusedEnd('records_unavailable', 503, knownOf(asked.body, asked)), at, engine.dayOf(at))]);
  engine.metrics.count('holdfast_refusals_total', 'Calls refused, by code', { code: 'records_unavailable' });
  answerUnrecorded(call, client);
}
