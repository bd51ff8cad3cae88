// Releases a hold on the word of two people. Nothing is deleted by it: what it covered stays protected for a while, then the policies decide again.
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/ids.js';
import { addPeriod } from '../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type Approval, type RequestApproval } from '../security/index.js';
import type { ReleasedHold } from './hold.js';
import { markReleased } from './holds.store.js';
import { countHeldRows, readHold } from './holds.view.js';
import { describeHold } from './place-hold.js';
import { inTx } from './query.store.js';

/** How long a released hold goes on protecting: time to notice a release by mistake. */
export const RELEASE_DELAY = 'P30D';
export const RELEASE_ACTION = 'hold.release';

export interface ReleaseDeps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly requestApproval: RequestApproval }

/** Binds the use case: asks a second person. Asking again, or for a released hold, changes nothing. Refusals: forbidden, invalid_request, not_found. */
export function createReleaseHold(deps: ReleaseDeps): (tx: Tx, holdId: string, reason: string) => Promise<ReleasedHold | Refusal> {
  return async (tx, holdId, reason) => {
    const no = forbid(tx.actor, 'holds.write');
    if (no) return no;
    if (!reason.trim()) return refuse('invalid_request', 'say why the hold ends', 'reason');
    const hold = isUuid(holdId) ? await readHold(inTx(tx), holdId) : undefined;
    if (!hold) return refuse('not_found', `no hold ${holdId}`);
    if (hold.protectsUntil) return { holdId, changed: false, protectsUntil: hold.protectsUntil, approvalId: null };
    const rows = await countHeldRows(inTx(tx), hold);
    const approval = await deps.requestApproval(tx, { action: RELEASE_ACTION, subjectKind: 'hold', subjectId: holdId, reason: cleanText(reason.trim(), 500)!,
      proposal: { hold_id: holdId, ...describeHold(hold), protects_for: RELEASE_DELAY }, preview: Object.fromEntries(rows.map((one) => [one.table, one.rows.toString()])) });
    return isRefusal(approval) ? approval : { holdId, changed: tx.ledgered, protectsUntil: null, approvalId: approval.approvalId };
  };
}

/** What approving does: the delay starts. Refuses when the hold was released or changed since it was asked. */
export function createCarryOutRelease(deps: Omit<ReleaseDeps, 'requestApproval'>): (tx: Tx, approval: Approval) => Promise<Refusal | undefined> {
  return async (tx, approval) => {
    const hold = await readHold(inTx(tx), approval.subjectId);
    if (!hold || hold.releasedAt) return refuse('conflict', `hold ${approval.subjectId} was released before`);
    const asked = { hold_id: hold.holdId, ...describeHold(hold), protects_for: RELEASE_DELAY };
    if (canonicalJson(asked) !== canonicalJson(approval.proposal)) return refuse('conflict', 'the hold was extended since this was asked; ask again');
    const now = deps.clock.now(), protectsUntil = addPeriod(now, RELEASE_DELAY, deps.timeZone);
    if (!await markReleased(tx, hold.holdId, tx.actor.name, now, protectsUntil)) return refuse('conflict', `hold ${hold.holdId} was released by somebody else at the same moment`);
    await deps.append(tx, { action: 'hold.release', subjectKind: 'hold', subjectId: hold.holdId, purpose: 'compliance_retention', ...(approval.reason ? { reason: approval.reason } : {}),
      before: { account_id: hold.accountId, matter: hold.matter, placed_by: hold.placedBy }, after: { protects_until: protectsUntil.toISOString(), approval_id: approval.approvalId, requested_by: approval.requestedBy } });
    return undefined;
  };
}
