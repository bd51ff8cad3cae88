// Words of holds: what stops every purge of what it covers until it is released.
import type { DataType } from '../../kernel/data-types.js';
import type { HoldScope } from './hold-scope.js';

export interface Hold extends HoldScope {
  readonly holdId: string;
  /** Null means every data type, also those that come later. */
  readonly dataTypes: readonly DataType[] | null;
  /** Number or name of the case, dispute or order. */
  readonly matter: string;
  readonly requester: string;
  readonly basis: string;
  /** Calendar day YYYY-MM-DD on which someone must look at it again. */
  readonly reviewOn: string;
  readonly placedBy: string;
  readonly placedAt: Date;
  readonly releasedBy: string | null;
  readonly releasedAt: Date | null;
  /** A released hold still protects until then; null while it is in force. */
  readonly protectsUntil: Date | null;
}

/** Account, keys, request ids and window narrow each other; at least one is given. */
export interface PlaceHoldInput {
  readonly accountId?: string;
  readonly keyIds?: readonly string[];
  readonly requestIds?: readonly string[];
  readonly from?: Date;
  /** Excluded; unset means without end, so that it covers what comes later. */
  readonly until?: Date;
  readonly dataTypes?: readonly DataType[];
  readonly matter: string;
  readonly requester: string;
  readonly basis: string;
  readonly reviewOn: string;
}

/** What a hold gets in addition; it is never narrowed. `null` for a bound of the window or the data types takes the bound away. */
export interface ExtendHoldInput {
  readonly keyIds?: readonly string[];
  readonly requestIds?: readonly string[];
  readonly from?: Date | null;
  readonly until?: Date | null;
  readonly dataTypes?: readonly DataType[] | null;
  readonly reviewOn?: string;
  readonly reason: string;
}

/**
 * `changed: false` when the same matter already holds the same. `alreadyRemoved` names the purge runs that were under way and had
 * removed rows of a covered data type before this hold: what they removed is gone, everything else is protected from now on.
 */
export interface PlacedHold {
  readonly holdId: string;
  readonly changed: boolean;
  readonly alreadyRemoved: readonly { readonly runId: string; readonly dataType: DataType; readonly rows: bigint }[];
}

/** `approvalId`: a second person was asked, and the hold is in force until he approves; then `protectsUntil` is set. */
export interface ReleasedHold { readonly holdId: string; readonly changed: boolean; readonly protectsUntil: Date | null; readonly approvalId: string | null }

/** Rows on record that a hold covers, expired or not, by table. */
export interface HeldRows { readonly table: string; readonly dataType: DataType; readonly rows: bigint }
