// A call that does not leave: on record first, then answered.
import { ERRORS } from '../../kernel/errors.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import type { CallRefusal } from './admit-call.js';
import { callRecord, refusedEnd, unknownKeyRecord } from './call-records.js';
import type { CallEngine } from './call-engine.js';
import type { Client } from './client.js';
import { ownHeaders, rateHeaders } from './client-headers.js';
import type { OpenCall } from './open-call.js';
import type { Asked } from './read-asked.js';

export interface KnownOfBody { readonly model: string | null; readonly stream: boolean; readonly requestBytes: number }
export const NOTHING_KNOWN: KnownOfBody = { model: null, stream: false, requestBytes: 0 };

/** What can be said of a body that was read, even if it was refused. */
export function knownOf(body: Buffer, asked: Asked | Refusal): KnownOfBody {
  return isRefusal(asked) ? { ...NOTHING_KNOWN, requestBytes: body.length } : { model: asked.model, stream: asked.stream, requestBytes: body.length };
}

/** Records the refusal and answers with it; with `records_unavailable` when it cannot be recorded. */
export async function refuseCall(engine: CallEngine, call: OpenCall, refusal: CallRefusal, known: KnownOfBody, client: Client): Promise<void> {
  const { account } = call.caller ?? {};
  const at = engine.clock.now(), end = refusedEnd(refusal.code, ERRORS[refusal.code].status, known);
  const row = (accountSeq: number | null) => callRecord(call, { epochId: engine.epoch.epochId, accountSeq }, end, at, engine.dayOf(call.at));
  const records = account ? [row(engine.epoch.next(account.accountId))]
    : engine.unknownCallers.recordsFor(() => (refusal.code === 'unauthenticated' ? [unknownKeyRecord(call, at), row(null)] : [row(null)]));
  try { if (records.length > 0) await engine.gate.write(records); } catch {
    // The number is taken, so its row must come: as soon as records can be written again.
    if (account) engine.gate.later(records);
    engine.metrics.count('holdfast_refusals_total', 'Calls refused, by code', { code: 'records_unavailable' });
    answerUnrecorded(call, client);
    return;
  }
  engine.metrics.count('holdfast_calls_total', 'Calls on record, by status', { status: 'refused' });
  engine.metrics.count('holdfast_refusals_total', 'Calls refused, by code', { code: refusal.code });
  answerRefusal(call, client, refusal);
}

export function answerRefusal(call: OpenCall, client: Client, refusal: CallRefusal): void {
  const headers = { ...ownHeaders(call.requestId), ...rateHeaders(call.dialect, refusal.rate, call.at) };
  if (refusal.retryAfter !== undefined) headers['retry-after'] = String(refusal.retryAfter);
  if (refusal.code === 'method_not_allowed') headers['allow'] = call.request.path.startsWith('/v1/models') ? 'GET, HEAD' : 'POST';
  // Official clients retry a 429 otherwise, and the answer stays the same for hours.
  if (refusal.code === 'insufficient_quota') headers['x-should-retry'] = 'false';
  client.error({ code: refusal.code, message: refusal.message, ...(refusal.field === undefined ? {} : { field: refusal.field }), dialect: call.dialect, requestId: call.requestId, headers });
}

/** The answer when nothing can be written down: nothing has left, and the same call may be tried again. */
export function answerUnrecorded(call: OpenCall, client: Client): void {
  client.error({
    code: 'records_unavailable', message: 'Nothing was sent: the gateway cannot write its records at the moment, and no call leaves without one. Try again shortly.',
    dialect: call.dialect, requestId: call.requestId, headers: { ...ownHeaders(call.requestId), 'retry-after': '2' },
  });
}
