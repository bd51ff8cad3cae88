// What people do to an erasure: approve it, let it begin, cancel it before it has begun.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { isUuid } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type ApprovalHandler, type Security } from '../security/index.js';
import type { ErasureState } from './erase.js';
import { lift, lockErasure, markErasure } from './erase.store.js';

type Answer = Promise<{ readonly state: ErasureState } | Refusal>;
export interface ErasureControl {
  /** The second person's word by a move of the case; other erasures are approved as every request is. Refuses who asked for it (`four_eyes_required`). */
  approveErasure(tx: Tx, erasureId: string): Answer;
  /** Lets an approved erasure begin; the worker takes it up. Refuses one that is not approved. */
  startErasure(tx: Tx, erasureId: string): Answer;
  /** Only before it has begun: nothing was erased, and the restriction is lifted. */
  cancelErasure(tx: Tx, erasureId: string, reason: string): Answer;
}

interface ControlDeps { readonly clock: Clock; readonly append: AppendRecord; readonly security: Pick<Security, 'withdrawApproval' | 'approvals'> }

export function createErasureControl(deps: ControlDeps): ErasureControl {
  return {
    approveErasure: async (tx, erasureId) => {
      const no = forbid(tx.actor, 'cases.approve'), one = no ? undefined : await find(tx, erasureId);
      if (no) return no;
      if (!one || one.caseNumber === null) return refuse('not_found', `no erasure ${erasureId} of a case`);
      if (tx.actor.kind === 'system' || tx.actor.kind === 'cli' || one.askedById === tx.actor.id) return refuse('four_eyes_required', 'nobody approves what he asked for himself; another person with the permission has to');
      return await approve(deps, tx, erasureId, one.state, { case_number: one.caseNumber }, true) ?? { state: 'approved' };
    },
    startErasure: async (tx, erasureId) => {
      const one = await find(tx, erasureId);
      if (!one) return refuse('not_found', `no erasure ${erasureId}`);
      const no = forbid(tx.actor, one.caseNumber === null ? 'purges.run' : 'subjects.work');
      if (no) return no;
      if (one.state === 'running' || one.state === 'erased') return { state: one.state };
      if (one.state !== 'approved') return refuse(one.state === 'planned' ? 'four_eyes_required' : 'conflict', `the erasure is ${one.state}; only an approved one begins`);
      await markErasure(tx, erasureId, { state: 'running', startedAt: deps.clock.now() });
      await deps.append(tx, { action: 'erasure.start', subjectKind: 'erasure', subjectId: erasureId, purpose: 'compliance_retention', after: { case_number: one.caseNumber } });
      return { state: 'running' };
    },
    cancelErasure: async (tx, erasureId, reason) => {
      const one = await find(tx, erasureId);
      if (!one) return refuse('not_found', `no erasure ${erasureId}`);
      const no = forbid(tx.actor, one.caseNumber === null ? 'purges.run' : 'subjects.work') ?? checkReason(reason);
      if (no) return no;
      if (one.state !== 'planned' && one.state !== 'approved') return refuse('conflict', `the erasure is ${one.state}; only one that has not begun is cancelled`);
      await end(deps, tx, erasureId, one.state, reason.trim());
      const [pending] = await deps.security.approvals({ state: 'pending', subjectId: erasureId });
      const withdrawn = pending ? await deps.security.withdrawApproval(tx, pending.approvalId, `the erasure was cancelled: ${reason.trim()}`.slice(0, 500)) : undefined;
      return isRefusal(withdrawn) ? withdrawn : { state: 'cancelled' };
    },
  };
}

/** What the decision of the second person does to the erasure that waits for it. An approved one begins by itself. */
export function erasureApproval(deps: Pick<ControlDeps, 'clock' | 'append'>): ApprovalHandler {
  return {
    approved: async (tx, approval) => {
      const one = await lockErasure(tx, approval.subjectId);
      return approve(deps, tx, approval.subjectId, one?.state, { approval_id: approval.approvalId, requested_by: approval.requestedBy }, false);
    },
    ended: async (tx, approval, state) => {
      const one = await lockErasure(tx, approval.subjectId);
      if (one?.state === 'planned') await end(deps, tx, approval.subjectId, one.state, `approval ${state}`);
    },
  };
}

/** Of a case a further move lets it begin: the account is closed by it first. */
async function approve(deps: Pick<ControlDeps, 'clock' | 'append'>, tx: Tx, erasureId: string, state: ErasureState | undefined, by: { readonly [name: string]: string }, waits: boolean): Promise<Refusal | undefined> {
  if (state !== 'planned') return refuse('conflict', `the erasure is ${state ?? 'gone'}, not planned`);
  const now = deps.clock.now();
  await markErasure(tx, erasureId, { state: waits ? 'approved' : 'running', approvedBy: tx.actor.name, approvedAt: now, ...(waits ? {} : { startedAt: now }) });
  await deps.append(tx, { action: 'erasure.approve', subjectKind: 'erasure', subjectId: erasureId, purpose: 'compliance_retention', after: by });
  return undefined;
}

async function end(deps: Pick<ControlDeps, 'clock' | 'append'>, tx: Tx, erasureId: string, state: ErasureState, reason: string): Promise<void> {
  const now = deps.clock.now(), types = await lift(tx, erasureId, now);
  await markErasure(tx, erasureId, { state: 'cancelled', finishedAt: now, sessions: null, failure: reason.slice(0, 500) });
  await deps.append(tx, { action: 'erasure.cancel', subjectKind: 'erasure', subjectId: erasureId, purpose: 'compliance_retention', reason: reason.slice(0, 500), before: { state }, after: { state: 'cancelled', restrictions_lifted: types } });
}

async function find(tx: Tx, erasureId: string): ReturnType<typeof lockErasure> { return isUuid(erasureId) ? lockErasure(tx, erasureId) : undefined; }
