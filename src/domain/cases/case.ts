// Words of cases: what one is, what happens to it, what leaves through it.
import type { DataType } from '../../kernel/data-types.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Stage } from './clock-rules.js';
import type { CaseKind, Facts, Span } from './machine.js';

export const FILE_ROLES = ['instrument', 'identity', 'correspondence', 'evidence'] as const;
export type FileRole = (typeof FILE_ROLES)[number];

export interface CaseRow {
  readonly caseId: Uuid;
  /** For people: D-2026-0001, L-…, S-…; gap-free within a kind and year. */
  readonly number: string;
  readonly kind: CaseKind;
  readonly state: string;
  readonly accountId: string | null;
  readonly facts: Facts;
  /** When the request reached us; the clocks of `open` count from here. */
  readonly receivedAt: Date;
  readonly openedAt: Date;
  readonly openedBy: string;
  /** Operator who is reminded first. */
  readonly ownerId: string | null;
  readonly movedAt: Date;
  readonly endedAt: Date | null;
  readonly holdId: Uuid | null;
  readonly releaseAskedAt: Date | null;
}

export interface CaseMove {
  readonly moveId: Uuid; readonly at: Date; readonly move: string; readonly fromState: string | null; readonly toState: string;
  /** Who counts for four eyes; null where no person stands behind it. */
  readonly person: string | null;
  readonly actorName: string;
  readonly fields: Facts;
  /** What it did beside moving: hold, counts, disclosure. */
  readonly effects: Readonly<Record<string, unknown>>;
}

export interface CaseClock {
  readonly clockId: Uuid; readonly caseId: Uuid; readonly name: string; readonly preset: string; readonly source: string;
  readonly startedAt: Date; readonly amberAt: Date; readonly redAt: Date; readonly dueAt: Date;
  readonly extension: Span | null; readonly extendedAt: Date | null; readonly stoppedAt: Date | null;
  /** The last stage on the ledger, and the last one that was mailed. */
  readonly stage: Stage; readonly mailedStage: Stage;
}

/** Name, hash and size are on record; the file is sealed outside the database. A destroyed one is gone, its record stays. */
export interface CaseFile {
  readonly fileId: Uuid; readonly caseId: Uuid; readonly role: FileRole; readonly name: string; readonly mediaType: string; readonly bytes: number;
  /** SHA-256 of the plain bytes, hex. */
  readonly sha256: string;
  readonly storedBy: string; readonly storedAt: Date; readonly destroyedAt: Date | null;
}

/** What a frozen query asks for. Times are instants; `to` is excluded; request ids narrow further where they are given. */
export interface CollectionParameters {
  readonly accountId: string | null; readonly from: string | null; readonly to: string | null; readonly requestIds: readonly string[] | null; readonly dataTypes: readonly DataType[];
  /** Rows before these instants were past their retention and are left out, by type. */
  readonly notBefore: Readonly<Partial<Record<DataType, string>>>;
}
export interface CollectionCount { readonly rows: string; /** SHA-256 of the ascending ids, one a line. */ readonly idsDigest: string }
export interface CaseCollection {
  readonly collectionId: Uuid; readonly caseId: Uuid; readonly at: Date; readonly collectedBy: string; readonly parameters: CollectionParameters;
  readonly counts: Readonly<Partial<Record<DataType, CollectionCount>>>;
  readonly digest: string; readonly snapshot: string;
}

/** One case with everything about it. */
export interface WholeCase extends CaseRow {
  readonly moves: readonly CaseMove[]; readonly clocks: readonly CaseClock[]; readonly files: readonly CaseFile[]; readonly collections: readonly CaseCollection[];
  readonly requestIds: readonly Uuid[];
}

export interface OpenCaseInput {
  readonly kind: CaseKind;
  readonly accountId?: string;
  /** Ours, the provider's or the client's; the account of a dispute is that of its call. */
  readonly requestIds?: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}
export interface OpenedCase { readonly caseId: Uuid; readonly number: string; readonly holdId: Uuid | null }
export interface MovedCase { readonly caseId: Uuid; readonly number: string; readonly state: string; readonly effects: Readonly<Record<string, unknown>> }
