// What protects rows from a run at this moment: holds, and policies that were lengthened since it was planned.
import { cutOffsAt, keepMore, type CutOffs } from './cut-off-rules.js';
import { wholeDays } from './due-rules.js';
import { readFacts } from './facts.view.js';
import { heldScope, type HeldScope } from './hold-scope.js';
import { readProtecting } from './holds.view.js';
import type { DataType } from '../../kernel/data-types.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';
import { erasableNow } from './erase-rules.js';

/** What of a frozen plan decides. */
export interface FrozenPlan { readonly dataType: DataType; readonly cutOffs: CutOffs; readonly plannedAt: Date; readonly timeZone: string; /** The account of an erasure: what the law and the books keep protects from it, and policies do not. */ readonly erases?: string }
export interface Guard { readonly cutOffs: CutOffs; readonly held: HeldScope }

/** Cut-offs as a run applies them: at whole days where the tables of the type are cut by day. */
export function roundedFor(dataType: DataType, cutOffs: CutOffs): CutOffs {
  return PURGE_TARGETS[dataType].some((target) => target.partitioned) ? wholeDays(cutOffs) : cutOffs;
}

/** What is held of the data type by holds that were in force at `since` or came later. A release during a run frees nothing for that run. */
export async function readHeld(query: Query, dataType: DataType, since: Date): Promise<HeldScope> {
  return heldScope(await readProtecting(query, dataType, since));
}

/** The guard at `now`. What is destroyed by it must be destroyed while `lockGuard` is held, or it may be out of date. */
export async function readGuard(query: Query, plan: FrozenPlan, now: Date): Promise<Guard> {
  const facts = await readFacts(query, plan.dataType, plan.timeZone, now);
  const current = plan.erases === undefined ? roundedFor(plan.dataType, cutOffsAt(plan.dataType, facts, facts.accounts, plan.plannedAt, facts.items)) : erasableNow(plan.dataType, facts, plan.erases, plan.plannedAt, plan.timeZone);
  return { cutOffs: keepMore(plan.cutOffs, current), held: await readHeld(query, plan.dataType, plan.plannedAt) };
}

/**
 * Until the transaction ends nobody can place a hold, publish a policy or reopen a dispute: they wait, and then see what remains.
 * Without it a hold that commits between our look and our removal protects rows that are gone.
 */
export async function lockGuard(query: Query): Promise<void> {
  await query("SET LOCAL lock_timeout = '2s'");
  await query('LOCK TABLE holds, retention_policies, retention_disputes IN SHARE MODE');
}
