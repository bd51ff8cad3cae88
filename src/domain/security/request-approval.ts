// Asks for a second person. The slice whose change it is has checked the asker's permission.
import { canonicalJson } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { digestOf, type Approval, type ApprovalInput } from './approval.js';
import { findPending, insertApproval } from './approval.store.js';

/** How long a request waits for a second person, in days. */
export const APPROVAL_DAYS = 7;

export type RequestApproval = (tx: Tx, input: ApprovalInput) => Promise<Approval | Refusal>;

/** Binds it. The same change asked again answers the pending request, with the numbers of then; something else about the same subject is refused (`conflict`) until it is decided. */
export function createRequestApproval(deps: { clock: Clock; append: AppendRecord }): RequestApproval {
  return async (tx, input) => {
    const now = deps.clock.now(), { actor } = tx, digest = digestOf(input);
    const pending = await findPending(tx, input.action, input.subjectId);
    if (pending) return canonicalJson(pending.proposal) === canonicalJson(input.proposal) ? pending : refuse('conflict', `${pending.requestedBy} has asked for ${pending.action} on this before; approval ${pending.approvalId} has to be decided or withdrawn first`);
    const approval: Approval = { ...input, approvalId: mintId(now), digest, reason: input.reason ?? null, state: 'pending', requestedByKind: actor.kind, requestedById: actor.id, requestedBy: actor.name,
      requestedAt: now, expiresAt: new Date(now.getTime() + APPROVAL_DAYS * 86_400_000), decidedById: null, decidedBy: null, decidedAt: null, decisionReason: null };
    if (!await insertApproval(tx, approval)) return refuse('conflict', `somebody asked for ${input.action} on this at the same moment; look at the pending approvals`);
    await deps.append(tx, { action: 'approval.request', subjectKind: 'approval', subjectId: approval.approvalId, purpose: 'compliance_retention', ...(input.reason ? { reason: input.reason } : {}),
      after: { action: input.action, subject_kind: input.subjectKind, subject_id: input.subjectId, proposal: input.proposal, preview: input.preview, digest, expires_at: approval.expiresAt.toISOString() } });
    return approval;
  };
}
