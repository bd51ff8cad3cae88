// Visa's Compelling Evidence 3.0 as rules over payments, for disputes under condition 10.4 (card absent, "I did not buy this"). Pure.
// Source: Visa Compelling Evidence 3.0 merchant readiness, in force since 15 April 2023; reference in docs/cases.md. To be confirmed with the acquirer.
import { dayOf } from '../../kernel/period.js';
import type { Payment } from './payment.view.js';

/** What must agree between the disputed payment and two earlier ones: two of these, of them one that names an address or a device. */
export const CORE_ELEMENTS = ['ip_address', 'device', 'login_id', 'shipping_address'] as const;
export type CoreElement = (typeof CORE_ELEMENTS)[number];
const DECISIVE: readonly CoreElement[] = ['ip_address', 'device'];
/** Days before the dispute, both included. */
export const YOUNGEST_DAYS = 120, OLDEST_DAYS = 365;
export const NEEDED_PAYMENTS = 2, NEEDED_ELEMENTS = 2;

export type Agreement = 'matches' | 'differs' | 'not_known';
/** Why a payment does not count: undisputed, of the same card, of the right age, agreeing in enough. */
export const ROW_REASONS = ['disputed', 'refunded', 'other_card', 'card_not_known', 'too_recent', 'too_old', 'too_few_elements', 'no_address_or_device'] as const;
export type RowReason = (typeof ROW_REASONS)[number];
export const MATRIX_REASONS = ['not_disputed', 'not_by_card', 'card_not_known', 'too_few_payments', 'no_common_elements'] as const;
export type MatrixReason = (typeof MATRIX_REASONS)[number];

export interface MatchRow { readonly payment: Payment; /** Whole calendar days before the dispute. */ readonly days: number; readonly elements: Readonly<Record<CoreElement, Agreement>>; readonly counts: boolean; readonly reasons: readonly RowReason[] }
export interface MatchMatrix {
  readonly eligible: boolean; readonly reasons: readonly MatrixReason[]; readonly disputed: Payment; readonly disputedOn: string | null;
  /** Every other payment of the account, newest first. */
  readonly rows: readonly MatchRow[];
  /** The two payments to be submitted, and the elements in which all three agree. */
  readonly chosen: readonly string[]; readonly common: readonly CoreElement[];
}

/** Holds the disputed payment against the others of its account. `timeZone`: whose calendar days are counted. */
export function matchPayments(disputed: Payment, others: readonly Payment[], timeZone: string): MatchMatrix {
  const disputedOn = disputed.disputedAt && dayOf(disputed.disputedAt, timeZone);
  const rows = others.filter((one) => one.paymentId !== disputed.paymentId && one.accountId === disputed.accountId)
    .sort((one, other) => other.paidAt.getTime() - one.paidAt.getTime() || (one.paymentId < other.paymentId ? 1 : -1)).map((one) => rowOf(disputed, one, disputedOn, timeZone));
  const best = bestPair(rows.filter((row) => row.counts));
  const reasons: MatrixReason[] = [...(disputedOn === null ? ['not_disputed' as const] : []), ...(disputed.method === null || disputed.method === 'card' ? [] : ['not_by_card' as const]), ...(disputed.cardFingerprintSha256 === null ? ['card_not_known' as const] : []),
    ...(rows.filter((row) => row.counts).length < NEEDED_PAYMENTS ? ['too_few_payments' as const] : best === undefined ? ['no_common_elements' as const] : [])];
  const eligible = reasons.length === 0 && best !== undefined;
  return { eligible, reasons, disputed, disputedOn, rows, chosen: eligible ? best.pair.map((row) => row.payment.paymentId) : [], common: eligible ? best.common : [] };
}

function rowOf(disputed: Payment, one: Payment, disputedOn: string | null, timeZone: string): MatchRow {
  const elements: Record<CoreElement, Agreement> = {
    ip_address: agree(disputed.ipAddress, one.ipAddress), device: agree(disputed.deviceSha256, one.deviceSha256), login_id: agree(disputed.loginId, one.loginId), shipping_address: agree(disputed.shippingSha256, one.shippingSha256),
  };
  const days = disputedOn === null ? 0 : daysBetween(dayOf(one.paidAt, timeZone), disputedOn), card = agree(disputed.cardFingerprintSha256, one.cardFingerprintSha256);
  const matched = CORE_ELEMENTS.filter((element) => elements[element] === 'matches');
  const reasons: RowReason[] = [];
  // Once disputed is disputed for good: what became of the dispute does not make it an undisputed payment.
  if (one.disputedAt !== null) reasons.push('disputed');
  // A house rule: what was given back in full does not show that the card holder accepted it.
  if (one.refundedMicros >= one.amountMicros) reasons.push('refunded');
  if (card === 'differs' || (one.method !== null && one.method !== 'card')) reasons.push('other_card'); else if (card === 'not_known') reasons.push('card_not_known');
  if (days < YOUNGEST_DAYS) reasons.push('too_recent');
  if (days > OLDEST_DAYS) reasons.push('too_old');
  if (matched.length < NEEDED_ELEMENTS) reasons.push('too_few_elements');
  if (!matched.some((element) => DECISIVE.includes(element))) reasons.push('no_address_or_device');
  return { payment: one, days, elements, counts: reasons.length === 0, reasons };
}

/** The pair whose common elements are most; of equals the newest. All three payments must agree in the same elements. */
function bestPair(rows: readonly MatchRow[]): { readonly pair: readonly [MatchRow, MatchRow]; readonly common: readonly CoreElement[] } | undefined {
  // Rows that agree in the same elements are the same to a pair: two of each kind are enough, and there are sixteen kinds.
  const kinds = new Map<string, MatchRow[]>();
  for (const row of rows) {
    const kind = CORE_ELEMENTS.filter((element) => row.elements[element] === 'matches').join(), list = kinds.get(kind);
    if (!list) kinds.set(kind, [row]); else if (list.length < NEEDED_PAYMENTS) list.push(row);
  }
  const candidates = [...kinds.values()].flat().sort((one, other) => rows.indexOf(one) - rows.indexOf(other));
  let best: ReturnType<typeof bestPair>;
  for (const [index, one] of candidates.entries()) {
    for (const other of candidates.slice(index + 1)) {
      const common = CORE_ELEMENTS.filter((element) => one.elements[element] === 'matches' && other.elements[element] === 'matches');
      if (common.length < NEEDED_ELEMENTS || !common.some((element) => DECISIVE.includes(element))) continue;
      if (!best || common.length > best.common.length) best = { pair: [one, other], common };
    }
  }
  return best;
}

function agree(one: string | null, other: string | null): Agreement { return one === null || other === null ? 'not_known' : one === other ? 'matches' : 'differs'; }
/** Whole days from one calendar day to a later one; negative when it is not later. */
function daysBetween(from: string, to: string): number { return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000); }
