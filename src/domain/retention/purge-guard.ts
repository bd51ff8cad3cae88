// What protects rows from a run at this moment: holds, and policies that were lengthened since it was planned.
import { cutOffsAt, keepMore, type CutOffs } from './cut-off-rules.js';
import { wholeDays } from './due-rules.js';
import { readFacts } from './facts.view.js';
import type { DataType } from '../../kernel/data-types.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

/** What of a frozen plan decides. */
export interface FrozenPlan { readonly dataType: DataType; readonly cutOffs: CutOffs; readonly plannedAt: Date; readonly timeZone: string }
export interface Guard { readonly cutOffs: CutOffs; readonly held: ReadonlySet<string> }

/** Cut-offs of a data type, at whole days where its tables are cut by day. */
export async function readCutOffs(query: Query, dataType: DataType, now: Date, timeZone: string): Promise<CutOffs> {
  const facts = await readFacts(query, dataType, timeZone);
  return roundedFor(dataType, cutOffsAt(dataType, facts, facts.accounts, now));
}

/** Cut-offs as a run applies them. */
export function roundedFor(dataType: DataType, cutOffs: CutOffs): CutOffs {
  return PURGE_TARGETS[dataType].some((target) => target.partitioned) ? wholeDays(cutOffs) : cutOffs;
}

/** Accounts with a hold on the data type that was in force at `since` or came later. A release during a run frees nothing for that run. */
export async function readHeldAccounts(query: Query, dataType: DataType, since: Date): Promise<ReadonlySet<string>> {
  const rows = await query<{ account_id: string }>(`SELECT DISTINCT account_id FROM holds
    WHERE (data_types IS NULL OR $1 = ANY(data_types)) AND (protects_until IS NULL OR protects_until > $2)`, [dataType, since]);
  return new Set(rows.map((row) => row.account_id));
}

/** The guard as it stands. What is destroyed by it must be destroyed while `lockGuard` is held, or it may be out of date. */
export async function readGuard(query: Query, plan: FrozenPlan): Promise<Guard> {
  const current = await readCutOffs(query, plan.dataType, plan.plannedAt, plan.timeZone);
  return { cutOffs: keepMore(plan.cutOffs, current), held: await readHeldAccounts(query, plan.dataType, plan.plannedAt) };
}

/**
 * Until the transaction ends nobody can place a hold or publish a policy: they wait, and then see what remains. Without it a hold
 * that commits between our look and our removal protects rows that are gone.
 */
export async function lockGuard(query: Query): Promise<void> {
  await query("SET LOCAL lock_timeout = '2s'");
  await query('LOCK TABLE holds, retention_policies IN SHARE MODE');
}
