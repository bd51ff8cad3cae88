// Up to where an erasure may go, and why the rest stays. A policy keeps nothing from a subject; a law, the books and a hold do. Pure.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { addPeriod, expiredBefore, type Period } from '../../kernel/period.js';
import type { AccountFacts, CutOffs } from './cut-off-rules.js';
import type { EraseCount, ErasePlan, Restriction } from './erase.js';
import type { Facts } from './facts.view.js';
import { limitsFor } from './limit-rules.js';
import { governingRules } from './policy-rules.js';
import { PURGE_TARGETS } from './purge-targets.js';

const DAY_MS = 86_400_000;
/** Types whose rows are known by a call, so that an erasure of sessions can reach them. */
export const SESSION_TYPES: readonly DataType[] = ['api_call_metadata', 'input_content', 'output_content', 'third_party_call_records'];

/** What must keep rows of the type from an erasure, with how long from the clock of each row. */
export interface Keeper extends Restriction { readonly period: Period }

export function keepersOf(dataType: DataType, facts: Pick<Facts, 'operator' | 'rules'>, account: Pick<AccountFacts, 'accountId' | 'jurisdiction'>): Keeper[] {
  const floors = limitsFor(dataType, facts.operator, account.jurisdiction).filter((limit) => limit.kind === 'floor').map((limit): Keeper => ({ kind: 'floor', id: limit.id, says: limit.source, period: limit.period }));
  // Where no law of the operator's place is on file, the published policy stands for the duty to keep books.
  const books = dataType === 'payment_records' && floors.length === 0
    ? governingRules(facts.rules, dataType, account.accountId, account.jurisdiction).map((rule): Keeper => ({ kind: 'books', id: rule.policyId ?? 'policy', says: basisOf(facts, rule.policyId) ?? rule.purpose, period: rule.keep })) : [];
  return [...floors, ...books];
}

function basisOf(facts: Pick<Facts, 'rules'>, policyId: string | null): string | null { return facts.rules.find((policy) => policy.policyId === policyId)?.legalBasis ?? null; }

/** Rows whose clock started before it may go. Where nothing keeps them, all there are: records of the day that is not over too. */
export function eraseCutOff(dataType: DataType, keepers: readonly Keeper[], at: Date, timeZone: string): Date {
  if (keepers.length > 0) {
    const first = keepers.map(({ period }) => expiredBefore(at, period, timeZone)).reduce((a, b) => (b < a ? b : a));
    return PURGE_TARGETS[dataType].some((target) => target.partitioned) ? new Date(Math.floor(first.getTime() / DAY_MS) * DAY_MS) : first;
  }
  // The clock of content is the end of its grant, that of an account its closing: both may lie ahead.
  if (dataType === 'account_information' || dataType === 'input_content' || dataType === 'output_content') return addPeriod(at, 'P1Y', timeZone);
  return endOfDay(at);
}

/** Midnight UTC after the instant: partitions are of UTC days. */
export function endOfDay(at: Date): Date { return new Date((Math.floor(at.getTime() / DAY_MS) + 1) * DAY_MS); }

/** When a row whose clock started then may go: with the first purge after it. Records go by whole days. */
export function goesAt(dataType: DataType, keepers: readonly Keeper[], clockStart: Date, timeZone: string): Date {
  const last = keepers.map(({ period }) => addPeriod(clockStart, period, timeZone)).reduce((a, b) => (b > a ? b : a), clockStart);
  return keepers.length > 0 && PURGE_TARGETS[dataType].some((target) => target.partitioned) ? endOfDay(last) : last;
}

/** The cut-offs of a run for the subject alone: nothing of anybody else is below any of them. */
export function subjectCutOffs(accountId: string, items: readonly string[] | null, cutOff: Date): CutOffs {
  if (items === null) return { standard: null, accounts: new Map([[accountId, cutOff]]), items: new Map() };
  return { standard: null, accounts: new Map(), items: new Map(items.map((id) => [id, { at: cutOff, accountId }])) };
}

/** What an erasure of the account could reach by the rules of this moment; an account that is not there any more has nothing to reach. */
export function erasableNow(dataType: DataType, facts: Facts, accountId: string, at: Date, timeZone: string): CutOffs {
  const account = facts.accounts.find((one) => one.accountId === accountId);
  return account ? subjectCutOffs(accountId, null, eraseCutOff(dataType, keepersOf(dataType, facts, account), at, timeZone)) : { standard: null, accounts: new Map(), items: new Map() };
}

/** The types an erasure takes on, in the order of its runs: what points to others goes before them. */
export function typesOf(asked: readonly DataType[] | undefined, bySessions: boolean): DataType[] {
  const all = bySessions ? SESSION_TYPES : DATA_TYPES, order: readonly DataType[] = ['input_content', 'output_content', 'api_call_metadata', 'third_party_call_records', 'security_logs', 'payment_records', 'account_information'];
  return order.filter((type) => all.includes(type) && (asked ?? all).includes(type));
}

/** Counts as records, requests and certificates tell them. */
export function describeCounts(counts: readonly EraseCount[]): { [dataType: string]: { rows: string; erased: string; held: string; kept: string; goes_at: string | null; why: string[] } } {
  return Object.fromEntries(counts.map((one) => [one.dataType, { rows: one.rows.toString(), erased: one.rowsErased.toString(), held: one.rowsHeld.toString(), kept: one.rowsKept.toString(),
    goes_at: one.goesAt?.toISOString() ?? null, why: one.why.map((reason) => `${reason.kind} ${reason.id}: ${reason.says}`) }]));
}

export function planOf(types: readonly DataType[], keepers: ReadonlyMap<DataType, readonly Keeper[]>, at: Date, timeZone: string, bySessions: boolean): ErasePlan {
  return {
    time_zone: timeZone, planned_at: at.toISOString(),
    predicate: `${bySessions ? 'the request id is one of those the erasure lists' : 'the account is the one of the erasure'}, the clock started before the cut-off of the type, and no hold covers the row`,
    cut_offs: Object.fromEntries(types.map((type) => [type, eraseCutOff(type, keepers.get(type) ?? [], at, timeZone).toISOString()])),
    minimums: Object.fromEntries(types.map((type) => [type, (keepers.get(type) ?? []).map(({ kind, id, says, period }) => ({ kind, id, source: says, keep: period }))])),
  };
}
