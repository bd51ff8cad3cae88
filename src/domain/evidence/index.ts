// The face of the evidence slice: packs for a call, made from a frozen query, and their verification without a database.
import type { Actor, Purpose } from '../../kernel/actor.js';
import type { Uuid } from '../../kernel/ids.js';
import type { Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { JobDefinition } from '../../platform/queue/queue.js';

export type { PackCheck, PackReport, PackVerdict } from './pack-report.js';

export const PACK_LANGUAGES = ['en', 'zh', 'both'] as const;
export type PackLanguage = (typeof PACK_LANGUAGES)[number];

export interface PackRequest {
  /** The call's request_id, ours, the upstream's or the client's. */
  readonly requestId: string;
  /** Why customer data is read; one of the published purposes. Without it: refusal `purpose_required`. */
  readonly purpose: Purpose;
  readonly language: PackLanguage;
  /** The question the pack answers, in the requester's words; printed on the cover. */
  readonly reason?: string;
}

/** A row of evidence_packs. `bytes`, `pages`, `sha256` (hex) are set once the state is `ready`; `failure` says what a pack waits for or broke on. */
export interface PackRow {
  readonly packId: Uuid; readonly kind: string; readonly requestId: Uuid | null; readonly accountId: string | null;
  readonly purpose: string; readonly reason: string | null; readonly language: PackLanguage; readonly state: 'requested' | 'ready' | 'failed';
  readonly requestedBy: string; readonly requestedAt: Date; readonly readyAt: Date | null;
  readonly sha256: string | null; readonly bytes: number | null; readonly pages: number | null; readonly failure: string | null;
}

export interface Evidence {
  /** Asks for a pack about one call; the job starts when `tx` commits. Refusals: forbidden, purpose_required, not_found. */
  requestPack(tx: Tx, request: PackRequest): Promise<Uuid | Refusal>;
  /** Writes the pack's file. Idempotent; throws while the records are not sealed yet, which means "try again". */
  assemblePack(packId: Uuid): Promise<void>;
  /** Both steps in one go, for the command line: answers when the file is there. */
  makePack(actor: Actor, request: PackRequest): Promise<{ packId: Uuid; path: string } | Refusal>;
  /** The file of a pack that is ready and still as it was made. */
  packFile(packId: Uuid): Promise<{ path: string; sha256: string; bytes: number } | undefined>;
  /** Puts the download on the ledger; to be called before the file is sent. Refusals: forbidden, not_found. */
  recordDownload(tx: Tx, packId: Uuid): Promise<Refusal | undefined>;
  findPack(packId: Uuid): Promise<PackRow | undefined>;
  /** Newest first. */
  listPacks(filter: { requestId?: Uuid; limit?: number }): Promise<PackRow[]>;
  /** What the worker runs: `assemble-pack` by id, and `sweep-requested-packs`, to be scheduled every minute. */
  readonly jobs: readonly JobDefinition[];
}
