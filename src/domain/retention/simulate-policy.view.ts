// What a draft policy would delete, beside what is due today: counted exactly, day by day, and fast. Reads only.
//
// By account where accounts alone decide: of days that are over from what is kept of them, else by an index-only scan of (account_id, id).
import type { Clock } from '../../kernel/clock.js';
import { cutOffFor, cutOffsAt, lastCutOff, type CutOffs } from './cut-off-rules.js';
import { cutThroughDay, goesByAccount, rowSql, type DayCut } from './due-rules.js';
import { readFacts } from './facts.view.js';
import type { HeldScope } from './hold-scope.js';
import { instantOfId } from '../../kernel/ids.js';
import { dayOf } from '../../kernel/period.js';
import { Params } from './params.js';
import { countsText, parseCounts, readCounts, type CountedPartition } from './partition-counts.store.js';
import type { PolicyInput } from './policy.js';
import { withHypothetical } from './preview-purge.js';
import { expiredRows, readPartitions } from './purge-count.view.js';
import { readHeld, roundedFor } from './purge-guard.js';
import { clockInstant, PURGE_TARGETS, type PurgeTarget } from './purge-targets.js';
import type { Query } from './query.store.js';
import { addTally, emptySide, finishSide, type DayCount, type Simulation, type Tally } from './simulation.js';

const DAY_MS = 86_400_000;
/** Partitions counted at the same time; each is one session of the reading pool. */
const AT_ONCE = 3;
/** Partitions whose kept counts are read at once: of thousands of accounts that is a megabyte. */
const PARTITIONS_READ = 50;

type Seen = Pick<Tally, 'accounts' | 'heldAccounts'>;
interface Sides { readonly today: CutOffs; readonly draft: CutOffs; readonly held: HeldScope; /** The accounts met so far, one set for all days. */ readonly seen: { readonly today: Seen; readonly draft: Seen } }
/** What is expired in one part, with the day it belongs to. */
interface Count { readonly day: string; readonly today: Tally; readonly draft: Tally; /** The partition it is of, for looking up its oldest row. */ readonly part?: { readonly target: PurgeTarget; readonly name: string; readonly cuts: Cuts } }
type Cuts = readonly [DayCut, DayCut];

export type SimulatePolicy = (input: Pick<PolicyInput, 'dataType' | 'keep' | 'startsAt' | 'accountId' | 'jurisdiction' | 'itemIds'>) => Promise<Simulation>;

/** Binds the reading pool. */
export function createSimulatePolicy(deps: { query: Query; clock: Clock; timeZone: string }): SimulatePolicy {
  return async (input) => {
    const { query, clock, timeZone } = deps, { dataType } = input, now = clock.now(), began = performance.now();
    const stored = await readFacts(query, dataType, timeZone, now), facts = await withHypothetical(query, stored, dataType, input);
    const sides: Sides = { held: await readHeld(query, dataType, now), seen: { today: { accounts: new Set(), heldAccounts: new Set() }, draft: { accounts: new Set(), heldAccounts: new Set() } },
      today: roundedFor(dataType, cutOffsAt(dataType, stored, stored.accounts, now, stored.items)), draft: roundedFor(dataType, cutOffsAt(dataType, facts, facts.accounts, now, facts.items)) };
    const reach = [lastCutOff(sides.today), lastCutOff(sides.draft)].reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
    const counts: Count[] = [];
    for (const target of PURGE_TARGETS[dataType]) {
      if (reach === null) continue;
      if (!target.partitioned) { counts.push(...await countTable(query, target, sides, timeZone)); continue; }
      const partitions = await readPartitions(query, target.table, reach);
      for (let at = 0; at < partitions.length; at += PARTITIONS_READ) {
        const some = partitions.slice(at, at + PARTITIONS_READ), kept = await readCounts(query, some.map((one) => one.name));
        await inTurns(some, async ({ name, day }) => { counts.push(await countDay(query, target, name, day, sides, kept.get(name))); });
      }
    }
    const oldest = { today: await findOldest(query, counts, 'today'), draft: await findOldest(query, counts, 'draft') };
    return summed(input.dataType, counts, sides, oldest, performance.now() - began);
  };
}

async function countDay(query: Query, target: PurgeTarget, name: string, day: Date, sides: Sides, kept?: CountedPartition): Promise<Count> {
  const cuts = [cutThroughDay(sides.today, sides.held, day), cutThroughDay(sides.draft, sides.held, day)] as const, text = day.toISOString().slice(0, 10);
  if (!cuts.every(goesByAccount)) return await countByRow(query, target, name, text, cuts);
  const { counts: rows, bytes } = kept ?? await countNow(query, name);
  const end = new Date(day.getTime() + DAY_MS), total = rows.reduce((sum, row) => sum + row.rows, 0), bytesPerRow = total === 0 ? 0 : bytes / total;
  const tallied = (side: 'today' | 'draft'): Tally => {
    const tally = { ...emptyTally(), ...sides.seen[side] }, cutOffs = sides[side];
    for (const row of rows) {
      const cutOff = cutOffFor(cutOffs, row.account);
      if (cutOff !== null && cutOff >= end) addTally(tally, { account: row.account, rows: row.rows, held: row.account !== null && sides.held.accounts.has(row.account), first: null, bytesPerRow });
    }
    return tally;
  };
  return { day: text, today: tallied('today'), draft: tallied('draft'), part: { target, name, cuts } };
}

async function countNow(query: Query, name: string): Promise<CountedPartition> {
  const [found] = await query<{ counts: string | null; bytes: string }>(`SELECT (${countsText(name)}) AS counts, pg_total_relation_size($1::regclass) AS bytes`, [name]);
  return { counts: parseCounts(found!.counts), bytes: Number(found!.bytes) };
}

/** The oldest due row of one side: looked for in the earliest partitions that have any, one for each table. */
async function findOldest(query: Query, counts: readonly Count[], side: 'today' | 'draft'): Promise<Date | null> {
  let oldest: Date | null = null;
  const looked = new Set<string>();
  for (const { part, ...count } of [...counts].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    if (count[side].rows === 0 || !part || looked.has(part.target.table)) continue;
    looked.add(part.target.table);
    const params = new Params(), { due } = rowSql(part.cuts[side === 'today' ? 0 : 1], part.target, params);
    const [row] = await query<{ key: string }>(`SELECT t.${part.target.key} AS key FROM ${part.name} t WHERE ${due} ORDER BY t.${part.target.key} LIMIT 1`, params.values);
    const at = row && instantOfId(row.key);
    if (at && (!oldest || at < oldest)) oldest = at;
  }
  return oldest;
}

/** Where items, keys, requests or windows decide: the rows themselves, of these few partitions. */
async function countByRow(query: Query, target: PurgeTarget, name: string, day: string, cuts: Cuts): Promise<Count> {
  const params = new Params(), today = rowSql(cuts[0], target, params), draft = rowSql(cuts[1], target, params);
  const rows = await query<Record<string, string | null>>(`SELECT t.account_id, count(*) AS total, pg_total_relation_size(${params.add(name, '::regclass')}) AS bytes,
    count(*) FILTER (WHERE ${today.due}) AS today_due, count(*) FILTER (WHERE ${today.heldDue}) AS today_held, count(*) FILTER (WHERE ${draft.due}) AS draft_due, count(*) FILTER (WHERE ${draft.heldDue}) AS draft_held FROM ${name} t GROUP BY t.account_id`, params.values);
  const total = rows.reduce((sum, row) => sum + Number(row['total']), 0), perRow = total === 0 ? 0 : Number(rows[0]?.['bytes'] ?? 0) / total;
  const tallied = (side: 'today' | 'draft'): Tally => {
    const tally = emptyTally();
    for (const row of rows) for (const kind of ['due', 'held'] as const) {
      const count = Number(row[`${side}_${kind}`]);
      if (count > 0) addTally(tally, { account: row['account_id'] ?? null, rows: count, held: kind === 'held', first: null, bytesPerRow: perRow });
    }
    return tally;
  };
  return { day, today: tallied('today'), draft: tallied('draft'), part: { target, name, cuts } };
}

/** Small tables, by the day on which the clock of a row started. */
async function countTable(query: Query, target: PurgeTarget, sides: Sides, timeZone: string): Promise<Count[]> {
  const byDay = new Map<string, { today: Tally; draft: Tally }>();
  for (const side of ['today', 'draft'] as const) {
    const { text, params } = expiredRows(target, { cutOffs: sides[side], held: sides.held }, timeZone);
    const rows = await query<{ account_id: string | null; held: boolean; clock: Date | string; n: string; per_row: string | null }>(
      `SELECT account_id, held, clock, count(*) AS n, (SELECT pg_total_relation_size(${params.add(target.table, '::regclass')}) / greatest(count(*), 1) FROM ${target.table}) AS per_row FROM (${text}) expired GROUP BY 1, 2, 3`, params.values);
    for (const row of rows) {
      const first = clockInstant(target, row.clock, timeZone), day = dayOf(first, timeZone);
      let entry = byDay.get(day);
      if (!entry) byDay.set(day, entry = { today: emptyTally(), draft: emptyTally() });
      addTally(entry[side], { account: row.account_id, rows: Number(row.n), held: row.held, first, bytesPerRow: Number(row.per_row ?? 0) });
    }
  }
  return [...byDay].map(([day, entry]) => ({ day, ...entry }));
}

function summed(dataType: Simulation['dataType'], counts: readonly Count[], sides: Sides, oldest: Readonly<Record<'today' | 'draft', Date | null>>, tookMs: number): Simulation {
  const totals = { today: emptySide(), draft: emptySide() }, days = new Map<string, DayCount>();
  for (const { day, today, draft } of counts) {
    for (const [side, tally] of [['today', today], ['draft', draft]] as const) totals[side].push(tally);
    const before = days.get(day);
    if (today.rows + draft.rows + today.heldRows + draft.heldRows > 0) days.set(day, { day, today: (before?.today ?? 0) + today.rows, draft: (before?.draft ?? 0) + draft.rows, held: (before?.held ?? 0) + draft.heldRows });
  }
  return { dataType, today: finishSide(totals.today, lastCutOff(sides.today), oldest.today), draft: finishSide(totals.draft, lastCutOff(sides.draft), oldest.draft), days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), tookMs: Math.round(tookMs) };
}

function emptyTally(): Tally { return { rows: 0, heldRows: 0, bytes: 0, accounts: new Set(), heldAccounts: new Set(), oldest: null }; }

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const item of queue) await work(item); }));
}
