import type { Clock } from '../../kernel/clock.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { findKey, markKeyRevoked } from './key.store.js';
import { forbid } from './permissions.js';

/** Ends a key for good, within a second on every gateway; the row stays, since calls name it. `changed: false` when it was revoked before. */
export type RevokeKey = (tx: Tx, keyId: string, reason: string) => Promise<{ changed: boolean } | Refusal>;

export function createRevokeKey(deps: { clock: Clock; append: AppendRecord }): RevokeKey {
  return async (tx, keyId, reason) => {
    const refusal = forbid(tx.actor, 'keys.write');
    if (refusal) return refusal;
    const found = await findKey(tx, keyId);
    if (!found) return refuse('not_found', `there is no key ${keyId}`);
    if (found.status === 'revoked') return { changed: false };
    if (!await markKeyRevoked(tx, found.key_id, deps.clock.now())) return refuse('conflict', `key ${keyId} was revoked by somebody else just now`);
    const facts = { account_id: found.account_id, name: found.name };
    await deps.append(tx, { action: 'key.revoke', subjectKind: 'key', subjectId: keyId, reason, before: { ...facts, status: 'active' }, after: { ...facts, status: 'revoked' } });
    return { changed: true };
  };
}
