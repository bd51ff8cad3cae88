// Carries out an approved erasure: one purge run a data type, by the frozen cut-offs, each to its certificate; what stays is restricted with its reason.
import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { mintId } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import type { EraseCount, Erasure } from './erase.js';
import { countSubject, type Subject } from './erase-count.view.js';
import { describeCounts, keepersOf, subjectCutOffs, type Keeper } from './erase-rules.js';
import { lift, lockErasure, markErasure, restrict } from './erase.store.js';
import { readErasures, readItemIds } from './erase.view.js';
import { readAccount, readFacts } from './facts.view.js';
import { PURGER, type PurgeDeps } from './purge-context.js';
import type { StoredPlan } from './purge-plan.js';
import { inTx, type Query } from './query.store.js';
import { OVER } from './run-rules.js';
import { insertItems, insertRun } from './runs.store.js';
import { readErasureRuns, readRuns } from './runs.view.js';

export interface RunErasureDeps extends PurgeDeps { readonly timeZone: string; readonly runPurge: (runId: string) => Promise<void> }

/**
 * Binds it. Resolves when the erasure is over, was over, or waits: for another run of the type, for the sealer, for the account to be
 * closed; `failure` says for what. Safe to call again at any time, in several processes: runs are what they are by their rows.
 */
export function createRunErasure(deps: RunErasureDeps): (erasureId: string) => Promise<void> {
  return async (erasureId) => {
    const [one] = await readErasures(deps.query, { erasureId });
    if (one?.state !== 'running') return;
    for (const dataType of one.dataTypes) {
      const waits = await eraseType(deps, one, dataType);
      if (waits === undefined) continue;
      if (one.failure !== waits) await deps.bookkeeping(PURGER, (tx) => markErasure(tx, erasureId, { failure: waits.slice(0, 500) }));
      return;
    }
    await finish(deps, one);
  };
}

/** Undefined when the type is done; otherwise what it waits for. */
async function eraseType(deps: RunErasureDeps, one: Erasure, dataType: DataType): Promise<string | undefined> {
  const known = (await readErasureRuns(deps.query, one.erasureId)).find((run) => run.dataType === dataType);
  if (known && OVER.includes(known.state)) return undefined;
  let runId = known?.runId;
  if (runId === undefined) {
    if (dataType === 'account_information' && (await readAccount(deps.query, one.accountId))?.closedAt === null) return `account ${one.accountId} has to be closed before its information is erased`;
  }
  try {
    runId ??= await deps.act(PURGER, (tx) => planRun(deps, tx, one, dataType)) ?? undefined;
    if (runId === undefined) return undefined;
    await deps.runPurge(runId);
  } catch (error) { return `${dataType}: ${coerceError(error).message}`; }
  const [run] = await readRuns(deps.query, { runId });
  return run && OVER.includes(run.state) ? undefined : `run ${runId} of ${dataType} is ${run?.state ?? 'gone'}`;
}

/** A run of the engine's own kind; null when nothing is due. One run of a type is open at a time, whoever planned it: two would take a day's partition from each other. */
async function planRun(deps: RunErasureDeps, tx: Tx, one: Erasure, dataType: DataType): Promise<string | null> {
  const query = inTx(tx), now = deps.clock.now(), cutOff = new Date(one.plan.cut_offs[dataType]!), subject = await subjectOf(query, one, dataType);
  const { parts, ...count } = await countSubject(query, dataType, subject, await keepersNow(query, one, dataType, now), now, one.plan.time_zone, cutOff);
  const runId = mintId(now), due = count.rowsErased > 0n, state = due ? 'approved' : 'nothing_due';
  const inserted = await insertRun(tx, { runId, dataType, state, trigger: one.caseNumber ?? `erasure of ${one.accountId}`, plan: runPlan(one, count, subject, cutOff), cutOff, rowsHeld: count.rowsHeld, plannedAt: now, needsApproval: false,
    erasureId: one.erasureId, approvalId: one.approvalId });
  if (!inserted) throw new HoldfastError('conflict', `another purge run of ${dataType} is open; this erasure goes on after it`);
  await insertItems(tx, runId, parts);
  await deps.ledger.append(tx, { action: 'purge.plan', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: one.reason,
    after: { data_type: dataType, state, cut_off: cutOff.toISOString(), rows_due: count.rowsErased.toString(), rows_held: count.rowsHeld.toString(), erasure_id: one.erasureId } });
  return due ? runId : null;
}

/** The plan as runs keep it: no policy decides, and the certificate names ground and scope by it. */
function runPlan(one: Erasure, count: EraseCount, subject: Subject, cutOff: Date): StoredPlan {
  const { standard, accounts, items } = subjectCutOffs(one.accountId, subject.items, cutOff), text = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    time_zone: one.plan.time_zone, policies: [], minimums: one.plan.minimums[count.dataType] ?? [], predicate: one.plan.predicate,
    cut_offs: { standard: text(standard), accounts: Object.fromEntries([...accounts].map(([id, at]) => [id, text(at)])), items: Object.fromEntries([...items].map(([id, item]) => [id, { at: text(item.at), account_id: item.accountId }])) },
    erasure: {
      erasure_id: one.erasureId, ground: one.ground, reason: one.reason, case_number: one.caseNumber, scope: { account_id: one.accountId, by: one.byItems ? 'session' : 'account', calls: one.byItems ? subject.items!.length : null, before: text(one.before) },
      asked_by: one.askedBy, asked_at: one.askedAt.toISOString(), approved_by: one.approvedBy, approved_at: text(one.approvedAt),
      restricted: describeCounts([{ ...count, rows: count.rowsKept + count.rowsHeld, rowsErased: 0n }])[count.dataType]!,
    },
  };
}

/** Nothing more can go now: what is left of each type is restricted with the reason, what is gone needs no restriction. */
async function finish(deps: RunErasureDeps, one: Erasure): Promise<void> {
  await deps.act(PURGER, async (tx) => {
    if ((await lockErasure(tx, one.erasureId))?.state !== 'running') return;
    const query = inTx(tx), now = deps.clock.now(), runs = await readErasureRuns(query, one.erasureId), counts: EraseCount[] = [];
    for (const dataType of one.dataTypes) {
      const { parts: _, ...count } = await countSubject(query, dataType, await subjectOf(query, one, dataType), await keepersNow(query, one, dataType, now), now, one.plan.time_zone, new Date(one.plan.cut_offs[dataType]!));
      counts.push(count);
    }
    const left = counts.filter((count) => count.rows > 0n), done = counts.filter((count) => count.rows === 0n).map((count) => count.dataType);
    await restrict(tx, one, left, ({ why }) => why, now);
    if (done.length > 0) await lift(tx, one.erasureId, now, done);
    const outcome: Json = Object.fromEntries(counts.map((count) => {
      const run = runs.find((other) => other.dataType === count.dataType);
      return [count.dataType, { erased: (run?.rowsDeleted ?? 0n).toString(), run_id: run?.state === 'certified' ? run.runId : null, restricted: count.rows.toString(), goes_at: count.goesAt?.toISOString() ?? null,
        why: count.why.map((reason) => `${reason.kind} ${reason.id}: ${reason.says}`) }];
    }));
    await markErasure(tx, one.erasureId, { state: 'erased', finishedAt: now, failure: null, outcome, sessions: null });
    await deps.ledger.append(tx, { action: 'erasure.finish', subjectKind: 'erasure', subjectId: one.erasureId, purpose: 'compliance_retention', after: { case_number: one.caseNumber, outcome } });
  });
}

/** Ends the restrictions of which nothing is left: a purge has taken the last rows since. Answers how many. */
export async function settleRestrictions(deps: Pick<RunErasureDeps, 'act' | 'clock' | 'query' | 'ledger'>): Promise<number> {
  let lifted = 0;
  const now = deps.clock.now();
  for (const one of (await readErasures(deps.query, { states: ['erased'], limit: 1_000 })).filter((erasure) => erasure.restrictions.some((kept) => kept.liftedAt === null))) {
    for (const { dataType } of one.restrictions.filter((kept) => kept.liftedAt === null)) {
      const { rows } = await countSubject(deps.query, dataType, await subjectOf(deps.query, one, dataType), [], now, one.plan.time_zone);
      if (rows > 0n) continue;
      await deps.act(PURGER, async (tx) => {
        await lift(tx, one.erasureId, now, [dataType]);
        await deps.ledger.append(tx, { action: 'erasure.lift', subjectKind: 'erasure', subjectId: one.erasureId, purpose: 'compliance_retention', after: { data_type: dataType, rows_left: 0 } });
      });
      lifted += 1;
    }
  }
  return lifted;
}

async function subjectOf(query: Query, one: Erasure, dataType: DataType): Promise<Subject> {
  return { accountId: one.accountId, items: one.byItems ? await readItemIds(query, one.erasureId, dataType) : null, before: one.before };
}

async function keepersNow(query: Query, one: Erasure, dataType: DataType, now: Date): Promise<Keeper[]> {
  const account = await readAccount(query, one.accountId);
  return account ? keepersOf(dataType, await readFacts(query, dataType, one.plan.time_zone, now), account) : [];
}
