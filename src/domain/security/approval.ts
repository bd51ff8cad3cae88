// Words of approvals: what one person asks for and a second one decides.
import type { Json } from '../../kernel/canonical-json.js';
import { canonicalJson } from '../../kernel/canonical-json.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';

export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'withdrawn', 'expired'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
export type Facts = { readonly [name: string]: Json };

export interface Approval {
  readonly approvalId: string;
  /** What is asked for, such as "hold.release". */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  /** The change, whole: nothing outside it is carried out. */
  readonly proposal: Facts;
  /** The numbers the asker saw, and the approver sees. */
  readonly preview: Facts;
  /** SHA-256, hex, over action, subject, proposal and preview. Who approves names it, and thereby what he saw. */
  readonly digest: string;
  readonly reason: string | null;
  readonly state: ApprovalState;
  readonly requestedByKind: string;
  readonly requestedById: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly decidedById: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
}

export interface ApprovalInput { readonly action: string; readonly subjectKind: string; readonly subjectId: string; readonly proposal: Facts; readonly preview: Facts; readonly reason?: string }

/** What a slice does when its request is decided; both run in the transaction of the decision, as the one who decided. */
export interface ApprovalHandler {
  /** Carries the proposal out, or refuses because things have changed; then the request stays as it was. */
  approved(tx: Tx, approval: Approval): Promise<Refusal | undefined>;
  /** Rejected, withdrawn or expired. */
  ended?(tx: Tx, approval: Approval, state: Exclude<ApprovalState, 'pending' | 'approved'>): Promise<void>;
}

/** The digest of exactly what is asked and shown. */
export function digestOf({ action, subjectKind, subjectId, proposal, preview }: Pick<ApprovalInput, 'action' | 'subjectKind' | 'subjectId' | 'proposal' | 'preview'>): string {
  return sha256Hex(canonicalJson({ action, subject_kind: subjectKind, subject_id: subjectId, proposal, preview }));
}
