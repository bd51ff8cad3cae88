// Extends a hold: more ids, more data types, a wider window, a later review. It never covers less than before.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { isUuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { ExtendHoldInput, Hold, PlacedHold } from './hold.js';
import { checkScope, MAX_IDS, sortedIds, sortedTypes } from './hold-input.js';
import { readRemovedSince, unknownKeys, updateHold } from './holds.store.js';
import { readHold } from './holds.view.js';
import { describeHold } from './place-hold.js';
import { inTx } from './query.store.js';

/** Binds the use case. Refusals: forbidden, invalid_request (something in it narrows), not_found, conflict (released). */
export function createExtendHold(deps: { clock: Clock; append: AppendRecord }): (tx: Tx, holdId: string, input: ExtendHoldInput) => Promise<PlacedHold | Refusal> {
  return async (tx, holdId, input) => {
    const wrong = forbid(tx.actor, 'holds.write') ?? checkReason(input.reason) ?? checkScope(input);
    if (wrong) return wrong;
    const hold = isUuid(holdId) ? await readHold(inTx(tx), holdId) : undefined;
    if (!hold) return refuse('not_found', `no hold ${holdId}`);
    if (hold.releasedAt) return refuse('conflict', `hold ${holdId} was released; place another of the same matter`);
    const narrower = narrowing(hold, input);
    if (narrower) return narrower;
    const [unknown] = input.keyIds ? await unknownKeys(tx, input.keyIds) : [];
    if (unknown !== undefined) return refuse('not_found', `no key ${unknown}`, 'keyIds');
    const wider: Hold = { ...hold, keyIds: hold.keyIds && sortedIds([...hold.keyIds, ...input.keyIds ?? []]), requestIds: hold.requestIds && sortedIds([...hold.requestIds, ...input.requestIds ?? []]),
      fromAt: input.from === undefined ? hold.fromAt : input.from, untilAt: input.until === undefined ? hold.untilAt : input.until,
      dataTypes: input.dataTypes === undefined || hold.dataTypes === null ? hold.dataTypes : input.dataTypes && sortedTypes([...hold.dataTypes, ...input.dataTypes]), reviewOn: input.reviewOn ?? hold.reviewOn };
    if (JSON.stringify(describeHold(wider)) === JSON.stringify(describeHold(hold))) return { holdId, changed: false, alreadyRemoved: [] };
    if (!wider.accountId && !wider.keyIds && !wider.requestIds && !wider.fromAt && !wider.untilAt) return refuse('invalid_request', 'without its window this hold would cover everything; place one that names what is held', 'until');
    await updateHold(tx, wider);
    const alreadyRemoved = await readRemovedSince(tx, wider.dataTypes, deps.clock.now());
    await deps.append(tx, { action: 'hold.extend', subjectKind: 'hold', subjectId: holdId, purpose: 'compliance_retention', reason: input.reason.trim(), before: describeHold(hold),
      after: { ...describeHold(wider), already_removed: alreadyRemoved.map((one) => ({ run_id: one.runId, data_type: one.dataType, rows: one.rows.toString() })) } });
    return { holdId, changed: true, alreadyRemoved };
  };
}

function narrowing(hold: Hold, input: ExtendHoldInput): Refusal | undefined {
  const narrows = (field: string): Refusal => refuse('invalid_request', `${field} would narrow the hold: a hold is only widened; place another for something else`, field);
  if (input.keyIds && !hold.keyIds) return narrows('keyIds');
  if (input.requestIds && !hold.requestIds) return narrows('requestIds');
  if ((hold.keyIds?.length ?? 0) + (input.keyIds?.length ?? 0) > MAX_IDS || (hold.requestIds?.length ?? 0) + (input.requestIds?.length ?? 0) > MAX_IDS) return refuse('invalid_request', `one hold names at most ${MAX_IDS} ids; place another of the same matter`, 'requestIds');
  if (input.from && (!hold.fromAt || input.from > hold.fromAt)) return narrows('from');
  if (input.until && (!hold.untilAt || input.until < hold.untilAt)) return narrows('until');
  return undefined;
}
