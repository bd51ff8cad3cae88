// Approvals as doors tell them, and what a door does once one is given.
import type { App } from '../../app.js';
import type { Approval } from '../../domain/security/index.js';
import { enqueueErasures } from './erasures.js';
import { coerceError } from '../../kernel/errors.js';

/** Proposal and preview are free-form: their keys are facts and stay as they are. */
export function describeApproval(one: Approval) {
  return { approval_id: one.approvalId, action: one.action, subject_kind: one.subjectKind, subject_id: one.subjectId, proposal: { ...one.proposal }, preview: { ...one.preview }, digest: one.digest, reason: one.reason, state: one.state,
    requested_by: one.requestedBy, requested_at: one.requestedAt.toISOString(), expires_at: one.expiresAt.toISOString(), decided_by: one.decidedBy, decided_at: one.decidedAt?.toISOString() ?? null, decision_reason: one.decisionReason };
}

/** An approved run starts now. Not waited for: losing the job loses nothing, the worker's sweep finds the run within five minutes. */
export function enqueueApproved(app: App, approval: Approval): void {
  if (approval.action === 'purge.run') enqueueRun(app, approval.subjectId);
  if (approval.action === 'erase.subject') enqueueErasures(app);
}

/** Asks the worker to take a run on, if the queue can be reached. */
export function enqueueRun(app: App, runId: string): void {
  void app.queue().enqueue('run-purge', runId).catch((error: unknown) => { app.log.warn('the purge run waits for the sweep', { run: runId, error: coerceError(error) }); });
}
