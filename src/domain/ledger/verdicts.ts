// What verification can say about the ledger, in the words the console, the CLI and the packs share.
import type { RecordTableName } from './record-tables.js';

/**
 * intact: record and commitment agree · purged_with_certificate: gone, and a valid certificate lists it · held: kept by a hold (counted
 * by the caller) · missing: gone without certificate, and without an open run that says on
 * record that it removed it · altered: does not match what was signed · duplicate: two records claim one place ·
 * unsealed: written, not yet in the tree · unanchored: in the tree, beyond the last checkpoint published outside the database.
 */
export const VERDICTS = ['intact', 'purged_with_certificate', 'held', 'missing', 'altered', 'duplicate', 'unsealed', 'unanchored'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One finding; `message` names table, id and leaf where there are such. */
export interface Problem { readonly verdict: Verdict; readonly leafIndex?: bigint; readonly table?: string; readonly id?: string; readonly message: string }

/** A purge as the retention slice certifies it: which leaves it removed, and whether its certificate verifies. */
export interface CertifiedPurge { readonly certificateId: string; readonly valid: boolean; /** Ascending. */ readonly leaves: readonly bigint[] }

/** A run that removed leaves and is not certified yet; `leaves` ascending, only those its ledger records vouch for. */
export interface OpenRemoval { readonly runId: string; readonly state: string; readonly leaves: readonly number[] }

/** Names a record. */
export interface RecordRef { readonly table: RecordTableName; readonly id: string }
