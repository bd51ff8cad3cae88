// Words of purges: preview, run, item, certificate.
import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import type { ClockStart } from './policy.js';

export const PURGE_METHODS = ['drop_partition', 'replace_partition', 'delete_rows', 'erase_fields'] as const;
export type PurgeMethod = (typeof PURGE_METHODS)[number];
export const RUN_STATES = ['planned', 'approved', 'running', 'verifying', 'certified', 'nothing_due', 'failed', 'paused', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What is due in one table, or one partition of it. Rows are exact; bytes are an estimate from the size on disk. */
export interface PreviewPart {
  readonly table: string;
  readonly partition: string | null;
  readonly rowsTotal: bigint;
  /** Rows a run would remove now. */
  readonly rowsDue: bigint;
  /** Expired rows that stay because a hold protects them, and how many accounts they belong to. */
  readonly rowsHeld: bigint;
  readonly accountsHeld: number;
  readonly heldAccounts: readonly string[];
  readonly bytesDue: bigint;
  /** When the clock of the oldest due row started. */
  readonly clockStart: Date | null;
  /** Oldest and newest of the due rows. */
  readonly minAt: Date | null;
  readonly maxAt: Date | null;
  readonly method: PurgeMethod | null;
}

/** What a run of one data type would do now. Reading it changes nothing. */
export interface PurgePreview {
  readonly dataType: DataType;
  /** Policies the answer rests on; the hypothetical one first, when there is one. */
  readonly policies: readonly { readonly policyId: string | null; readonly scope: string; readonly keep: string; readonly startsAt: ClockStart; readonly version: number | null }[];
  /** Nothing created at or after this instant would go. Null when nothing can be due. */
  readonly cutOff: Date | null;
  readonly rowsDue: bigint;
  readonly rowsHeld: bigint;
  readonly accountsHeld: number;
  readonly bytesDue: bigint;
  readonly oldest: Date | null;
  /** When the oldest due row became due by the policy of all accounts; null when nothing is due. */
  readonly overdueSince: Date | null;
  readonly parts: readonly PreviewPart[];
}

/** A policy that is not published: what would it delete? */
export interface HypotheticalPolicy { readonly keep: string; readonly startsAt?: ClockStart; readonly accountId?: string; readonly jurisdiction?: string; readonly itemIds?: readonly string[] }

export interface PurgeRunItem {
  readonly position: number;
  readonly table: string;
  readonly partition: string | null;
  readonly method: PurgeMethod;
  readonly state: 'planned' | 'detached' | 'done';
  readonly rowsTotal: bigint;
  /** Due when it was planned. */
  readonly rowsDue: bigint;
  readonly rowsDeleted: bigint;
  readonly rowsHeld: bigint;
  readonly minAt: Date | null;
  readonly maxAt: Date | null;
  readonly bytesFreed: bigint;
  readonly doneAt: Date | null;
}

export interface PurgeRun {
  readonly runId: string;
  readonly dataType: DataType;
  readonly state: RunState;
  /** Who or what asked for it: an operator's name, or "schedule". */
  readonly trigger: string;
  readonly plan: Json;
  readonly cutOff: Date;
  readonly rowsDeleted: bigint;
  readonly rowsHeld: bigint;
  readonly survivors: bigint | null;
  /** What it waits for, or why it failed. */
  readonly failure: string | null;
  /** How often it stopped by a failure; after eight times somebody has to look. */
  readonly failures: number;
  /** When it goes on by itself; null while it runs, waits for a person, or is over. */
  readonly retryAt: Date | null;
  /** It waits for a second person; `approvalId` is what he was asked, or has given. */
  readonly needsApproval: boolean;
  readonly approvalId: string | null;
  readonly plannedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly items: readonly PurgeRunItem[];
}

/** How far a run is. `rowsPerSecond` and `remainingMs` are null while nothing can be said. */
export interface Progress { readonly rowsDue: bigint; readonly rowsDone: bigint; readonly itemsDone: number; readonly items: number; readonly rowsPerSecond: number | null; readonly remainingMs: number | null }

/** A certificate as issued. `body` is what the Ed25519 signature covers, as RFC 8785 text. */
export interface PurgeCertificate {
  readonly certificateId: string;
  readonly runId: string;
  readonly body: { readonly [key: string]: Json };
  readonly bodyDigest: Buffer;
  readonly signature: Buffer;
  readonly publicKey: Buffer;
  readonly issuedAt: Date;
}

export interface PurgeSchedule { readonly cron: string; readonly timeZone: string; readonly paused: boolean }
