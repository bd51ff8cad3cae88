// Between publishing and effect: a scheduled policy is withdrawn, or its day comes.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { isUuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { hasEffective, lockPolicies, markEffective, withdrawScheduled } from './policies.store.js';

/** Binds the use case: nobody is asked, since nothing is destroyed by keeping. Refusals: forbidden, invalid_request, conflict (not scheduled, or in force by now). */
export function createWithdrawPolicy(deps: { clock: Clock; append: AppendRecord }): (tx: Tx, policyId: string, reason: string) => Promise<{ withdrawn: true } | Refusal> {
  return async (tx, policyId, reason) => {
    const no = forbid(tx.actor, 'retention.write') ?? checkReason(reason);
    if (no) return no;
    if (!isUuid(policyId)) return refuse('not_found', `no policy ${policyId}`);
    await lockPolicies(tx);
    const [id] = await withdrawScheduled(tx, { policyId }, deps.clock.now());
    if (id === undefined) return refuse('conflict', `policy ${policyId} is not scheduled; what is in force is changed by publishing another`);
    await deps.append(tx, { action: 'policy.withdraw', subjectKind: 'policy', subjectId: policyId, purpose: 'compliance_retention', reason: reason.trim() });
    return { withdrawn: true };
  };
}

/** Binds what the worker does each minute: policies whose day has come are said to be in force. Purges go by the dates and do not wait for this. */
export function createBringIntoForce(deps: { clock: Clock; append: AppendRecord }): (tx: Tx) => Promise<number> {
  return async (tx) => {
    const now = deps.clock.now();
    if (!await hasEffective(tx, now)) return 0;
    await lockPolicies(tx);
    const ids = await markEffective(tx, now);
    for (const id of ids) await deps.append(tx, { action: 'policy.take_effect', subjectKind: 'policy', subjectId: id, purpose: 'compliance_retention', after: { at: now.toISOString() } });
    return ids.length;
  };
}
