// Places a hold: from the moment this commits, no purge removes what it covers.
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { readAccount } from './facts.view.js';
import type { Hold, PlacedHold, PlaceHoldInput } from './hold.js';
import { checkScope, sortedIds, sortedTypes } from './hold-input.js';
import { findSameHold, insertHold, readRemovedSince, unknownKeys } from './holds.store.js';
import { inTx } from './query.store.js';

/**
 * Binds the use case. It waits while a purge destroys rows, at most seconds, and then sees what remains. Placing the same matter on
 * the same again changes nothing. Refusals: forbidden, invalid_request, not_found.
 */
export function createPlaceHold(deps: { clock: Clock; append: AppendRecord }): (tx: Tx, input: PlaceHoldInput) => Promise<PlacedHold | Refusal> {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, 'holds.place') ?? checkInput(input);
    if (wrong) return wrong;
    if (input.accountId !== undefined && !await readAccount(inTx(tx), input.accountId)) return refuse('not_found', `no account ${input.accountId}`, 'accountId');
    const [unknown] = input.keyIds ? await unknownKeys(tx, input.keyIds) : [];
    if (unknown !== undefined) return refuse('not_found', `no key ${unknown}`, 'keyIds');
    const now = deps.clock.now(), text = (value: string): string => cleanText(value.trim(), 500)!;
    const hold: Hold = { holdId: mintId(now), accountId: input.accountId ?? null, keyIds: sortedIds(input.keyIds), requestIds: sortedIds(input.requestIds), fromAt: input.from ?? null, untilAt: input.until ?? null,
      dataTypes: sortedTypes(input.dataTypes), matter: text(input.matter), requester: text(input.requester), basis: text(input.basis), reviewOn: input.reviewOn, placedBy: tx.actor.name, placedAt: now,
      releasedBy: null, releasedAt: null, protectsUntil: null };
    const existing = await findSameHold(tx, hold);
    if (existing) return { holdId: existing, changed: false, alreadyRemoved: [] };
    await insertHold(tx, hold);
    const alreadyRemoved = await readRemovedSince(tx, hold.dataTypes, now);
    await deps.append(tx, { action: 'hold.place', subjectKind: 'hold', subjectId: hold.holdId, purpose: 'compliance_retention', reason: hold.matter,
      after: { ...describeHold(hold), already_removed: alreadyRemoved.map((one) => ({ run_id: one.runId, data_type: one.dataType, rows: one.rows.toString() })) } });
    return { holdId: hold.holdId, changed: true, alreadyRemoved };
  };
}

/** A hold as its records tell it. */
export function describeHold(hold: Hold) {
  return { account_id: hold.accountId, key_ids: hold.keyIds, request_ids: hold.requestIds, from: hold.fromAt?.toISOString() ?? null, until: hold.untilAt?.toISOString() ?? null, data_types: hold.dataTypes,
    matter: hold.matter, requester: hold.requester, basis: hold.basis, review_on: hold.reviewOn };
}

function checkInput(input: PlaceHoldInput): Refusal | undefined {
  for (const field of ['matter', 'requester', 'basis'] as const) if (!input[field].trim()) return refuse('invalid_request', `a hold needs its ${field}`, field);
  if (input.accountId === undefined && !input.keyIds && !input.requestIds && !input.from && !input.until) return refuse('invalid_request', 'say what is held: an account, keys, request ids or a window of time', 'accountId');
  return checkScope(input);
}
