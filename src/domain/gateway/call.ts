// What a call and its transfers look like when read: the rows of the tables, bigint as bigint, times as Date.
import type { Uuid } from '../../kernel/ids.js';
import { unitsFrom, type UnitColumn, type Usage } from '../billing/offline.js';

export const CALL_STATUSES = ['completed', 'refused', 'failed', 'cut', 'aborted', 'unknown'] as const;
/** completed: the client got the whole answer · refused: by us, before anything left · failed: the provider refused or could not be
 * reached · cut: broken off by the provider · aborted: by the client · unknown: a gateway died before it could say. */
export type CallStatus = (typeof CALL_STATUSES)[number];
/** reported: by the provider · estimated: by us · none: nothing was used · counted: told by the provider again, and charged with another call for the same answer. */
export const USAGE_SOURCES = ['reported', 'estimated', 'none', 'counted'] as const;
export type UsageSource = (typeof USAGE_SOURCES)[number];
/** answered: 2xx and whole · rejected: the provider answered with an error · not_sent: recorded, but nothing left after all. */
export type OutcomeKind = 'answered' | 'rejected' | 'cut' | 'aborted' | 'unreachable' | 'timeout' | 'not_sent' | 'unknown';

export interface CallRow {
  readonly request_id: Uuid; readonly at: Date; readonly ended_at: Date;
  /** Null only when no valid credential was given; then key_id and account_seq are null too. */
  readonly account_id: string | null; readonly key_id: Uuid | null; readonly epoch_id: Uuid; readonly account_seq: bigint | null;
  readonly method: string; readonly path: string; readonly protocol: string | null; readonly model: string | null; readonly served_model: string | null;
  readonly stream: boolean; readonly status: CallStatus;
  /** What the client saw; 499 when it left first. */
  readonly http_status: number;
  readonly refusal_code: string | null; readonly client_request_id: string | null; readonly upstream_request_id: string | null;
  /** The id in the body of the answer. */
  readonly answer_id: string | null;
  readonly session_id: string | null; readonly caller_region: string | null; readonly provider_id: string | null; readonly attempts: number;
  /** Tokens. input excludes cache reads and writes; cache_write includes its part cache_write_1h; output includes its part reasoning. */
  readonly usage_input: bigint; readonly usage_cache_read: bigint; readonly usage_cache_write: bigint; readonly usage_cache_write_1h: bigint;
  readonly usage_output: bigint; readonly usage_reasoning: bigint; readonly usage_source: UsageSource;
  /** Audio, pictures, characters; null for a call of plain text. */
  readonly usage_units: UnitColumn;
  readonly cost_micros: bigint; readonly currency: string | null; readonly price_id: Uuid | null; readonly registry_version: bigint;
  readonly request_bytes: bigint; readonly response_bytes: bigint;
  /** Milliseconds from the call's start to the provider's first byte. */
  readonly first_byte_ms: number | null;
}

type UsageColumns = Pick<CallRow, 'usage_input' | 'usage_cache_read' | 'usage_cache_write' | 'usage_cache_write_1h' | 'usage_output' | 'usage_reasoning' | 'usage_units'>;

/** What a call on record used, as the charge rules take it. */
export function usageOf(call: UsageColumns): Usage {
  const units = unitsFrom(call.usage_units);
  return { input: call.usage_input, cacheRead: call.usage_cache_read, cacheWrite: call.usage_cache_write, cacheWrite1h: call.usage_cache_write_1h,
    output: call.usage_output, reasoning: call.usage_reasoning, ...(units ? { units } : {}) };
}

export interface OutcomeRow {
  readonly transfer_id: Uuid; readonly request_id: Uuid; readonly account_id: string; readonly at: Date; readonly outcome: OutcomeKind;
  readonly http_status: number | null; readonly upstream_request_id: string | null; readonly response_bytes: bigint;
  readonly first_byte_ms: number | null; readonly duration_ms: number;
}

export interface TransferRow {
  readonly transfer_id: Uuid; readonly request_id: Uuid; readonly at: Date; readonly account_id: string; readonly key_id: Uuid; readonly epoch_id: Uuid;
  readonly account_seq: bigint; readonly attempt: number; readonly provider_id: string; readonly provider_name: string; readonly legal_entity: string;
  readonly category: string; readonly origin_jurisdiction: string; readonly destination_jurisdictions: readonly string[]; readonly cross_border: boolean;
  readonly terms_version: string | null; readonly confirmation_ids: readonly Uuid[]; readonly basis: string | null; readonly data_categories: readonly string[];
  readonly model: string; readonly upstream_model: string; readonly upstream_host: string; readonly path: string; readonly request_bytes: bigint;
  readonly registry_version: bigint;
}

/** A call with everything that was handed to providers for it, in order of the attempts. */
export interface CallStory {
  readonly call: CallRow;
  /** `outcome` is undefined while the attempt runs, or until the sweep of orphans has closed it. */
  readonly transfers: readonly (TransferRow & { readonly outcome: OutcomeRow | undefined })[];
}

/** in_progress: a gateway carries it now · being_closed: its gateway died, and the sweep will close it as unknown. */
export const OPEN_STATES = ['in_progress', 'being_closed'] as const;

/** A call that has left and has no row yet. `call` holds what its transfers tell; everything else in it is empty, not known. */
export interface OpenCallStory extends CallStory { readonly state: (typeof OPEN_STATES)[number] }

export interface CallFilter {
  readonly account?: string;
  /** A key's id, or its name. */
  readonly key?: string;
  /** First instant included. */
  readonly from?: Date;
  /** First instant no longer included. */
  readonly to?: Date;
  /** Exact name, as the client asked for it. */
  readonly model?: string;
  readonly status?: CallStatus;
  /** Session id as Claude Code or Codex sent it. */
  readonly session?: string;
  /** Any id of a call: ours, the provider's, the client's, or that of the answer. */
  readonly id?: string;
  /** 1 to 1,000; 100 when absent. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** Oldest first. `nextCursor` is null at the end. */
export interface CallPage { readonly rows: readonly CallRow[]; readonly nextCursor: string | null }
