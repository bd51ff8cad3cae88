// Opens a case: its number, its clocks, its hold and its record in one transaction.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { mintId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { Billing } from '../billing/index.js';
import type { Gateway } from '../gateway/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Retention } from '../retention/index.js';
import { forbid } from '../security/index.js';
import { holdsAtOpen, type CaseHolds } from './case-holds.js';
import type { OpenCaseInput, OpenedCase } from './case.js';
import { insertCalls, insertCase, insertMove, nextNumber } from './case.store.js';
import type { CaseClocks } from './case-clocks.js';
import { checkFields } from './fact-rules.js';
import { isCaseKind, MACHINES } from './kinds.js';
import type { Facts } from './machine.js';
import { moverOf } from './mover.js';

export interface OpenCaseDeps {
  readonly clock: Clock; readonly timeZone: string; readonly append: AppendRecord; readonly holds: CaseHolds; readonly clocks: CaseClocks;
  readonly gateway: Pick<Gateway, 'findCall'>; readonly retention: Pick<Retention, 'readCutOff'>; readonly billing: Pick<Billing, 'findAccount'>;
}
export type OpenCase = (tx: Tx, input: OpenCaseInput) => Promise<OpenedCase | Refusal>;
const MOST_CALLS = 100;

/** Binds the use case. Refusals: forbidden, invalid_request, not_found (account, call), conflict (calls of two accounts). */
export function createOpenCase(deps: OpenCaseDeps): OpenCase {
  return async (tx, input) => {
    if (!isCaseKind(input.kind)) return refuse('invalid_request', `a case is a ${Object.keys(MACHINES).join(', a ')}`, 'kind');
    const machine = MACHINES[input.kind], no = forbid(tx.actor, machine.open);
    if (no) return no;
    const now = deps.clock.now(), facts = checkFields(machine.openFields, input.facts, {}, now, deps.timeZone);
    if (isRefusal(facts)) return facts;
    const concerned = await findConcerned(deps, input);
    if (isRefusal(concerned)) return concerned;
    if (machine.kind === 'dispute' && concerned.requestIds.length === 0) return refuse('invalid_request', 'a dispute is about calls: give at least one request id', 'requestIds');
    const caseId = mintId(now), year = Number(dayOf(now, deps.timeZone).slice(0, 4)), receivedAt = receivedOf(facts, now), mover = await moverOf(tx);
    const number = `${machine.letter}-${year}-${String(await nextNumber(tx, machine.kind, year)).padStart(4, '0')}`;
    const one = { caseId, number, kind: machine.kind, state: machine.initial, accountId: concerned.accountId, facts, receivedAt, openedAt: now, openedBy: tx.actor.name, ownerId: tx.actor.kind === 'operator' ? tx.actor.id : null };
    await insertCase(tx, one);
    await insertCalls(tx, caseId, concerned.requestIds, now);
    const hold = holdsAtOpen(machine, facts) ? await deps.holds.place(tx, { ...one, holdId: null }) : null;
    if (isRefusal(hold)) return hold;
    for (const rule of machine.clocks) if (rule.starts === 'open') await deps.clocks.start(tx, caseId, rule, facts, receivedAt);
    await insertMove(tx, caseId, { moveId: mintId(now), at: now, move: 'open', fromState: null, toState: machine.initial, person: mover.person, actorName: tx.actor.name, fields: facts, effects: hold === null ? {} : { hold_id: hold } });
    // The record proves what was said without keeping it: names of people and their words live and go with the case.
    await deps.append(tx, { action: 'case.open', subjectKind: 'case', subjectId: caseId, purpose: machine.purpose,
      after: { number, kind: machine.kind, state: machine.initial, account_id: concerned.accountId, request_ids: concerned.requestIds, hold_id: hold, person: mover.person, fields_sha256: digestOfFields(facts) } });
    return { caseId, number, holdId: hold };
  };
}

/** SHA-256, hex, over the RFC 8785 text of the fields. */
export function digestOfFields(fields: Facts): string { return sha256Hex(canonicalJson(fields as { readonly [name: string]: Json })); }

interface Concerned { readonly accountId: string | null; readonly requestIds: readonly string[] }

/** The account and the calls by our ids; a call past its retention is not there for cases either. */
export async function findConcerned(deps: Pick<OpenCaseDeps, 'gateway' | 'retention' | 'billing'>, input: Pick<OpenCaseInput, 'accountId' | 'requestIds'>): Promise<Concerned | Refusal> {
  const asked = [...new Set(input.requestIds ?? [])];
  if (asked.length > MOST_CALLS) return refuse('invalid_request', `a case is opened with at most ${MOST_CALLS} calls`, 'requestIds');
  if (input.accountId !== undefined && !await deps.billing.findAccount(input.accountId)) return refuse('not_found', `there is no account ${cleanText(input.accountId, 80)}`, 'accountId');
  let accountId: string | null = input.accountId ?? null;
  const requestIds = new Set<string>();
  for (const id of asked) {
    const call = (await deps.gateway.findCall(id))?.call, cutOff = call && await deps.retention.readCutOff('api_call_metadata', call.account_id ?? undefined);
    if (!call || (cutOff && call.at < cutOff)) return refuse('not_found', `no call ${cleanText(id, 80)}; give the x-request-id of its answer, or the provider's or client's id`, 'requestIds');
    if (call.account_id !== null && accountId !== null && call.account_id !== accountId) return refuse('conflict', `call ${call.request_id} is of another account than ${accountId}; one case concerns one account`, 'requestIds');
    accountId ??= call.account_id;
    requestIds.add(call.request_id);
  }
  return { accountId, requestIds: [...requestIds] };
}

/** When it reached us: what the opener says, or now. */
function receivedOf(facts: Facts, now: Date): Date {
  const said = facts['received_at'];
  return typeof said === 'string' ? new Date(said) : now;
}
