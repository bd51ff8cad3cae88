// Whether a call may leave the account's jurisdiction (promise P7): pure. Default: not without the customer's confirmation.
import { crossesBorder, type Jurisdiction } from '../../kernel/jurisdiction.js';

/** What a confirmation must cover, all four, to count. */
export const CONFIRMATION_COVERS = ['legality', 'authorisation', 'redaction', 'procedures'] as const;

/** An account's word that calls may go to `destination`. Days are YYYY-MM-DD in the operator's zone, both included. */
export interface ConfirmationFacts {
  readonly confirmationId: string;
  readonly destination: Jurisdiction;
  readonly basis: string;
  readonly covers: readonly string[];
  readonly confirmedAt: string;
  readonly validUntil: string;
  /** Withdrawn ones never count. */
  readonly withdrawn: boolean;
}

export interface TransferQuestion {
  readonly origin: Jurisdiction;
  /** Everywhere the provider processes or can access inputs from. Nowhere known counts as abroad, unconfirmed. */
  readonly destinations: readonly Jurisdiction[];
  /** Those of the account. */
  readonly confirmations: readonly ConfirmationFacts[];
  readonly day: string;
}

export interface TransferDecision {
  readonly crossBorder: boolean;
  readonly allowed: boolean;
  /** Foreign destinations without a confirmation in force. */
  readonly missing: readonly Jurisdiction[];
  /** The confirmations relied on, one for each foreign destination. */
  readonly confirmationIds: readonly string[];
  /** Their legal bases, distinct and sorted, joined by ', '; null when nothing crosses a border. */
  readonly basis: string | null;
}

const AT_HOME: TransferDecision = Object.freeze({ crossBorder: false, allowed: true, missing: [], confirmationIds: [], basis: null });

/** Every foreign destination needs a confirmation in force on the day that covers all four; of several the longest valid is named. */
export function decideTransfer(question: TransferQuestion): TransferDecision {
  const { origin, destinations, confirmations, day } = question;
  if (!crossesBorder(origin, destinations)) return AT_HOME;
  const missing: Jurisdiction[] = [], relied: ConfirmationFacts[] = [];
  for (const destination of new Set(destinations)) {
    if (destination === origin) continue;
    const found = confirmations.filter((one) => one.destination === destination && inForce(one, day)).sort((a, b) => (a.validUntil < b.validUntil ? 1 : -1))[0];
    if (found) relied.push(found); else missing.push(destination);
  }
  const allowed = missing.length === 0 && relied.length > 0;
  const bases = [...new Set(relied.map((one) => one.basis))].sort();
  return { crossBorder: true, allowed, missing, confirmationIds: relied.map((one) => one.confirmationId), basis: bases.length > 0 ? bases.join(', ') : null };
}

function inForce(one: ConfirmationFacts, day: string): boolean {
  return !one.withdrawn && one.confirmedAt <= day && day <= one.validUntil && CONFIRMATION_COVERS.every((cover) => one.covers.includes(cover));
}
