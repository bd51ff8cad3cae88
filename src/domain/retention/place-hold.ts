// Places a hold: from the moment this commits, no purge removes what it covers.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { readAccount } from './facts.view.js';
import type { PlacedHold, PlaceHoldInput } from './hold.js';
import { findSameHold, insertHold, readRemovedSince } from './holds.store.js';
import { inTx } from './query.store.js';

/**
 * Binds the use case. It waits while a purge destroys rows, at most seconds, and then sees what remains. Placing the same matter on
 * the same again changes nothing. Refusals: forbidden, invalid_request, not_found.
 */
export function createPlaceHold(deps: { clock: Clock; append: AppendRecord }): (tx: Tx, input: PlaceHoldInput) => Promise<PlacedHold | Refusal> {
  return async (tx, input) => {
    const wrong = forbid(tx.actor, 'holds.write') ?? checkInput(input);
    if (wrong) return wrong;
    if (!await readAccount(inTx(tx), input.accountId)) return refuse('not_found', `no account ${input.accountId}`, 'accountId');
    const now = deps.clock.now();
    const dataTypes = input.dataTypes ? DATA_TYPES.filter((type) => input.dataTypes!.includes(type)) : null;
    const text = (value: string): string => cleanText(value.trim(), 500)!;
    const hold = { holdId: mintId(now), accountId: input.accountId, dataTypes, matter: text(input.matter), requester: text(input.requester), basis: text(input.basis),
      reviewOn: input.reviewOn, placedBy: tx.actor.name, placedAt: now, releasedBy: null, releasedAt: null, protectsUntil: null };
    const existing = await findSameHold(tx, hold);
    if (existing) return { holdId: existing, changed: false, alreadyRemoved: [] };
    await insertHold(tx, hold);
    const alreadyRemoved = await readRemovedSince(tx, dataTypes, now);
    await deps.append(tx, { action: 'hold.place', subjectKind: 'hold', subjectId: hold.holdId, purpose: 'compliance_retention', reason: hold.matter,
      after: { account_id: hold.accountId, data_types: dataTypes, matter: hold.matter, requester: hold.requester, basis: hold.basis, review_on: hold.reviewOn,
        already_removed: alreadyRemoved.map((one) => ({ run_id: one.runId, data_type: one.dataType, rows: one.rows.toString() })) } });
    return { holdId: hold.holdId, changed: true, alreadyRemoved };
  };
}

function checkInput(input: PlaceHoldInput): Refusal | undefined {
  for (const field of ['matter', 'requester', 'basis'] as const) if (!input[field].trim()) return refuse('invalid_request', `a hold needs its ${field}`, field);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(input.reviewOn) || Number.isNaN(Date.parse(input.reviewOn))) return refuse('invalid_request', 'reviewOn is a day, YYYY-MM-DD', 'reviewOn');
  const unknown = input.dataTypes?.find((type) => !DATA_TYPES.includes(type));
  if (unknown !== undefined) return refuse('invalid_request', `no data type ${unknown}; it is one of ${DATA_TYPES.join(', ')}`, 'dataTypes');
  if (input.dataTypes?.length === 0) return refuse('invalid_request', 'name at least one data type, or leave dataTypes out for all', 'dataTypes');
  return undefined;
}
