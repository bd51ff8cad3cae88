// Decides a request: a second person approves or rejects, its asker withdraws, time ends it. Each is on the ledger, in one transaction with what follows from it.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import type { Approval, ApprovalHandler, ApprovalState } from './approval.js';
import { issuedToken, lockApproval, lockExpired, markDecided } from './approval.store.js';
import { can, forbid } from './permissions.js';

export interface Decisions {
  /** Approves what the digest names and carries it out. Refusals: forbidden, four_eyes_required (one's own; no person), not_found, conflict (decided, expired, something else than was shown). */
  approve(tx: Tx, approvalId: string, digest: string, reason?: string): Promise<Approval | Refusal>;
  reject(tx: Tx, approvalId: string, reason: string): Promise<Approval | Refusal>;
  /** By who asked, or by whoever may ask for retention changes. */
  withdrawApproval(tx: Tx, approvalId: string, reason: string): Promise<Approval | Refusal>;
  /** Ends what nobody decided in time; answers how many. Run by the worker. */
  expireApprovals(tx: Tx): Promise<number>;
}

export function createDecisions(deps: { clock: Clock; append: AppendRecord; handlers: ReadonlyMap<string, ApprovalHandler> }): Decisions {
  const settle = async (tx: Tx, approval: Approval, state: Exclude<ApprovalState, 'pending'>, verb: string, reason: string | null): Promise<Approval> => {
    const now = deps.clock.now();
    await markDecided(tx, approval.approvalId, state, tx.actor, now, reason);
    await deps.append(tx, { action: `approval.${verb}`, subjectKind: 'approval', subjectId: approval.approvalId, purpose: 'compliance_retention', ...(reason ? { reason } : {}),
      after: { action: approval.action, subject_kind: approval.subjectKind, subject_id: approval.subjectId, digest: approval.digest, requested_by: approval.requestedBy, requested_at: approval.requestedAt.toISOString() } });
    return { ...approval, state, decidedById: tx.actor.id, decidedBy: tx.actor.name, decidedAt: now, decisionReason: reason };
  };
  const end = async (tx: Tx, approval: Approval, state: Exclude<ApprovalState, 'pending' | 'approved'>, verb: string, reason: string | null): Promise<Approval> => {
    const ended = await settle(tx, approval, state, verb, reason);
    await deps.handlers.get(approval.action)?.ended?.(tx, ended, state);
    return ended;
  };
  return {
    approve: async (tx, approvalId, digest, reason) => {
      const no = noPerson(tx) ?? forbid(tx.actor, 'approvals.decide');
      if (no) return no;
      const approval = await lockApproval(tx, approvalId);
      if (!approval) return unknown(approvalId);
      if (approval.requestedById === tx.actor.id || (tx.actor.kind === 'api_token' && await issuedToken(tx, tx.actor.id, approval.requestedById))) {
        return refuse('four_eyes_required', 'nobody approves what he asked for himself; another person with the permission has to');
      }
      const over = notPending(approval, deps.clock.now());
      if (over) return over;
      if (digest !== approval.digest) return refuse('conflict', 'this is not what the request says; look at it again and approve its digest', 'digest');
      const approved = await settle(tx, approval, 'approved', 'approve', reason?.trim() ? reason.trim().slice(0, 500) : null);
      const handler = deps.handlers.get(approval.action);
      if (!handler) throw new Error(`nothing carries out ${approval.action}`);
      return await handler.approved(tx, approved) ?? approved;
    },
    reject: async (tx, approvalId, reason) => {
      const no = forbid(tx.actor, 'approvals.decide') ?? checkReason(reason);
      if (no) return no;
      const approval = await lockApproval(tx, approvalId);
      return !approval ? unknown(approvalId) : notPending(approval, deps.clock.now()) ?? await end(tx, approval, 'rejected', 'reject', reason.trim());
    },
    withdrawApproval: async (tx, approvalId, reason) => {
      const no = checkReason(reason);
      if (no) return no;
      const approval = await lockApproval(tx, approvalId);
      if (!approval) return unknown(approvalId);
      if (approval.requestedById !== tx.actor.id && !can(tx.actor, 'retention.write')) return refuse('forbidden', 'only who asked for it, or a compliance officer, withdraws it');
      return notPending(approval, deps.clock.now()) ?? await end(tx, approval, 'withdrawn', 'withdraw', reason.trim());
    },
    expireApprovals: async (tx) => {
      const expired = await lockExpired(tx, deps.clock.now());
      for (const approval of expired) await end(tx, approval, 'expired', 'expire', null);
      return expired.length;
    },
  };
}

function noPerson({ actor }: Tx): Refusal | undefined {
  return actor.kind === 'operator' || actor.kind === 'api_token' ? undefined
    : refuse('four_eyes_required', 'the command line and our own processes approve nothing: a person approves, signed in to the console or by a token of his own');
}

function notPending(approval: Approval, now: Date): Refusal | undefined {
  if (approval.state !== 'pending') return refuse('conflict', `approval ${approval.approvalId} was ${approval.state} by ${approval.decidedBy ?? 'somebody'} before`);
  return approval.expiresAt <= now ? refuse('conflict', `approval ${approval.approvalId} has expired; ask again`) : undefined;
}

function unknown(approvalId: string): Refusal { return refuse('not_found', `there is no approval ${approvalId}`); }
