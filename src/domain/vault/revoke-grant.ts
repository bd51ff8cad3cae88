// Ends a grant: nothing more is kept under it, and what was kept is due at once.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { expireGrant } from './content.store.js';
import { findGrant, markRevoked } from './grant.store.js';

/**
 * `expired`: pieces of content that are due now; a hold may still keep some. `changed: false` when it was revoked before. `byAccount`: the
 * account itself revokes, and may its own only. Refusals: forbidden, not_found, invalid_request.
 */
export type RevokeGrant = (tx: Tx, grantId: string, reason: string, byAccount?: string) => Promise<{ changed: boolean; expired: number } | Refusal>;

export function createRevokeGrant(deps: { clock: Clock; append: AppendRecord }): RevokeGrant {
  return async (tx, grantId, reason, byAccount) => {
    const refusal = (byAccount === undefined ? forbid(tx.actor, 'content.grant') : undefined) ?? checkReason(reason);
    if (refusal) return refusal;
    const grant = await findGrant(tx, grantId);
    if (!grant || (byAccount !== undefined && grant.accountId !== byAccount)) return refuse('not_found', `there is no grant ${grantId.slice(0, 60)}`);
    const now = deps.clock.now();
    if (grant.revokedAt || !await markRevoked(tx, grant.grantId, now, tx.actor.name)) return { changed: false, expired: 0 };
    const expired = await expireGrant(tx, grant.grantId, now);
    await deps.append(tx, { action: 'content.revoke', subjectKind: 'content_grant', subjectId: grant.grantId, reason, before: { account_id: grant.accountId, valid_until: grant.validUntil.toISOString() },
      after: { revoked_at: now.toISOString(), by_customer: byAccount !== undefined, pieces_due: expired } });
    return { changed: true, expired };
  };
}
