// Releases a hold. Nothing is deleted by it: what it covered stays protected for a while, then the policies decide again.
import type { Clock } from '../../kernel/clock.js';
import { isUuid } from '../../kernel/ids.js';
import { addPeriod } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import type { ReleasedHold } from './hold.js';
import { markReleased } from './holds.store.js';
import { readHold } from './holds.view.js';
import { inTx } from './query.store.js';

/** How long a released hold goes on protecting: time to notice a release by mistake. */
export const RELEASE_DELAY = 'P30D';

/** Binds the use case. Releasing again changes nothing. Refusals: forbidden, invalid_request, not_found, conflict. */
export function createReleaseHold(deps: { clock: Clock; append: AppendRecord; timeZone: string }): (tx: Tx, holdId: string, reason: string) => Promise<ReleasedHold | Refusal> {
  return async (tx, holdId, reason) => {
    const no = forbid(tx.actor, 'holds.write');
    if (no) return no;
    if (!reason.trim()) return refuse('invalid_request', 'say why the hold ends', 'reason');
    const hold = isUuid(holdId) ? await readHold(inTx(tx), holdId) : undefined;
    if (!hold) return refuse('not_found', `no hold ${holdId}`);
    if (hold.protectsUntil) return { holdId, changed: false, protectsUntil: hold.protectsUntil };
    const now = deps.clock.now(), protectsUntil = addPeriod(now, RELEASE_DELAY, deps.timeZone);
    if (!await markReleased(tx, holdId, tx.actor.name, now, protectsUntil)) return refuse('conflict', `hold ${holdId} was released by somebody else at the same moment`);
    await deps.append(tx, { action: 'hold.release', subjectKind: 'hold', subjectId: holdId, purpose: 'compliance_retention', reason: cleanText(reason.trim(), 500)!,
      before: { account_id: hold.accountId, matter: hold.matter, placed_by: hold.placedBy }, after: { protects_until: protectsUntil.toISOString() } });
    return { holdId, changed: true, protectsUntil };
  };
}
