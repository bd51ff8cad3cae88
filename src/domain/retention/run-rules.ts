// What a run's state allows, when a stopped one goes on by itself, and how far one is. Pure.
import type { Progress, PurgeRun, RunState } from './purge.js';

/** Nothing more happens to it. */
export const OVER: readonly RunState[] = ['certified', 'nothing_due', 'cancelled'];
/** Failures after which a run waits for somebody to look. */
export const MAX_FAILURES = 8;
const MINUTE_MS = 60_000;

/** When a run that failed for the `failures`th time is tried again: 5 minutes later, then twice as long each time, at most 6 hours; null after the eighth. */
export function retryAt(now: Date, failures: number): Date | null {
  return failures >= MAX_FAILURES ? null : new Date(now.getTime() + Math.min(5 * 2 ** (failures - 1), 360) * MINUTE_MS);
}

/** When a run that waits for something, such as the sealer, is tried again. */
export function waitUntil(now: Date): Date { return new Date(now.getTime() + 5 * MINUTE_MS); }

/** Whether it may have removed rows that no certificate accounts for yet. */
export function isUncertified(run: Pick<PurgeRun, 'state' | 'startedAt'>): boolean { return run.startedAt !== null && !OVER.includes(run.state); }

/** Whether the sweep may take the run on by itself at `now`. */
export function goesOnByItself(run: Pick<PurgeRun, 'state' | 'needsApproval' | 'retryAt'>, now: Date): boolean {
  if (OVER.includes(run.state) || run.state === 'paused' || (run.state === 'planned' && run.needsApproval)) return false;
  return run.state === 'failed' ? run.retryAt !== null && run.retryAt <= now : run.retryAt === null || run.retryAt <= now;
}

/** Rows count when they are gone; a partition that is out of its table and not destroyed does not yet. */
export function progressOf(run: PurgeRun, now: Date): Progress {
  const done = run.items.filter((item) => item.state === 'done');
  const rowsDue = run.items.reduce((sum, item) => sum + (item.state === 'done' ? item.rowsDeleted : item.rowsDue), 0n);
  const rowsDone = run.items.reduce((sum, item) => sum + (item.state === 'detached' ? 0n : item.rowsDeleted), 0n);
  const elapsed = run.startedAt ? ((run.finishedAt ?? now).getTime() - run.startedAt.getTime()) / 1000 : 0, going = run.state === 'running' || run.state === 'verifying';
  const rate = (going ? recentRate(run) : null) ?? (rowsDone > 0n && elapsed > 0 ? Number(rowsDone) / elapsed : null);
  return { rowsDue, rowsDone, itemsDone: done.length, items: run.items.length, rowsPerSecond: rate === null ? null : Math.round(rate),
    remainingMs: rate === null || !going ? null : Math.round(Number(rowsDue - rowsDone) / rate * 1000) };
}

const RECENT = 20, ENOUGH = 3, AT_MOST = 5;

/**
 * Rows a second over the last items, by when each was done. A run stands still while it is paused, waits for a seal or for its next try:
 * an interval counts as at most five usual ones, so that a night's pause does not become days of remaining time. Null with fewer than three.
 */
function recentRate(run: PurgeRun): number | null {
  const ends = run.items.filter((item) => item.doneAt !== null && item.rowsDeleted > 0n).sort((a, b) => a.doneAt!.getTime() - b.doneAt!.getTime()).slice(-RECENT - 1);
  const took = ends.slice(1).map((item, index) => item.doneAt!.getTime() - ends[index]!.doneAt!.getTime()), usual = took.toSorted((a, b) => a - b)[took.length >> 1] ?? 0;
  if (took.length < ENOUGH || usual === 0) return null;
  return ends.slice(1).reduce((sum, item) => sum + Number(item.rowsDeleted), 0) / took.reduce((sum, ms) => sum + Math.min(ms, AT_MOST * usual), 0) * 1000;
}
