// Words of packs: what is asked for, and how a pack stands.
import type { Purpose } from '../../kernel/actor.js';
import type { DataType } from '../../kernel/data-types.js';
import type { Uuid } from '../../kernel/ids.js';

export const PACK_LANGUAGES = ['en', 'zh', 'both'] as const;
export type PackLanguage = (typeof PACK_LANGUAGES)[number];

export const PACK_KINDS = ['dispute', 'scheme_exhibit', 'lawful_request', 'subject_access', 'audit_period', 'purge_certificate', 'custom'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** requested → assembling → ready | failed | cancelled; ready → purged, when the data in it is due. */
export const PACK_STATES = ['requested', 'assembling', 'ready', 'failed', 'cancelled', 'purged'] as const;
export type PackState = (typeof PACK_STATES)[number];

/** Data types whose records a pack can hold; what each kind takes unless the request says otherwise. */
export const PACK_DATA_TYPES = ['api_call_metadata', 'third_party_call_records', 'security_logs'] as const satisfies readonly DataType[];
export type PackDataType = (typeof PACK_DATA_TYPES)[number];

/** The legal side, in the requester's words; times as dates. */
export interface PackLegal { readonly authority: string; readonly instrument: string; readonly servedOn?: string; readonly dueOn?: string; readonly articles?: string }

/** What a pack is about. Which of them a kind needs is in `pack-kinds.ts`. */
export interface PackSelectors {
  /** The call's request_id, ours, the upstream's or the client's. */
  readonly requestId?: string;
  readonly accountId?: string;
  /** A purge run, or the certificate of one. */
  readonly runId?: string;
  /** Half-open: from ≤ time < until. */
  readonly from?: Date; readonly until?: Date;
  readonly dataTypes?: readonly PackDataType[];
}

export interface PackRequest extends PackSelectors {
  /** `dispute` unless given. */
  readonly kind?: PackKind;
  /** Why customer data is read; one of the published purposes. Without it: refusal `purpose_required`. */
  readonly purpose: Purpose;
  readonly language: PackLanguage;
  /** The question the pack answers, in the requester's words; printed on the cover. */
  readonly reason?: string;
  /** Number of the case it belongs to, as text. */
  readonly caseNumber?: string;
  readonly legal?: PackLegal;
  /** Columns to take out beside those the kind's template takes out; `pack-redaction.ts` lists what can be. */
  readonly redact?: readonly string[];
}

/** The selectors as they are kept with a pack: JSON, times as ISO text. */
export interface PackParams {
  readonly from: string | null; readonly until: string | null; readonly data_types: readonly PackDataType[]; readonly run_id: Uuid | null; readonly legal: PackLegal | null;
  /** Of a call's pack: when the call was, so that the file's lifetime can be told. */
  readonly oldest: string | null;
}

/** What the frozen query found: kept, so that it can be run again and compared. */
export interface PackSnapshot { readonly tree_size: string; readonly taken_at: string; readonly counts: Readonly<Record<string, number>>; readonly ids_sha256: string; readonly oldest: string | null }

/** How far an assembly is; rows of the query, pages of the file being printed. */
export interface PackProgress { readonly phase: 'collecting' | 'printing' | 'sealing' | 'checking'; readonly rows: number; readonly ofRows: number; readonly pages: number; readonly volume: number; readonly ofVolumes: number }

/** A row of evidence_packs. `bytes`, `pages`, `sha256` (hex) are of the file, or of the master of volumes, once there is one; `failure` says what a pack waits for or broke on. */
export interface PackRow {
  readonly packId: Uuid; readonly kind: PackKind; readonly requestId: Uuid | null; readonly accountId: string | null; readonly caseNumber: string | null;
  readonly purpose: Purpose; readonly reason: string | null; readonly language: PackLanguage; readonly state: PackState;
  readonly requestedBy: string; readonly requestedAt: Date; readonly readyAt: Date | null;
  readonly params: PackParams; readonly snapshot: PackSnapshot | null; readonly redact: readonly string[]; readonly progress: PackProgress | null;
  readonly sha256: string | null; readonly bytes: number | null; readonly pages: number | null; readonly volumes: number | null; readonly failure: string | null; readonly purgedAt: Date | null;
}
