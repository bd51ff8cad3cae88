// The match matrix of a disputed payment as doors tell it: of other payments no more than is compared.
import type { MatchMatrix } from '../../domain/billing/index.js';
import { jsonMicros } from '../../kernel/money.js';

export function describeMatrix(matrix: MatchMatrix) {
  const of = ({ paymentId, processorPaymentId, reference, paidAt, amountMicros, currency, cardLast4, descriptor, status }: MatchMatrix['disputed']) =>
    ({ payment_id: paymentId, processor_payment_id: processorPaymentId, reference, paid_at: paidAt.toISOString(), amount_micros: jsonMicros(amountMicros), currency, card_last4: cardLast4, descriptor, status });
  return {
    eligible: matrix.eligible, reasons: [...matrix.reasons], disputed: of(matrix.disputed), disputed_on: matrix.disputedOn, chosen: [...matrix.chosen], common: [...matrix.common],
    rows: matrix.rows.map((row) => ({ ...of(row.payment), days: row.days, elements: { ...row.elements }, counts: row.counts, reasons: [...row.reasons] })),
  };
}
