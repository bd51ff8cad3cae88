// Words of the retention policies: what is kept, how long, from when, for whom.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import type { Period } from '../../kernel/period.js';
import type { Hold } from './hold.js';

/** What starts the clock of a policy. The last three wait for their event: nothing expires before it. */
export const CLOCKS = ['created', 'account-closed', 'dispute-closed', 'fiscal-year-end'] as const;
export type ClockStart = (typeof CLOCKS)[number];

export const POLICY_STATES = ['scheduled', 'in_force', 'superseded', 'withdrawn'] as const;

/** A policy as it stands in the database. Narrowed by account, by jurisdiction or to single items, never by two of them. */
export interface Policy {
  readonly policyId: string;
  readonly dataType: DataType;
  readonly accountId: string | null;
  readonly jurisdiction: Jurisdiction | null;
  /** Ids of single items: request ids of calls and transfers, ids of security events and payments. */
  readonly itemIds: readonly string[] | null;
  /** Counts up within one data type and scope. */
  readonly version: number;
  readonly keep: Period;
  readonly startsAt: ClockStart;
  readonly purpose: string;
  /** Where the period comes from: a law, a contract, "product default". */
  readonly source: string | null;
  readonly legalBasis: string | null;
  /** One-way: from here on the scope may only be lengthened. */
  readonly locked: boolean;
  /** It ended sooner than what was in force, so a second person approved it and its first purge run is approved too. */
  readonly shortens: boolean;
  readonly approvalId: string | null;
  /** `scheduled`: takes effect at `effectiveFrom`, and may be withdrawn until then. */
  readonly status: (typeof POLICY_STATES)[number];
  /** Display name of who published it. */
  readonly publishedBy: string;
  readonly publishedAt: Date;
  readonly effectiveFrom: Date;
  readonly supersededAt: Date | null;
}

export interface PolicyInput {
  readonly dataType: DataType;
  readonly keep: Period;
  /** Unset means the data type's own clock. */
  readonly startsAt?: ClockStart;
  readonly accountId?: string;
  readonly jurisdiction?: Jurisdiction;
  readonly itemIds?: readonly string[];
  /** Unset keeps what the policy in force says, or the data type's published purpose. */
  readonly purpose?: string;
  readonly source?: string;
  readonly legalBasis?: string;
  /** Sets the one-way lock; it is never taken off. */
  readonly locked?: boolean;
  /** Unset means at once. A shortening takes effect after its grace period at the earliest. */
  readonly effectiveFrom?: Date;
  /** Shortening what is in force destroys sooner than was promised; it must be said, and then a second person is asked. */
  readonly confirmShortening?: boolean;
}

/**
 * `changed: false` when exactly this was in force already: then nothing was written, no record either. With `approvalId` nothing is
 * published yet: a second person was asked, and `policyId` and `version` are those in force meanwhile.
 */
export interface PublishedPolicy {
  readonly policyId: string | null; readonly version: number; readonly changed: boolean; readonly advice: readonly string[]; readonly effectiveFrom: Date | null; readonly approvalId: string | null;
}

/** One item to explain. `clockStart` is its event (account closed, end of the fiscal year), where the caller knows it. */
export interface ExplainInput {
  readonly dataType: DataType;
  readonly createdAt: Date;
  readonly accountId?: string | null;
  /** Unset means the account's. */
  readonly jurisdiction?: Jurisdiction | null;
  readonly clockStart?: Date | null;
  /** What policies and holds of single items, keys and requests go by; unset means unknown. */
  readonly itemId?: string | null;
  readonly keyId?: string | null;
  readonly requestId?: string | null;
}

/** A policy that was looked at: at which level it stands, when the item would go by it, and whether it decides. */
export interface ConsideredRule { readonly policy: Policy; readonly level: 'item' | 'account' | 'jurisdiction' | 'all'; readonly endsAt: Date | null; readonly decides: boolean }

/** Why and until when one item stays. It goes at `deleteAt`, unless `waitingFor` or `holds` says otherwise. */
export interface Explanation {
  readonly policy: Policy | null;
  /** Every policy that speaks of the item, the most explicit first. */
  readonly considered: readonly ConsideredRule[];
  /** End of the longest legal minimum; null when none applies or its event has not happened. */
  readonly retainUntil: Date | null;
  /** When it is due, minimums included; null without a policy or while it waits for its event. */
  readonly deleteAt: Date | null;
  readonly waitingFor?: Exclude<ClockStart, 'created'>;
  readonly minimums: readonly { readonly id: string; readonly keep: Period; readonly source: string; readonly endsAt: Date | null }[];
  readonly holds: readonly Hold[];
  /** The erasure that restricts it; then no policy keeps it, and `deleteAt` goes by the minimums alone. */
  readonly restricted: { readonly erasureId: string; readonly since: Date } | null;
}
