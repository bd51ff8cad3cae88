// Words of a simulation, and how counts add up. Pure.
import type { DataType } from '../../kernel/data-types.js';

/** What would be due under one set of policies. Rows and accounts are exact; bytes are an estimate from the size on disk. */
export interface Side {
  readonly rows: number; readonly bytes: number; readonly accounts: number; readonly oldest: Date | null; readonly heldRows: number; readonly heldAccounts: number;
  /** Nothing whose clock started at or after it would go. */
  readonly cutOff: Date | null;
}
export interface DayCount { readonly day: string; readonly today: number; readonly draft: number; /** Expired by the draft and kept by holds. */ readonly held: number }

/** Today's policies beside the draft; days without a due or held row are left out. */
export interface Simulation { readonly dataType: DataType; readonly today: Side; readonly draft: Side; readonly days: readonly DayCount[]; readonly tookMs: number }

export interface Tally { rows: number; heldRows: number; bytes: number; readonly accounts: Set<string | null>; readonly heldAccounts: Set<string | null>; oldest: Date | null }

/** Adds expired rows of one account: due ones, or held ones. */
export function addTally(tally: Tally, { account, rows, held, first, bytesPerRow }: { account: string | null; rows: number; held: boolean; first: Date | null; bytesPerRow: number }): void {
  if (held) { tally.heldRows += rows; tally.heldAccounts.add(account); return; }
  tally.rows += rows;
  tally.bytes += rows * bytesPerRow;
  tally.accounts.add(account);
  if (first && (!tally.oldest || first < tally.oldest)) tally.oldest = first;
}

export function emptySide(): Tally[] { return []; }

/** One side of all parts together: an account in several parts is one. `first` is the oldest row of the partitions. */
export function finishSide(tallies: readonly Tally[], cutOff: Date | null, first: Date | null): Side {
  // The days of a side share one set: it is looked at once.
  const union = (sets: readonly ReadonlySet<string | null>[]): number => { const all = new Set<string | null>(); for (const set of new Set(sets)) for (const account of set) all.add(account); return all.size; };
  const oldest = tallies.reduce<Date | null>((a, { oldest: b }) => (a === null || (b !== null && b < a) ? b : a), first);
  const sum = (field: 'rows' | 'heldRows' | 'bytes'): number => tallies.reduce((total, one) => total + one[field], 0);
  return { rows: sum('rows'), bytes: Math.round(sum('bytes')), accounts: union(tallies.map((one) => one.accounts)), oldest, heldRows: sum('heldRows'), heldAccounts: union(tallies.map((one) => one.heldAccounts)), cutOff };
}
