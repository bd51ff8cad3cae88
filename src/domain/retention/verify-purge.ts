// Counts, through the read path, what a run should have removed and did not. Only zero can be certified.
import { expiredRows } from './purge-count.view.js';
import { readGuard, type FrozenPlan } from './purge-guard.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';

/** One statement as it was run, with what it counted. Long lists of accounts are given by their length. */
export interface SurvivorCount {
  readonly table: string; readonly query: string; readonly standard_bound: string; readonly accounts_with_own_bound: number; readonly accounts_held: number;
  readonly narrow_holds: number; readonly items_with_own_bound: number;
  readonly survivors: bigint; readonly held: bigint;
}
export interface Verification { readonly at: Date; readonly survivors: bigint; readonly held: bigint; readonly heldAccounts: readonly string[]; readonly counts: readonly SurvivorCount[] }

/** Asks each table as a whole, by the clock of each row: another way than the one by which the run chose what to remove. */
export async function verifyPurge(query: Query, plan: FrozenPlan, at: Date): Promise<Verification> {
  const guard = await readGuard(query, plan, at);
  const counts: SurvivorCount[] = [], heldAccounts = new Set<string>();
  for (const target of PURGE_TARGETS[plan.dataType]) {
    const { text, params } = expiredRows(target, guard, plan.timeZone);
    const statement = `SELECT count(*) FILTER (WHERE NOT held) AS survivors, count(*) FILTER (WHERE held) AS held, array_agg(DISTINCT account_id) FILTER (WHERE held) AS held_accounts FROM (${text}) expired`.replaceAll(/\s+/g, ' ');
    const [row] = await query<{ survivors: string; held: string; held_accounts: string[] | null }>(statement, params.values);
    for (const account of row!.held_accounts ?? []) heldAccounts.add(account);
    counts.push({ table: target.table, query: statement, standard_bound: String(params.values[0]), accounts_with_own_bound: guard.cutOffs.accounts.size, accounts_held: guard.held.accounts.size, narrow_holds: guard.held.narrow.length, items_with_own_bound: guard.cutOffs.items.size,
      survivors: BigInt(row!.survivors), held: BigInt(row!.held) });
  }
  return { at, survivors: counts.reduce((sum, one) => sum + one.survivors, 0n), held: counts.reduce((sum, one) => sum + one.held, 0n), heldAccounts: [...heldAccounts].sort(), counts };
}
