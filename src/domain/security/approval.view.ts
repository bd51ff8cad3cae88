import type pg from 'pg';
import type { Approval, ApprovalState, Facts } from './approval.js';

export interface ApprovalRow {
  approval_id: string; action: string; subject_kind: string; subject_id: string; proposal: Facts; preview: Facts; digest: string; reason: string | null; state: ApprovalState;
  requested_by_kind: string; requested_by_id: string; requested_by: string; requested_at: Date; expires_at: Date; decided_by_id: string | null; decided_by: string | null; decided_at: Date | null; decision_reason: string | null;
}

export function toApproval(row: ApprovalRow): Approval {
  return { approvalId: row.approval_id, action: row.action, subjectKind: row.subject_kind, subjectId: row.subject_id, proposal: row.proposal, preview: row.preview, digest: row.digest, reason: row.reason,
    state: row.state, requestedByKind: row.requested_by_kind, requestedById: row.requested_by_id, requestedBy: row.requested_by, requestedAt: row.requested_at, expiresAt: row.expires_at,
    decidedById: row.decided_by_id, decidedBy: row.decided_by, decidedAt: row.decided_at, decisionReason: row.decision_reason };
}

/** Requests, newest first, at most `limit`. */
export async function readApprovals(reader: pg.Pool, filter: { state?: ApprovalState | undefined; subjectId?: string | undefined; limit?: number } = {}): Promise<Approval[]> {
  const { rows } = await reader.query<ApprovalRow>('SELECT * FROM approvals WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR subject_id = $2) ORDER BY requested_at DESC, approval_id DESC LIMIT $3',
    [filter.state ?? null, filter.subjectId ?? null, filter.limit ?? 100]);
  return rows.map(toApproval);
}

export async function readApproval(reader: pg.Pool, approvalId: string): Promise<Approval | undefined> {
  const { rows: [row] } = await reader.query<ApprovalRow>('SELECT * FROM approvals WHERE approval_id::text = $1', [approvalId]);
  return row && toApproval(row);
}
