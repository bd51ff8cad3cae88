// Which legal limits meet a policy, and whether it may be published against them. Pure.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import { isShorterPeriod, type Period } from '../../kernel/period.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { LEGAL_LIMITS, type LegalLimit } from './legal-limits.js';

/** The limits of a data type for an operator and an account of these jurisdictions (null: not known, then only what applies everywhere). */
export function limitsFor(dataType: DataType, operator: Jurisdiction | null, account: Jurisdiction | null, limits: readonly LegalLimit[] = LEGAL_LIMITS): LegalLimit[] {
  return limits.filter((limit) => limit.dataType === dataType && (limit.jurisdiction === '*' || limit.jurisdiction === operator
    || (limit.party === 'either' && limit.jurisdiction === account)));
}

/** The longer period of two, by the calendar. */
export function longerPeriod(a: Period, b: Period): Period { return isShorterPeriod(a, b) ? b : a; }

/**
 * Refuses (`conflict`) a period below a floor or above a ceiling that applies in any of the jurisdictions the policy would govern,
 * naming rule, source and how to split; otherwise the advice to show.
 */
export function checkLimits(policy: { dataType: DataType; keep: Period; jurisdiction?: Jurisdiction }, operator: Jurisdiction | null, governed: readonly Jurisdiction[],
  limits: readonly LegalLimit[] = LEGAL_LIMITS): Refusal | { advice: string[] } {
  const met = new Map([null, ...governed].flatMap((account) => limitsFor(policy.dataType, operator, account, limits)).map((limit) => [limit.id, limit]));
  const floors = [...met.values()].filter((limit) => limit.kind === 'floor'), ceilings = [...met.values()].filter((limit) => limit.kind === 'ceiling');
  for (const floor of floors) {
    const above = ceilings.find((ceiling) => isShorterPeriod(ceiling.period, floor.period));
    if (above) {
      return refuse('conflict', `${policy.dataType}: ${named(floor)} asks for at least ${floor.period}, ${named(above)} for at most ${above.period}; `
        + 'no period satisfies both. Split the records: publish one policy for each jurisdiction, or move the fields the longer rule needs to another data type', 'keep');
    }
    if (isShorterPeriod(policy.keep, floor.period)) {
      return refuse('conflict', `${policy.dataType}: ${policy.keep} is below the minimum of ${floor.period} ${named(floor)}. Keep at least ${floor.period}${splitHint(policy, floor, operator)}`, 'keep');
    }
  }
  const over = ceilings.find((ceiling) => isShorterPeriod(ceiling.period, policy.keep));
  if (over) return refuse('conflict', `${policy.dataType}: ${policy.keep} is above the maximum of ${over.period} ${named(over)}. Keep at most ${over.period}`, 'keep');
  const advice = [...met.values()].filter((limit) => limit.kind === 'advice' && isShorterPeriod(limit.period, policy.keep));
  return { advice: advice.map((limit) => `${limit.period} ${named(limit)}`) };
}

function named(limit: LegalLimit): string {
  return `${limit.jurisdiction === '*' ? 'everywhere' : `in ${limit.jurisdiction}`} (rule ${limit.id}: ${limit.source})`;
}

function splitHint(policy: { jurisdiction?: Jurisdiction }, floor: LegalLimit, operator: Jurisdiction | null): string {
  const splits = floor.party === 'either' && floor.jurisdiction !== '*' && floor.jurisdiction !== operator && policy.jurisdiction === undefined;
  return splits ? `, or publish a policy of at least ${floor.period} for jurisdiction ${floor.jurisdiction} first` : '';
}
