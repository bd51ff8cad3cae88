// Words of the retention policies: what is kept, how long, from when, for whom.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import type { Period } from '../../kernel/period.js';
import type { Hold } from './hold.js';

/** What starts the clock of a policy. The last two wait for their event: nothing expires before it. */
export const CLOCKS = ['created', 'account-closed', 'fiscal-year-end'] as const;
export type ClockStart = (typeof CLOCKS)[number];

/** A policy as it stands in the database. Narrowed by account or by jurisdiction, never by both. */
export interface Policy {
  readonly policyId: string;
  readonly dataType: DataType;
  readonly accountId: string | null;
  readonly jurisdiction: Jurisdiction | null;
  /** Counts up within one data type and scope. */
  readonly version: number;
  readonly keep: Period;
  readonly startsAt: ClockStart;
  readonly purpose: string;
  /** Where the period comes from: a law, a contract, "product default". */
  readonly source: string | null;
  readonly status: 'in_force' | 'superseded';
  /** Display name of who published it. */
  readonly publishedBy: string;
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
  /** Unset keeps what the policy in force says, or the data type's published purpose. */
  readonly purpose?: string;
  readonly source?: string;
  /** Shortening what is in force destroys sooner than was promised; it must be said, and the impact goes on record. */
  readonly confirmShortening?: boolean;
}

/** `changed: false` when exactly this was in force already: then nothing was written, no record either. */
export interface PublishedPolicy { readonly policyId: string; readonly version: number; readonly changed: boolean; readonly advice: readonly string[] }

/** One item to explain. `clockStart` is its event (account closed, end of the fiscal year), where the caller knows it. */
export interface ExplainInput {
  readonly dataType: DataType;
  readonly createdAt: Date;
  readonly accountId?: string | null;
  /** Unset means the account's. */
  readonly jurisdiction?: Jurisdiction | null;
  readonly clockStart?: Date | null;
}

/** Why and until when one item stays. It goes at `deleteAt`, unless `waitingFor` or `holds` says otherwise. */
export interface Explanation {
  readonly policy: Policy | null;
  /** End of the longest legal minimum; null when none applies or its event has not happened. */
  readonly retainUntil: Date | null;
  /** When it is due, minimums included; null without a policy or while it waits for its event. */
  readonly deleteAt: Date | null;
  readonly waitingFor?: Exclude<ClockStart, 'created'>;
  readonly minimums: readonly { readonly id: string; readonly keep: Period; readonly source: string }[];
  readonly holds: readonly Hold[];
}
