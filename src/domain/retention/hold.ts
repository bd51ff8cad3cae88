// Words of holds: what stops every purge of an account's items until it is released.
import type { DataType } from '../../kernel/data-types.js';

export interface Hold {
  readonly holdId: string;
  readonly accountId: string;
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

export interface PlaceHoldInput {
  readonly accountId: string;
  readonly dataTypes?: readonly DataType[];
  readonly matter: string;
  readonly requester: string;
  readonly basis: string;
  readonly reviewOn: string;
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

export interface ReleasedHold { readonly holdId: string; readonly changed: boolean; readonly protectsUntil: Date }
