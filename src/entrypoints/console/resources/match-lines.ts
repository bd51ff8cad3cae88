// The match matrix of compelling evidence 3.0 as lines of an answer: the verdict, why, and each payment with what agrees.
import { CORE_ELEMENTS, type MatchMatrix } from '../../../domain/billing/index.js';
import type { Json } from '../../../kernel/canonical-json.js';
import { formatMicros } from '../../../kernel/money.js';

export function matrixLines(matrix: MatchMatrix): { readonly [key: string]: Json } {
  const rows = matrix.rows.map((row) => [row.payment.reference, `${formatMicros(row.payment.amountMicros)} ${row.payment.currency}`, `${row.days} d`, ...CORE_ELEMENTS.map((element) => `${element}: ${row.elements[element]}`), row.counts ? 'counts' : row.reasons.join(', ')].join(' · '));
  return { match_eligible: matrix.eligible ? 'yes' : `no: ${matrix.reasons.join(', ')}`, match_common: matrix.common.length === 0 ? '–' : matrix.common.join(', '),
    match_chosen: matrix.rows.filter((row) => matrix.chosen.includes(row.payment.paymentId)).map((row) => row.payment.reference).join(', ') || '–', match_rows: rows.length === 0 ? '–' : rows.slice(0, 100) };
}
