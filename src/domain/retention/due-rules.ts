// Which rows of one day's partition are due. A day is due as a whole or not at all, so this is a question about accounts. Pure.
import { cutOffFor, mapCutOffs, type CutOffs } from './cut-off-rules.js';
import type { PurgeMethod } from './purge.js';

const DAY_MS = 86_400_000;

/** Cut-offs at which whole UTC days end: a day that is not over yet in every zone's calendar waits for the next run. */
export function wholeDays(cutOffs: CutOffs): CutOffs {
  return mapCutOffs(cutOffs, (at) => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS));
}

/**
 * Due are the rows of `only` these accounts, or of all `except` these. Rows without an account count as one that is never named.
 * `heldDue` are the accounts whose rows would be due but for a hold.
 */
export interface DayCut { readonly mode: 'only' | 'except'; readonly accounts: readonly string[]; readonly heldDue: readonly string[] }

/** The cut through the partition of the UTC day `day`, for cut-offs of whole days. */
export function cutThroughDay(cutOffs: CutOffs, held: ReadonlySet<string>, day: Date): DayCut {
  const end = new Date(day.getTime() + DAY_MS);
  const over = (cutOff: Date | null): boolean => cutOff !== null && cutOff >= end;
  const heldDue = [...held].filter((account) => over(cutOffFor(cutOffs, account)));
  if (over(cutOffs.standard)) {
    const later = [...cutOffs.accounts].filter(([, cutOff]) => !over(cutOff)).map(([account]) => account);
    return { mode: 'except', accounts: [...new Set([...later, ...held])], heldDue };
  }
  return { mode: 'only', accounts: [...cutOffs.accounts].filter(([account, cutOff]) => over(cutOff) && !held.has(account)).map(([account]) => account), heldDue };
}

/** SQL for "row t is due" with the accounts as parameter `$n`. */
export function dueSql(cut: DayCut, n: number): string {
  return cut.mode === 'only' ? `(t.account_id = ANY($${n}::text[]))` : `(t.account_id IS NULL OR t.account_id <> ALL($${n}::text[]))`;
}

/** SQL for "row t stays"; false or true of a row exactly when `dueSql` is not. */
export function staysSql(cut: DayCut, n: number): string {
  return cut.mode === 'only' ? `(t.account_id IS NULL OR t.account_id <> ALL($${n}::text[]))` : `(t.account_id = ANY($${n}::text[]))`;
}

/** Nothing stays: drop. Less stays than goes: rewrite what stays. Otherwise delete what goes. Null when nothing is due. */
export function methodFor(rowsTotal: bigint, rowsDue: bigint): PurgeMethod | null {
  if (rowsDue === 0n) return null;
  if (rowsDue === rowsTotal) return 'drop_partition';
  return 2n * rowsDue >= rowsTotal ? 'replace_partition' : 'delete_rows';
}
