// Words of subject erasures: what is asked for, what goes, what has to stay and why.
import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';

/** planned: restricted, waits for a second person; approved: may begin; running; erased: over, with certificates; cancelled: nothing was erased, the restriction is lifted. */
export const ERASURE_STATES = ['planned', 'approved', 'running', 'erased', 'cancelled'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

/** On which ground the subject, or the operator, asks. */
export const ERASURE_GROUNDS = ['gdpr_17', 'ccpa_1798_105', 'pipl_47', 'contract_ended', 'unlawful_processing', 'other'] as const;
export type ErasureGround = (typeof ERASURE_GROUNDS)[number];

export interface EraseInput {
  readonly accountId: string;
  /** Sessions the subject's calls bear; without them the whole account is the subject. */
  readonly sessions?: readonly string[];
  readonly ground: ErasureGround;
  readonly reason: string;
  /** Every type when unset. With `account_information` the account has to be closed before the run begins. */
  readonly dataTypes?: readonly DataType[];
  /** Number of the subject request it belongs to: its moves are the word of the second person then. */
  readonly caseNumber?: string;
}

/** Why something stays: a law, the books, a hold, or that nobody has approved yet. */
export interface Restriction { readonly kind: 'floor' | 'books' | 'hold' | 'approval'; readonly id: string; readonly says: string }

/** What becomes of the subject's rows of one type. Rows are exact. */
export interface EraseCount {
  readonly dataType: DataType;
  /** On record, of the subject. */
  readonly rows: bigint;
  /** May go now. */
  readonly rowsErased: bigint;
  /** Would have to go and stay because a hold protects them. */
  readonly rowsHeld: bigint;
  /** Stay because a law, or the books, keep them. */
  readonly rowsKept: bigint;
  /** When the last of what is kept may go; null where nothing is kept. */
  readonly goesAt: Date | null;
  readonly why: readonly Restriction[];
}

/** The frozen plan as it stands in the row: nothing else of the subject goes by it. */
export interface ErasePlan {
  readonly [key: string]: Json;
  readonly time_zone: string;
  readonly planned_at: string;
  readonly predicate: string;
  readonly cut_offs: { readonly [dataType: string]: string };
  readonly minimums: { readonly [dataType: string]: readonly { readonly [key: string]: Json }[] };
}

export interface RestrictedType { readonly dataType: DataType; readonly rows: bigint; readonly why: readonly Restriction[]; readonly since: Date; readonly goesAt: Date | null; readonly liftedAt: Date | null }

export interface Erasure {
  readonly erasureId: string;
  readonly accountId: string;
  /** Ids of sessions it is about, while it is open; null when the whole account is the subject, or it is over. */
  readonly sessions: readonly string[] | null;
  readonly byItems: boolean;
  readonly ground: ErasureGround;
  readonly reason: string;
  readonly dataTypes: readonly DataType[];
  readonly caseNumber: string | null;
  readonly state: ErasureState;
  readonly plan: ErasePlan;
  /** By type, as the asker saw it and the approver sees it. */
  readonly preview: Json;
  /** By type, what became of it; null until it is over. */
  readonly outcome: Json;
  readonly before: Date | null;
  readonly askedById: string; readonly askedBy: string; readonly askedAt: Date;
  readonly approvalId: string | null; readonly approvedBy: string | null; readonly approvedAt: Date | null;
  readonly startedAt: Date | null; readonly finishedAt: Date | null;
  /** What it waits for. */
  readonly failure: string | null;
  readonly restrictions: readonly RestrictedType[];
}

export interface PlannedErasure { readonly erasureId: string; readonly state: ErasureState; readonly approvalId: string | null; readonly counts: readonly EraseCount[] }
