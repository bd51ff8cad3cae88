// Collects what a verification finds: every count, and the first thousand findings in words.
import { VERDICTS, type Problem, type Verdict } from '../verdicts.js';

/** Findings beyond this are counted, not described. */
export const MAX_PROBLEMS = 1_000;

export class Findings {
  readonly counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  readonly problems: Problem[] = [];
  /** How many problems there are, described or not. */
  total = 0;

  /** Whether further problems would still be described. */
  get describing(): boolean { return this.problems.length < MAX_PROBLEMS; }

  /** A problem; it counts for `weight` leaves or things under its verdict. */
  report(problem: Problem, weight = 1): void {
    this.total += 1;
    this.counts[problem.verdict] += weight;
    if (this.describing) this.problems.push(problem);
  }
}

/** "leaf 7" or "leaves 7–9"; `to` excluded. */
export function leaves(from: number, to: number): string {
  return to - from === 1 ? `leaf ${from}` : `leaves ${from}–${to - 1}`;
}
