// The payment a dispute is about, held against earlier ones: what a card scheme looks at first.
import { CORE_ELEMENTS, type Billing, type MatchMatrix } from '../billing/index.js';
import type { Cases } from '../cases/index.js';
import type { PackDocument } from './pack-document.js';
import type { PackRow } from './pack.js';

/** Other payments that are printed; those that count come first. */
const MOST_ROWS = 25;
type Match = NonNullable<PackDocument['match']>;

/** Of a pack of a dispute that names its payment; undefined for any other. Addresses and logins are told of the payments to be submitted alone. */
export async function describeMatch({ billing, cases }: { readonly billing: Pick<Billing, 'matchPayment'>; readonly cases: Pick<Cases, 'casePayments'> }, pack: Pick<PackRow, 'kind' | 'caseNumber'>): Promise<Match | undefined> {
  if ((pack.kind !== 'dispute' && pack.kind !== 'scheme_exhibit') || pack.caseNumber === null) return undefined;
  const payment = (await cases.casePayments(pack.caseNumber)).at(-1), matrix = payment === undefined ? undefined : await billing.matchPayment(payment);
  return matrix && matchOf(matrix);
}

function matchOf(matrix: MatchMatrix): Match {
  const side = (one: MatchMatrix['disputed'], told: boolean): Match['disputed'] => ({
    payment_id: one.paymentId, reference: one.reference, paid_at: one.paidAt.toISOString(), amount_micros: one.amountMicros.toString(), currency: one.currency, card_last4: one.cardLast4, descriptor: one.descriptor,
    ip_address: told ? one.ipAddress : null, device_sha256: told ? one.deviceSha256 : null, login_id: told ? one.loginId : null, shipping_sha256: told ? one.shippingSha256 : null,
  });
  const chosen = new Set(matrix.chosen), rank = (id: string, counts: boolean): number => (chosen.has(id) ? 0 : counts ? 1 : 2);
  const rows = [...matrix.rows].sort((one, other) => rank(one.payment.paymentId, one.counts) - rank(other.payment.paymentId, other.counts)).slice(0, MOST_ROWS);
  return {
    eligible: matrix.eligible, reasons: [...matrix.reasons], disputed_on: matrix.disputedOn, common: [...matrix.common], chosen: [...matrix.chosen], others: matrix.rows.length, disputed: side(matrix.disputed, true),
    rows: rows.map((row) => ({ ...side(row.payment, chosen.has(row.payment.paymentId)), days: row.days, counts: row.counts, reasons: [...row.reasons], elements: CORE_ELEMENTS.map((element) => ({ element, agreement: row.elements[element] })) })),
  };
}
