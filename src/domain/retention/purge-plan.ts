// The frozen plan of a run as it is kept in the row, and back again. Pure.
import type { Json } from '../../kernel/canonical-json.js';
import { cutOffFor, type CutOffs } from './cut-off-rules.js';
import type { Facts } from './facts.view.js';
import { limitsFor } from './limit-rules.js';
import type { DataType } from '../../kernel/data-types.js';
import { governingRules } from './policy-rules.js';
import type { FrozenPlan } from './purge-guard.js';
import { PURGE_TARGETS } from './purge-targets.js';

/** `purge_runs.policies`: the rules the run was planned by, and the cut-offs that follow from them. */
export interface StoredPlan {
  readonly [key: string]: Json;
  readonly time_zone: string;
  readonly policies: readonly { readonly [key: string]: Json }[];
  readonly minimums: readonly { readonly [key: string]: Json }[];
  readonly cut_offs: {
    readonly standard: string | null; readonly accounts: { readonly [accountId: string]: string | null };
    readonly items: { readonly [itemId: string]: { readonly at: string | null; readonly account_id: string | null } };
  };
  readonly predicate: string;
}

/** The plan for facts as they stand. Only rules that govern somebody are named; accounts appear where they differ. */
export function storePlan(dataType: DataType, facts: Facts, cutOffs: CutOffs): StoredPlan {
  const governing = new Set([...[null, ...facts.accounts].flatMap((one) => governingRules(facts.rules, dataType, one?.accountId ?? null, one?.jurisdiction ?? null)), ...facts.rules.filter((rule) => rule.itemIds)]);
  const minimums = new Map([null, ...facts.accounts].flatMap((one) => limitsFor(dataType, facts.operator, one?.jurisdiction ?? null))
    .filter((limit) => limit.kind === 'floor').map((limit) => [limit.id, limit]));
  const clocks = PURGE_TARGETS[dataType].map((target) => `${target.table}: ${target.clock.replaceAll('t.', '')}`);
  return {
    time_zone: facts.timeZone,
    policies: facts.rules.filter((rule) => governing.has(rule)).map((rule) => ({ policy_id: rule.policyId, version: rule.version, account_id: rule.accountId, jurisdiction: rule.jurisdiction, item_ids: rule.itemIds,
      keep: rule.keep, starts_at: rule.startsAt, purpose: rule.purpose, source: rule.source, legal_basis: rule.legalBasis, approval_id: rule.approvalId })),
    minimums: [...minimums.values()].map((limit) => ({ id: limit.id, jurisdiction: limit.jurisdiction, keep: limit.period, source: limit.source })),
    cut_offs: { standard: cutOffs.standard?.toISOString() ?? null,
      accounts: Object.fromEntries([...cutOffs.accounts.keys()].sort().map((id) => [id, cutOffFor(cutOffs, id)?.toISOString() ?? null])),
      items: Object.fromEntries([...cutOffs.items].map(([id, { at, accountId }]) => [id, { at: at?.toISOString() ?? null, account_id: accountId }])) },
    predicate: `clock (${clocks.join('; ')}) before the cut-off of the item, else of the row's account, else the standard one; and no hold for ${dataType} that covers the row`,
  };
}

/** The cut-offs of a stored plan. */
export function planCutOffs(plan: StoredPlan): CutOffs {
  const date = (text: string | null): Date | null => text === null ? null : new Date(text);
  return { standard: date(plan.cut_offs.standard), accounts: new Map(Object.entries(plan.cut_offs.accounts).map(([id, at]) => [id, date(at)])),
    // A plan of before items had policies of their own names none.
    items: new Map(Object.entries((plan.cut_offs as Partial<StoredPlan['cut_offs']>).items ?? {}).map(([id, item]) => [id, { at: date(item.at), accountId: item.account_id }])) };
}

/** Set when the run erases one subject: no policy decides then, and the certificate says this. */
export function erasureOf(plan: StoredPlan): { readonly [key: string]: Json } | undefined { return plan['erasure'] as { readonly [key: string]: Json } | undefined; }

/** What of a run's plan decides while it runs. */
export function frozenPlan(run: { readonly dataType: DataType; readonly plan: StoredPlan; readonly plannedAt: Date }): FrozenPlan {
  const scope = erasureOf(run.plan)?.['scope'] as { readonly account_id: string } | undefined;
  return { dataType: run.dataType, cutOffs: planCutOffs(run.plan), plannedAt: run.plannedAt, timeZone: run.plan.time_zone, ...(scope ? { erases: scope.account_id } : {}) };
}
