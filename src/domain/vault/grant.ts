// What a content grant is, as people see it and as they give it.
import type { ContentSide, GrantFacts, GrantKind, GrantTrigger } from './content-rules.js';

export interface ContentGrant extends GrantFacts {
  readonly accountId: string;
  readonly reason: string;
  /** The customer's person who asked for it; null for a security review. */
  readonly authorisedBy: string | null;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

export interface GrantInput {
  readonly accountId: string;
  readonly kind: GrantKind;
  /** Absent: every key of the account. */
  readonly keyIds?: readonly string[];
  /** Absent: every model. */
  readonly models?: readonly string[];
  readonly sides: readonly ContentSide[];
  readonly trigger?: GrantTrigger;
  /** 1 to 100; 100 when absent. */
  readonly samplePercent?: number;
  /** Whole hours; the longest its kind allows when absent. */
  readonly keepHours?: number;
  readonly reason: string;
  /** Who of the customer asked for it; required for troubleshooting. */
  readonly authorisedBy?: string;
  /** Absent: at once. */
  readonly validFrom?: Date;
  readonly validUntil: Date;
}
