// Which policy governs an item and when it goes: DESIGN §7 as pure functions.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import { addPeriod } from '../../kernel/period.js';
import { limitsFor } from './limit-rules.js';
import { LEGAL_LIMITS, type LegalLimit } from './legal-limits.js';
import type { ClockStart, Policy } from './policy.js';

/** What of a policy decides; a hypothetical one has neither id nor version. */
export type Rule = Pick<Policy, 'dataType' | 'accountId' | 'jurisdiction' | 'keep' | 'startsAt' | 'purpose' | 'source'> & { readonly policyId: string | null; readonly version: number | null; readonly itemIds?: readonly string[] | null };

/** The clock that fits a data type's rows; other clocks are questions about the account. */
export const OWN_CLOCK: Record<DataType, ClockStart> = {
  account_information: 'account-closed', api_call_metadata: 'created', input_content: 'created', output_content: 'created',
  payment_records: 'fiscal-year-end', security_logs: 'created', third_party_call_records: 'created',
};

/** Clocks a policy of the data type and scope may use. Content has a ceiling, so it never waits for an event; a dispute is one of an account. */
export function clocksFor(dataType: DataType, scope: { readonly accountId?: string | null | undefined; readonly itemIds?: readonly string[] | null | undefined } = {}): readonly ClockStart[] {
  const own = OWN_CLOCK[dataType];
  if (own !== 'created' || dataType === 'input_content' || dataType === 'output_content' || scope.itemIds) return [own];
  return scope.accountId ? [own, 'account-closed', 'dispute-closed'] : [own, 'account-closed'];
}

export interface RuleFacts {
  readonly rules: readonly Rule[];
  /** Null before the operator's profile is set. */
  readonly operator: Jurisdiction | null;
  readonly timeZone: string;
  readonly limits?: readonly LegalLimit[];
}

export interface RetentionItem {
  readonly dataType: DataType;
  readonly createdAt: Date;
  readonly accountId: string | null;
  readonly jurisdiction: Jurisdiction | null;
  readonly accountClosedAt: Date | null;
  readonly fiscalYearEnd: Date | null;
  /** When the last dispute of the account was closed; null while one is open, or there never was one. */
  readonly disputeClosedAt?: Date | null;
  readonly itemId?: string | null;
}

export const LEVELS = ['item', 'account', 'jurisdiction', 'all'] as const;

/** The rules that speak of the item, by level, the most explicit first. */
export function rulesByLevel<R extends Rule>(rules: readonly R[], dataType: DataType, accountId: string | null, jurisdiction: Jurisdiction | null, itemId: string | null = null): readonly (readonly R[])[] {
  const ofType = rules.filter((rule) => rule.dataType === dataType), wide = ofType.filter((rule) => !rule.itemIds);
  return [
    itemId === null ? [] : ofType.filter((rule) => rule.itemIds?.includes(itemId)),
    wide.filter((rule) => rule.accountId !== null && rule.accountId === accountId),
    wide.filter((rule) => rule.accountId === null && rule.jurisdiction !== null && rule.jurisdiction === jurisdiction),
    wide.filter((rule) => rule.accountId === null && rule.jurisdiction === null),
  ];
}

/** The rules at the most explicit level that has any: item, then account, then jurisdiction, then all. */
export function governingRules(rules: readonly Rule[], dataType: DataType, accountId: string | null, jurisdiction: Jurisdiction | null, itemId: string | null = null): readonly Rule[] {
  return rulesByLevel(rules, dataType, accountId, jurisdiction, itemId).find((level) => level.length > 0) ?? [];
}

export interface Resolution {
  readonly rule: Rule | null;
  readonly retainUntil: Date | null;
  readonly deleteAt: Date | null;
  readonly waitingFor?: Exclude<ClockStart, 'created'>;
  readonly minimums: readonly LegalLimit[];
}

/**
 * `retainUntil`: the longest of all minimums. `deleteAt`: the shortest of the most explicit rules, but never before `retainUntil`;
 * null without a rule, or while the rule or a minimum waits for its event. Holds are not looked at here: they stop everything.
 */
export function resolveRetention(item: RetentionItem, facts: RuleFacts): Resolution {
  const minimums = limitsFor(item.dataType, facts.operator, item.jurisdiction, facts.limits ?? LEGAL_LIMITS).filter((limit) => limit.kind === 'floor');
  const ends = minimums.map((floor) => endOf(item, floor.startsAt, floor.period, facts.timeZone));
  const waitingFloor = minimums[ends.indexOf(null)];
  const retainUntil = waitingFloor ? null : latest(ends);
  const goes = governingRules(facts.rules, item.dataType, item.accountId, item.jurisdiction, item.itemId)
    .map((rule) => ({ rule, at: endOf(item, rule.startsAt, rule.keep, facts.timeZone) }))
    .sort((a, b) => (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity))[0];
  const waitingFor = goes && !goes.at ? goes.rule.startsAt : waitingFloor?.startsAt;
  const deleteAt = goes?.at && !waitingFloor ? latest([goes.at, retainUntil]) : null;
  return { rule: goes?.rule ?? null, retainUntil, deleteAt, ...(waitingFor && waitingFor !== 'created' ? { waitingFor } : {}), minimums };
}

/** When the clock of an item starts; null while its event has not happened. */
export function clockStart(item: RetentionItem, clock: ClockStart): Date | null {
  if (clock === 'created') return item.createdAt;
  return clock === 'account-closed' ? item.accountClosedAt : clock === 'dispute-closed' ? item.disputeClosedAt ?? null : item.fiscalYearEnd;
}

/** When an item goes by a clock and period alone; null while the clock waits. */
export function endOf(item: RetentionItem, clock: ClockStart, period: string, timeZone: string): Date | null {
  const start = clockStart(item, clock);
  return start && addPeriod(start, period, timeZone);
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}
