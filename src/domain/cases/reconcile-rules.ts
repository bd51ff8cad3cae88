// Ours against theirs, by class, per day and model. Pure.
import type { UsageRow } from './usage-file-rules.js';

export const CLASSES = ['matched', 'amount_differs', 'ours_only', 'theirs_only'] as const;
export type ReconciledClass = (typeof CLASSES)[number];
export type OurUsage = Pick<UsageRow, 'upstreamRequestId' | 'day' | 'model' | 'inputTokens' | 'outputTokens'> & { readonly requestId: string };
/** What may differ without being a difference: the larger of an absolute number of tokens and a share of theirs in parts of ten thousand. */
export interface Tolerance { readonly tokens: bigint; readonly basisPoints: bigint }
export interface ReconciledLine { readonly class: ReconciledClass; readonly day: string; readonly model: string; readonly upstreamRequestId: string | null; readonly requestId: string | null; readonly ours: Tokens | null; readonly theirs: Tokens | null; readonly amountMicros: bigint | null; readonly currency: string | null }
interface Tokens { readonly input: bigint; readonly output: bigint }
export interface ReconciledGroup { readonly day: string; readonly model: string; readonly counts: Readonly<Record<ReconciledClass, number>>; readonly ours: Tokens; readonly theirs: Tokens }
export interface Reconciliation { readonly byRequest: boolean; readonly groups: readonly ReconciledGroup[]; /** Everything that is not matched, at most `MOST_LINES`. */ readonly differences: readonly ReconciledLine[]; readonly total: Readonly<Record<ReconciledClass, number>> }

export const MOST_LINES = 1_000;

/** By request where the file names requests, else by the sums of day and model. Several rows of one request are its parts and are added. */
export function reconcile(theirs: readonly UsageRow[], ours: readonly OurUsage[], tolerance: Tolerance): Reconciliation {
  const byRequest = theirs.every((row) => row.upstreamRequestId !== null), keyOf = (row: UsageRow | OurUsage): string => (byRequest ? row.upstreamRequestId ?? `ours:${'requestId' in row ? row.requestId : ''}` : `${row.day}\u0000${row.model}`);
  const left = new Map<string, UsageRow>(), right = new Map<string, OurUsage>();
  for (const row of theirs) { const old = left.get(keyOf(row)); left.set(keyOf(row), old ? { ...add(old, row), amountMicros: sum(old.amountMicros, row.amountMicros) } : row); }
  for (const row of ours) { const old = right.get(keyOf(row)); right.set(keyOf(row), old ? add(old, row) : row); }
  const lines = [...new Set([...left.keys(), ...right.keys()])].map((key) => lineOf(left.get(key), right.get(key), byRequest, tolerance)).sort(byDayAndModel);
  const groups = new Map<string, ReconciledGroup>(), total = nothing();
  for (const line of lines) {
    total[line.class] += 1;
    const key = `${line.day}\u0000${line.model}`, old = groups.get(key) ?? { day: line.day, model: line.model, counts: nothing(), ours: ZERO, theirs: ZERO };
    groups.set(key, { ...old, counts: { ...old.counts, [line.class]: old.counts[line.class] + 1 }, ours: plus(old.ours, line.ours), theirs: plus(old.theirs, line.theirs) });
  }
  return { byRequest, groups: [...groups.values()], differences: lines.filter((line) => line.class !== 'matched').slice(0, MOST_LINES), total };
}

function lineOf(theirs: UsageRow | undefined, ours: OurUsage | undefined, byRequest: boolean, tolerance: Tolerance): ReconciledLine {
  const where = theirs ?? ours!, tokens = (row: UsageRow | OurUsage | undefined): Tokens | null => (row ? { input: row.inputTokens, output: row.outputTokens } : null);
  const kind: ReconciledClass = !theirs ? 'ours_only' : !ours ? 'theirs_only' : near(theirs.inputTokens, ours.inputTokens, tolerance) && near(theirs.outputTokens, ours.outputTokens, tolerance) ? 'matched' : 'amount_differs';
  return { class: kind, day: where.day, model: where.model, upstreamRequestId: where.upstreamRequestId, requestId: byRequest ? ours?.requestId ?? null : null, ours: tokens(ours), theirs: tokens(theirs), amountMicros: theirs?.amountMicros ?? null, currency: theirs?.currency ?? null };
}

function near(theirs: bigint, ours: bigint, { tokens, basisPoints }: Tolerance): boolean {
  const apart = theirs > ours ? theirs - ours : ours - theirs, share = theirs * basisPoints / 10_000n;
  return apart <= (share > tokens ? share : tokens);
}
function add<T extends Pick<UsageRow, 'inputTokens' | 'outputTokens'>>(one: T, other: Pick<UsageRow, 'inputTokens' | 'outputTokens'>): T { return { ...one, inputTokens: one.inputTokens + other.inputTokens, outputTokens: one.outputTokens + other.outputTokens }; }
function sum(one: bigint | null, other: bigint | null): bigint | null { return one === null && other === null ? null : (one ?? 0n) + (other ?? 0n); }
function plus(one: Tokens, other: Tokens | null): Tokens { return other ? { input: one.input + other.input, output: one.output + other.output } : one; }
function nothing(): Record<ReconciledClass, number> { return { matched: 0, amount_differs: 0, ours_only: 0, theirs_only: 0 }; }
function byDayAndModel(one: ReconciledLine, other: ReconciledLine): number { return `${one.day}${one.model}` < `${other.day}${other.model}` ? -1 : `${one.day}${one.model}` > `${other.day}${other.model}` ? 1 : 0; }
const ZERO: Tokens = { input: 0n, output: 0n };
