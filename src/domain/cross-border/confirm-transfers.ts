// The account's word that its calls may leave its jurisdiction for a destination. It is evidence: it never changes, it can be withdrawn.
import type { Json } from '../../kernel/canonical-json.js';
import type { Clock } from '../../kernel/clock.js';
import { checkDay, checkJurisdiction, checkLine } from '../../kernel/field-rules.js';
import { mintId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { accountExists, findConfirmation, insertConfirmation, type ConfirmationRow } from './confirmation.store.js';
import { CONFIRMATION_COVERS } from './transfer-rules.js';

export const CONFIRMATION_BASES = ['adequacy', 'standard-contract', 'certification', 'security-assessment', 'consent', 'exemption'] as const;
const DAY_MS = 86_400_000;

export interface ConfirmationInput {
  readonly accountId: string;
  /** Where calls may go. */
  readonly destination: string;
  readonly basis: (typeof CONFIRMATION_BASES)[number];
  /** What the customer confirmed; only all four of CONFIRMATION_COVERS open the way. */
  readonly covers: readonly string[];
  /** The person who said so. */
  readonly confirmedBy: string;
  /** YYYY-MM-DD, both included. */
  readonly confirmedAt: string;
  readonly validUntil: string;
}

/**
 * `changed: false` when exactly this is on file; `withdrawn` when it is and was withdrawn: it stays so. Refusals: forbidden,
 * invalid_request, not_found (account), conflict when another confirmation of that day is on file.
 */
export type ConfirmTransfers = (tx: Tx, input: ConfirmationInput) => Promise<{ confirmationId: string; changed: boolean; withdrawn: boolean } | Refusal>;

export function createConfirmTransfers(deps: { clock: Clock; append: AppendRecord; timeZone: string }): ConfirmTransfers {
  return async (tx, input) => {
    // A customer a day ahead of the operator's zone may have confirmed "tomorrow".
    const latest = dayOf(new Date(deps.clock.now().getTime() + DAY_MS), deps.timeZone);
    const refusal = forbid(tx.actor, 'confirmations.write') ?? check(input, latest);
    if (refusal) return refusal;
    if (!await accountExists(tx, input.accountId)) return refuse('not_found', `there is no account ${input.accountId}`, 'accountId');
    const found = await findConfirmation(tx, input.accountId, input.destination, input.confirmedAt);
    if (found && same(found, input)) return { confirmationId: found.confirmation_id, changed: false, withdrawn: found.withdrawn_at !== null };
    const row = { confirmation_id: mintId(deps.clock.now()), account_id: input.accountId, destination: input.destination, basis: input.basis, covers: [...input.covers],
      confirmed_by: input.confirmedBy, confirmed_at: input.confirmedAt, valid_until: input.validUntil };
    if (found || !await insertConfirmation(tx, row)) {
      return refuse('conflict', `${input.accountId} has another confirmation for ${input.destination} of ${input.confirmedAt}; one never changes, so a new word gets a new day`, 'confirmedAt');
    }
    await deps.append(tx, { action: 'confirmation.record', subjectKind: 'confirmation', subjectId: row.confirmation_id, after: recordOf(row) });
    return { confirmationId: row.confirmation_id, changed: true, withdrawn: false };
  };
}

function check(input: ConfirmationInput, latest: string): Refusal | undefined {
  const wrong = checkJurisdiction(input.destination, 'destination') ?? checkLine(input.confirmedBy, 'confirmedBy') ?? checkDay(input.confirmedAt, 'confirmedAt') ?? checkDay(input.validUntil, 'validUntil');
  if (wrong) return wrong;
  if (!CONFIRMATION_BASES.includes(input.basis)) return refuse('invalid_request', `must be one of ${CONFIRMATION_BASES.join(', ')}`, 'basis');
  const known = input.covers.every((cover) => (CONFIRMATION_COVERS as readonly string[]).includes(cover));
  if (!known || input.covers.length === 0 || new Set(input.covers).size < input.covers.length) return refuse('invalid_request', `must name of ${CONFIRMATION_COVERS.join(', ')} what was confirmed, each once`, 'covers');
  if (input.confirmedAt > latest) return refuse('invalid_request', `${input.confirmedAt} lies in the future`, 'confirmedAt');
  return input.validUntil < input.confirmedAt ? refuse('invalid_request', 'must not lie before confirmedAt', 'validUntil') : undefined;
}

function same(row: ConfirmationRow, input: ConfirmationInput): boolean {
  return row.basis === input.basis && row.confirmed_by === input.confirmedBy && row.valid_until === input.validUntil && [...row.covers].sort().join() === [...input.covers].sort().join();
}

/** A confirmation in a record. */
export function recordOf({ account_id, destination, basis, covers, confirmed_by, confirmed_at, valid_until }: Omit<ConfirmationRow, 'withdrawn_at'>): { readonly [key: string]: Json } {
  return { account_id, destination, basis, covers, confirmed_by, confirmed_at, valid_until };
}
