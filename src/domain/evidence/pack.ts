// Words of packs: what is asked for, and how a pack stands.
import type { Purpose } from '../../kernel/actor.js';
import type { Uuid } from '../../kernel/ids.js';

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
  readonly purpose: Purpose; readonly reason: string | null; readonly language: PackLanguage; readonly state: 'requested' | 'ready' | 'failed';
  readonly requestedBy: string; readonly requestedAt: Date; readonly readyAt: Date | null;
  readonly sha256: string | null; readonly bytes: number | null; readonly pages: number | null; readonly failure: string | null;
}
