// Which rows of one day's partition are due: a day is due as a whole or not at all, so this asks about accounts, single items and holds. Pure.
import { mapCutOffs, type CutOffs } from './cut-off-rules.js';
import { heldParts, heldSql, heldWithin, NOTHING_HELD, type HeldScope } from './hold-scope.js';
import type { Params } from './params.js';
import type { PurgeMethod } from './purge.js';
import type { PurgeTarget } from './purge-targets.js';

const DAY_MS = 86_400_000;

/** Cut-offs at which whole UTC days end: a day that is not over yet in every zone's calendar waits for the next run. */
export function wholeDays(cutOffs: CutOffs): CutOffs {
  return mapCutOffs(cutOffs, (at) => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS));
}

/**
 * Expired are the rows of `only` these accounts, or of all `except` these; rows without an account count as one that is never named.
 * Items by name come first, whatever their account. Due is what is expired and not held.
 */
export interface DayCut {
  readonly mode: 'only' | 'except'; readonly accounts: readonly string[];
  readonly itemsOver: readonly string[]; readonly itemsKept: readonly string[];
  readonly held: HeldScope;
}

/** The cut through the partition of the UTC day `day`, for cut-offs of whole days. */
export function cutThroughDay(cutOffs: CutOffs, held: HeldScope, day: Date): DayCut {
  const end = new Date(day.getTime() + DAY_MS);
  const over = (cutOff: Date | null): boolean => cutOff !== null && cutOff >= end;
  const mode = over(cutOffs.standard) ? 'except' : 'only';
  const differs = [...cutOffs.accounts].filter(([, cutOff]) => over(cutOff) === (mode === 'only')).map(([account]) => account);
  const items = [...cutOffs.items].map(([id, { at }]) => ({ id, over: over(at) }));
  return { mode, accounts: differs, itemsOver: items.filter((one) => one.over).map((one) => one.id), itemsKept: items.filter((one) => !one.over).map((one) => one.id), held: heldWithin(held, day, end) };
}

/** Whether the cut takes every row there can be. */
export function takesAll(cut: DayCut): boolean {
  return cut.mode === 'except' && cut.accounts.length === 0 && cut.itemsKept.length === 0 && cut.held.accounts.size === 0 && cut.held.narrow.length === 0;
}

/** Whether accounts alone decide, so that rows may be counted by account. */
export function goesByAccount(cut: DayCut): boolean {
  return cut.itemsOver.length === 0 && cut.itemsKept.length === 0 && cut.held.narrow.length === 0;
}

/** SQL for "row t is expired": true or false, never null. */
export function expiredSql(cut: DayCut, target: PurgeTarget, params: Params): string {
  const byItem = target.item !== null && (cut.itemsOver.length > 0 || cut.itemsKept.length > 0);
  if (!byItem && cut.accounts.length === 0) return cut.mode === 'except' ? 'true' : 'false';
  const accounts = params.add(cut.accounts, '::text[]');
  const byAccount = cut.mode === 'only' ? `coalesce(t.account_id = ANY(${accounts}), false)` : `coalesce(t.account_id <> ALL(${accounts}), true)`;
  if (!byItem) return byAccount;
  return `CASE WHEN ${target.item} = ANY(${params.add(cut.itemsOver, '::uuid[]')}) THEN true WHEN ${target.item} = ANY(${params.add(cut.itemsKept, '::uuid[]')}) THEN false ELSE ${byAccount} END`;
}

/** SQL for "row t is due", and for "row t is expired and stays because it is held"; of any row at most one is true. */
export function rowSql(cut: DayCut, target: PurgeTarget, params: Params): { readonly due: string; readonly heldDue: string } {
  const expired = expiredSql(cut, target, params), held = heldSql(cut.held, target, params);
  return held === 'false' ? { due: `(${expired})`, heldDue: 'false' } : { due: `(${expired} AND NOT ${held})`, heldDue: `(${expired} AND ${held})` };
}

/**
 * SQL for a WHERE: "row t stays", true exactly where it is not due. Where accounts and holds alone decide it is a list of what stays, each
 * part of which an index can answer, since a few rows among millions are looked for: no coalesce, and null for false.
 */
export function staysSql(cut: DayCut, target: PurgeTarget, params: Params): string {
  if (cut.mode === 'only' || !goesByAccount({ ...cut, held: NOTHING_HELD })) return `NOT ${rowSql(cut, target, params).due}`;
  const named = [...cut.accounts, ...cut.held.accounts], narrow = heldParts(cut.held, target, params);
  const parts = [...(named.length > 0 ? [`t.account_id = ANY(${params.add(named, '::text[]')})`] : []), ...narrow];
  return parts.length === 0 ? 'false' : `(${parts.join(' OR ')})`;
}

/** Nothing stays: drop. Less stays than goes: rewrite what stays. Otherwise delete what goes. Null when nothing is due. */
export function methodFor(rowsTotal: bigint, rowsDue: bigint): PurgeMethod | null {
  if (rowsDue === 0n) return null;
  if (rowsDue === rowsTotal) return 'drop_partition';
  return 2n * rowsDue >= rowsTotal ? 'replace_partition' : 'delete_rows';
}
