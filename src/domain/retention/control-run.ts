// What people do to a run: approve it (through security), pause it, let it go on, cancel it before it has begun.
import type { Clock } from '../../kernel/clock.js';
import { checkReason } from '../../kernel/field-rules.js';
import { isUuid } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type ApprovalHandler, type Security } from '../security/index.js';
import type { RunState } from './purge.js';
import { OVER } from './run-rules.js';
import { lockRun, markRun, type LockedRun, type RunChange } from './runs.store.js';

type Answer = Promise<{ readonly state: RunState } | Refusal>;
export interface RunControl {
  /** Stops at the next step; what is removed stays removed. Refuses what is over or paused (`conflict`). */
  pauseRun(tx: Tx, runId: string, reason: string): Answer;
  /** A paused run goes on, and a failed one is tried again at once; the worker takes it up. */
  resumeRun(tx: Tx, runId: string, reason: string): Answer;
  /** Only before anything was removed. */
  cancelRun(tx: Tx, runId: string, reason: string): Answer;
}

interface ControlDeps { readonly clock: Clock; readonly append: AppendRecord; readonly security: Pick<Security, 'withdrawApproval' | 'approvals'> }

export function createRunControl(deps: ControlDeps): RunControl {
  const change = async (tx: Tx, runId: string, reason: string, verb: string, decide: (run: LockedRun) => RunChange & { state: RunState } | Refusal): Answer => {
    const no = forbid(tx.actor, 'purges.run') ?? checkReason(reason);
    if (no) return no;
    const run = isUuid(runId) ? await lockRun(tx, runId) : undefined;
    if (!run) return refuse('not_found', `no purge run ${runId}`);
    const next = decide(run);
    if ('refused' in next) return next;
    await markRun(tx, runId, next);
    await deps.append(tx, { action: `purge.${verb}`, subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: reason.trim(), before: { state: run.state }, after: { state: next.state } });
    return { state: next.state };
  };
  return {
    pauseRun: (tx, runId, reason) => change(tx, runId, reason, 'pause', ({ state }) => (
      OVER.includes(state) || state === 'paused' ? refuse('conflict', `the run is ${state}`) : { state: 'paused', retryAt: null })),
    resumeRun: (tx, runId, reason) => change(tx, runId, reason, 'continue', (run) => {
      if (run.state !== 'paused' && run.state !== 'failed') return refuse('conflict', `the run is ${run.state}; only a paused or failed one is continued`);
      if (run.startedAt) return { state: 'running', failures: 0, retryAt: null };
      return { state: run.approvalId !== null && !run.needsApproval ? 'approved' : 'planned', failures: 0, retryAt: null };
    }),
    cancelRun: async (tx, runId, reason) => {
      const answer = await change(tx, runId, reason, 'cancel', (run) => {
        if (OVER.includes(run.state)) return refuse('conflict', `the run is ${run.state}`);
        if (run.startedAt) return refuse('conflict', 'the run has begun to remove; pause it, or let it go on to its certificate');
        return { state: 'cancelled', finishedAt: deps.clock.now() };
      });
      if ('refused' in answer) return answer;
      const [pending] = await deps.security.approvals({ state: 'pending', subjectId: runId });
      if (pending) await deps.security.withdrawApproval(tx, pending.approvalId, `the run was cancelled: ${reason.trim()}`.slice(0, 500));
      return answer;
    },
  };
}

/** What the decision of the second person does to the run that waits for it. */
export function runApproval(deps: { clock: Clock; append: AppendRecord }): ApprovalHandler {
  return {
    approved: async (tx, approval) => {
      const run = await lockRun(tx, approval.subjectId);
      if (run?.state !== 'planned') return refuse('conflict', `the run is ${run?.state ?? 'gone'}, not planned`);
      await markRun(tx, approval.subjectId, { state: 'approved', approvalId: approval.approvalId, needsApproval: false });
      await deps.append(tx, { action: 'purge.approve', subjectKind: 'purge_run', subjectId: approval.subjectId, purpose: 'compliance_retention', after: { approval_id: approval.approvalId, requested_by: approval.requestedBy } });
      return undefined;
    },
    ended: async (tx, approval, state) => {
      const run = await lockRun(tx, approval.subjectId);
      if (!run || run.startedAt || OVER.includes(run.state)) return;
      await markRun(tx, approval.subjectId, { state: 'cancelled', finishedAt: deps.clock.now(), failure: `approval ${state}` });
      await deps.append(tx, { action: 'purge.cancel', subjectKind: 'purge_run', subjectId: approval.subjectId, purpose: 'compliance_retention', reason: `approval ${state}`, before: { state: run.state }, after: { state: 'cancelled' } });
    },
  };
}
