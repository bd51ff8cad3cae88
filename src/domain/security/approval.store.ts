import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Approval, ApprovalState } from './approval.js';
import { toApproval, type ApprovalRow } from './approval.view.js';

/** Inserts the request; false when the same is pending already. */
export async function insertApproval(tx: Tx, one: Approval): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO approvals (approval_id, action, subject_kind, subject_id, proposal, preview, digest, reason, state, requested_by_kind, requested_by_id, requested_by, requested_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9, $10, $11, $12, $13) ON CONFLICT (action, subject_id) WHERE state = 'pending' DO NOTHING RETURNING 1`,
    [one.approvalId, one.action, one.subjectKind, one.subjectId, JSON.stringify(one.proposal), JSON.stringify(one.preview), one.digest, one.reason, one.requestedByKind, one.requestedById, one.requestedBy,
      one.requestedAt, one.expiresAt]) as unknown[];
  return rows.length > 0;
}

/** The request under a lock, so that it is decided once. */
export async function lockApproval(tx: Tx, approvalId: string): Promise<Approval | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM approvals WHERE approval_id = $1 FOR UPDATE', [approvalId]) as ApprovalRow[];
  return row && toApproval(row);
}

/** The pending request about a subject. */
export async function findPending(tx: Tx, action: string, subjectId: string): Promise<Approval | undefined> {
  const [row] = await managerOf(tx).query("SELECT * FROM approvals WHERE action = $1 AND subject_id = $2 AND state = 'pending'", [action, subjectId]) as ApprovalRow[];
  return row && toApproval(row);
}

/** Pending requests whose time is over, locked; what another process decides meanwhile is left to it. */
export async function lockExpired(tx: Tx, now: Date): Promise<Approval[]> {
  return (await managerOf(tx).query("SELECT * FROM approvals WHERE state = 'pending' AND expires_at <= $1 ORDER BY approval_id FOR UPDATE SKIP LOCKED", [now]) as ApprovalRow[]).map(toApproval);
}

export async function markDecided(tx: Tx, approvalId: string, state: ApprovalState, by: { readonly id: string; readonly name: string }, at: Date, reason: string | null): Promise<void> {
  await managerOf(tx).query('UPDATE approvals SET state = $2, decided_by_id = $3, decided_by = $4, decided_at = $5, decision_reason = $6 WHERE approval_id = $1', [approvalId, state, by.id, by.name, at, reason]);
}

/** Whether the person or program issued this token itself: then the token is no second person. */
export async function issuedToken(tx: Tx, tokenId: string, actorId: string): Promise<boolean> {
  const rows = await managerOf(tx).query("SELECT 1 FROM audit_records WHERE subject_kind = 'token' AND subject_id = $1 AND actor_id = $2 LIMIT 1", [tokenId, actorId]) as unknown[];
  return rows.length > 0;
}
