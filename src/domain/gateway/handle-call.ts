// A call, from its arrival to its last byte: the steps in order.
import { mintId } from '../../kernel/ids.js';
import { isRefusal } from '../../kernel/result.js';
import type { LedgerRecord } from '../ledger/index.js';
import { admitCall, judgeRoute, type Admission, type AllowedRoute } from './admit-call.js';
import { callRecord, outcomeRecord, refusedEnd, transferRecord, type Numbering, type Transfer } from './call-records.js';
import type { CallEngine } from './call-engine.js';
import type { CallStatus } from './call.js';
import type { Client } from './client.js';
import { countOnce } from './count-once.js';
import { findKeeper } from './find-keeper.js';
import { routeServes } from './failover-rules.js';
import { rateHeaders } from './client-headers.js';
import type { Endpoint } from './endpoints.js';
import { forwardCall, type Ending } from './forward-call.js';
import { keepCall } from './keep-call.js';
import { identify, openCall, refusalOfCaller, type Caller, type CallRequest, type OpenCall } from './open-call.js';
import { reserveLimits } from './keep-limits.js';
import { isLimited, limitCall } from './limit-call.js';
import { readAsked, type Asked } from './read-asked.js';
import { needsRedaction, redactCall, redactionRecords } from './redact-call.js';
import { answerUnrecorded, knownOf, NOTHING_KNOWN, refuseCall } from './refuse-call.js';
import { nothingSent, settleCall, transferEnd } from './settle-call.js';
import { upstreamRequest } from './upstream-request.js';

export type AdmittedCall = OpenCall & { readonly endpoint: Endpoint; readonly caller: Caller };

/** Carries one call. Resolves when it is over, for the client and on record; rejects only when the client left before we had its body. */
export async function handleCall(engine: CallEngine, request: CallRequest, client: Client): Promise<void> {
  const call = openCall(engine.registry(), request, engine.clock.now(), performance.now());
  if (!engine.gate.open) { engine.gate.turnedAway(); answerUnrecorded(call, client); return; }
  if (call.refusal) { await refuseCall(engine, call, call.refusal, NOTHING_KNOWN, client); return; }
  const body = await request.body();
  if (isRefusal(body)) { await refuseCall(engine, call, body, NOTHING_KNOWN, client); return; }
  const endpoint = call.endpoint!, read = readAsked(endpoint, contentTypeOf(request), body);
  const keeper = endpoint.object === undefined ? undefined : await findKeeper(engine, call as AdmittedCall, endpoint.object);
  const asked = isRefusal(keeper) ? keeper : keeper === undefined || isRefusal(read) ? read
    : { ...read, model: keeper.owed ?? read.model, facts: { ...read.facts, owed: keeper.owed !== undefined, counted: keeper.counted } };
  if (isRefusal(asked)) { await refuseCall(engine, call, asked, knownOf(body, asked), client); return; }
  const admitted = admitCall(engine, call as AdmittedCall, asked.model, isRefusal(keeper) ? undefined : keeper?.providerId);
  if (isRefusal(admitted)) { await refuseCall(engine, call, admitted, knownOf(body, asked), client); return; }
  const rate = limitCall(engine.limiter, call as AdmittedCall), limited = rate instanceof Promise ? await rate : rate;
  if (isLimited(limited)) { await refuseCall(engine, call, limited, knownOf(body, asked), client); return; }
  admitted.rate = limited;
  const admission = needsRedaction(admitted) ? await redactCall(engine, call as AdmittedCall, asked, admitted) : admitted;
  if (isRefusal(admission)) { await refuseCall(engine, call, admission, knownOf(body, asked), client); return; }
  if (engine.limits.concerns(call as AdmittedCall)) {
    const reservation = await reserveLimits(engine.limits, engine.log, call as AdmittedCall, asked.estimatedInput, admission.routes);
    if (isRefusal(reservation)) { await refuseCall(engine, call, reservation, knownOf(body, asked), client); return; }
    admission.reservation = reservation;
  }
  try { await letGo(engine, call as AdmittedCall, asked, admission, client); } finally { admission.reservation?.end(); }
}

async function letGo(engine: CallEngine, call: AdmittedCall, asked: Asked, admission: Admission, client: Client): Promise<void> {
  const keeper = call.caller.account.contentGrants.length === 0 ? undefined : keepCall(engine, call, asked, client);
  const status = await carryCall(engine, call, asked, admission, keeper?.client ?? client);
  if (keeper) await keeper.end(status);
}

function contentTypeOf({ headers }: CallRequest): string | undefined { const value = headers['content-type']; return Array.isArray(value) ? value[0] : value; }

async function carryCall(engine: CallEngine, call: AdmittedCall, asked: Asked, admission: Admission, client: Client): Promise<CallStatus> {
  const number: Numbering = { epochId: engine.epoch.epochId, accountSeq: engine.epoch.next(call.caller.account.accountId) };
  let before: LedgerRecord[] = [];
  const routes = engine.circuits.order(admission.routes, call.at.getTime());
  for (const [index, route] of routes.entries()) {
    const at = engine.clock.now();
    const transfer: Transfer = { transferId: mintId(at), attempt: index + 1, route, at, started: performance.now() };
    const redacted = admission.redacted?.get(route), upstream = upstreamRequest(call.request, route, redacted?.asked ?? asked, call.endpoint);
    // Commit 1: what this provider is about to get is on record before a byte of it leaves us.
    try { await engine.gate.write([...before, transferRecord(call, number, transfer, asked.model ?? '', upstream.body?.length ?? 0), ...redactionRecords(call, route, redacted, transfer.transferId, at)]); } catch {
      turnBack(engine, call, number, asked, before, index, client);
      return 'refused';
    }
    const ending = client.gone ? nothingSent() : await forwardCall(engine, {
      requestId: call.requestId, provider: route.provider, request: upstream, extraHeaders: rateHeaders(call.dialect, admission.rate, call.at),
      meter: call.endpoint.createMeter({ hideUsage: call.endpoint.asksForUsage && asked.stream && !asked.usageAsked, estimatedInput: asked.estimatedInput, facts: asked.facts }),
      failoverUntil: index === routes.length - 1 ? 0 : call.started + engine.failoverMs,
    }, client);
    engine.circuits.note(route, routeServes(ending.outcome, ending.upstreamStatus), at.getTime());
    if (ending.failover === undefined || client.gone || !mayStillGo(engine, call, asked.model, routes[index + 1]!)) {
      await settleCall(engine, { call, number, asked, transfer, ending: asked.facts.owed ? await countOnce(engine, call, finalEnding(ending)) : finalEnding(ending), reservation: admission.reservation }, client);
      return ending.status;
    }
    // The client has seen nothing yet: the next allowed route may try, and the record of that says how this one ended.
    engine.log.warn('a provider failed before its first byte; trying the next route', { request_id: call.requestId, provider: route.provider.providerId, cause: ending.failover });
    before = [outcomeRecord(call, transfer, transferEnd({ transfer, ending }), engine.clock.now())];
  }
  throw new Error('a call was admitted without a route');
}

/** Whether the rules as they are by now still let the call go to its next route: it was admitted a while ago. */
function mayStillGo(engine: CallEngine, call: AdmittedCall, model: string | null, { provider: { providerId }, upstreamModel, redaction }: AllowedRoute): boolean {
  const registry = engine.registry();
  if (registry === call.registry) return true;
  const caller = identify(registry, call.request.headers);
  if (!caller || refusalOfCaller(caller) || !registry.providers.has(providerId)) return false;
  const judged = judgeRoute(engine, { registry, caller, callerRegion: call.callerRegion, at: engine.clock.now() }, model, { providerId, upstreamModel });
  // What goes there was looked through by the rule of then.
  return !isRefusal(judged) && judged.redaction?.ruleId === redaction?.ruleId;
}

/** The ending of a call that was to go on and may not: the provider's answer is gone by then, so the client gets one of ours. */
function finalEnding(ending: Ending): Ending {
  return ending.failover === undefined || ending.error ? ending : { ...ending, httpStatus: 502, error: { code: 'upstream_unreachable', cause: ending.failover } };
}

/** Commit 1 failed: to this provider nothing left. The number is taken, so its row must come as soon as records can be written again. */
function turnBack(engine: CallEngine, call: AdmittedCall, number: Numbering, asked: Asked, before: readonly LedgerRecord[], attempts: number, client: Client): void {
  const at = engine.clock.now(), refused = refusedEnd('records_unavailable', 503, knownOf(asked.body, asked));
  // What an earlier route got did leave, so this is no refusal any more.
  const end = attempts === 0 ? refused : { ...refused, status: 'failed' as const, attempts };
  engine.gate.later([...before, callRecord(call, number, end, at, engine.dayOf(call.at))]);
  engine.metrics.count('holdfast_refusals_total', 'Calls refused, by code', { code: 'records_unavailable' });
  answerUnrecorded(call, client);
}
