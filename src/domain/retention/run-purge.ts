// Runs a planned purge: items, survivors, certificate. The rows say where it stands; called again it goes on from there.
import type { DataType } from '../../kernel/data-types.js';
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { borrowClient } from '../../platform/db/index.js';
import { issueCertificate } from './issue-certificate.js';
import { PausedRun, PURGER, stopIfPaused, type PurgeContext, type PurgeDeps } from './purge-context.js';
import { countParts } from './purge-count.view.js';
import { readGuard } from './purge-guard.js';
import { frozenPlan } from './purge-plan.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { onPatientReader } from './query.store.js';
import { removePartition } from './remove-partition.js';
import { removeRows } from './remove-rows.js';
import { OVER, retryAt, waitUntil } from './run-rules.js';
import { insertItems, lockRun, markRun } from './runs.store.js';
import { readRuns, type StoredRun } from './runs.view.js';
import { verifyPurge } from './verify-purge.js';

/**
 * Binds the engine. Resolves when the run is certified, or was over or paused, or another process is at it. Throws `not_found`,
 * `four_eyes_required` before it is approved, `conflict` while records are not sealed (it waits), `verification_failed` when rows survive
 * (it failed). The row keeps the message and when it goes on by itself.
 */
export function createRunPurge(deps: PurgeDeps): (runId: string) => Promise<void> {
  return async (runId) => {
    if (!isUuid(runId) || !await findRun(deps, runId)) throw new HoldfastError('not_found', `no purge run ${runId}`);
    await alone(deps, runId, async () => {
      const run = await findRun(deps, runId);
      if (!run || OVER.includes(run.state) || run.state === 'paused') return;
      if (run.state === 'planned' && run.needsApproval) throw new HoldfastError('four_eyes_required', `run ${runId} waits for a second person: approval ${run.approvalId ?? ''} is not given yet`);
      const context: PurgeContext = { ...deps, query: onPatientReader(deps.database), runId, actor: PURGER, plan: frozenPlan(run) };
      try { await toTheEnd(context); } catch (error) {
        if (error instanceof PausedRun) return;
        await noteStop(context, error);
        throw error;
      }
    });
  };
}

/** What it waits for is no failure; anything else is, with a back-off that ends in waiting for a person. */
async function noteStop(context: PurgeContext, error: unknown): Promise<void> {
  const { runId, log } = context, failure = coerceError(error).message, now = context.clock.now();
  if (error instanceof HoldfastError && error.code === 'conflict') {
    log.warn('purge run waits', { run: runId, reason: failure });
    await context.bookkeeping(PURGER, (tx) => markRun(tx, runId, { failure, retryAt: waitUntil(now) })).catch(() => undefined);
    return;
  }
  log.error('purge run failed', { run: runId, error });
  await context.act(PURGER, async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run || run.state === 'paused' || OVER.includes(run.state)) return;
    const failures = run.failures + 1, next = retryAt(now, failures);
    await markRun(tx, runId, { state: 'failed', failure, failures, retryAt: next });
    await context.ledger.append(tx, { action: 'purge.fail', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: failure.slice(0, 500), after: { failures, retry_at: next?.toISOString() ?? null } });
  }).catch(() => undefined);
}

const CONTENT_SIDE: Readonly<Partial<Record<DataType, 'input' | 'output'>>> = { input_content: 'input', output_content: 'output' };

async function toTheEnd(context: PurgeContext): Promise<void> {
  await start(context);
  await removeAll(context);
  let verification = await verify(context);
  if (verification.survivors > 0n) {
    // Rows that came after their part was done, or that a lengthened and shortened policy let go in between: one more round.
    await extend(context);
    await removeAll(context);
    verification = await verify(context);
  }
  if (verification.survivors > 0n) throw new HoldfastError('verification_failed', `${verification.survivors} expired rows without a hold survived; the run has no certificate`);
  await stopIfPaused(context);
  // What is still under a day's key by now is held: it moves to a key of its own, and the day's key dies.
  const side = CONTENT_SIDE[context.plan.dataType];
  if (side) await context.vault.shredContent(side);
  await issueCertificate(context, verification);
}

async function start(context: PurgeContext): Promise<void> {
  const checkpoint = await context.ledger.latestCheckpoint();
  await context.act(context.actor, async (tx) => {
    const run = await lockRun(tx, context.runId);
    if (run?.state === 'paused') throw new PausedRun();
    const first = run?.startedAt === null;
    await markRun(tx, context.runId, { state: 'running', failure: null, retryAt: null,
      ...(first ? { startedAt: context.clock.now(), ...(checkpoint ? { checkpointBefore: checkpoint.treeSize } : {}) } : {}) });
    await context.ledger.append(tx, { action: first ? 'purge.start' : 'purge.resume', subjectKind: 'purge_run', subjectId: context.runId, purpose: 'compliance_retention', after: { tree_size: checkpoint?.treeSize.toString() ?? null } });
  });
}

async function removeAll(context: PurgeContext): Promise<void> {
  for (const item of (await findRun(context, context.runId))?.items ?? []) {
    if (item.state === 'done') continue;
    const target = PURGE_TARGETS[context.plan.dataType].find((one) => one.table === item.table);
    if (!target) throw new Error(`the run names table ${item.table}, which is no table of ${context.plan.dataType}`);
    await stopIfPaused(context);
    await (target.partitioned ? removePartition(context, item, target) : removeRows(context, item, target));
  }
}

async function verify(context: PurgeContext): Promise<Awaited<ReturnType<typeof verifyPurge>>> {
  await moveTo(context, 'verifying');
  const verification = await verifyPurge(context.query, context.plan, context.clock.now());
  await context.bookkeeping(context.actor, (tx) => markRun(tx, context.runId, { survivors: verification.survivors, rowsHeld: verification.held }));
  return verification;
}

async function extend(context: PurgeContext): Promise<void> {
  const parts = await countParts(context.query, context.plan.dataType, await readGuard(context.query, context.plan, context.clock.now()), context.plan.timeZone);
  await moveTo(context, 'running', (tx) => insertItems(tx, context.runId, parts));
}

/** A state of the engine's own never overwrites a pause. */
async function moveTo(context: PurgeContext, state: 'running' | 'verifying', also: (tx: Parameters<typeof markRun>[0]) => Promise<void> = () => Promise.resolve()): Promise<void> {
  await context.bookkeeping(context.actor, async (tx) => {
    if ((await lockRun(tx, context.runId))?.state === 'paused') throw new PausedRun();
    await markRun(tx, context.runId, { state });
    await also(tx);
  });
}

async function findRun(deps: PurgeDeps, runId: string): Promise<StoredRun | undefined> {
  return (await readRuns(deps.query, { runId }))[0];
}

const TURN_MS = 5_000;

// One process a run. The lock belongs to a session and ends with it, so a killed worker leaves none behind; the item locks are what
// correctness rests on, this one spares the second process the work.
async function alone(deps: PurgeDeps, runId: string, work: () => Promise<void>): Promise<void> {
  await borrowClient(deps.database.pool, async (client) => {
    const take = async (): Promise<boolean> => (await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock(hashtext('holdfast_purge'), hashtext($1)) AS taken", [runId])).rows[0]!.taken;
    // The server takes a moment to notice that a process was killed.
    for (const until = performance.now() + TURN_MS; !await take();) {
      if (performance.now() > until) { deps.log.info('purge run is under way elsewhere', { run: runId }); return; }
      await new Promise((done) => { setTimeout(done, 100); });
    }
    try { await work(); } finally { await client.query("SELECT pg_advisory_unlock(hashtext('holdfast_purge'), hashtext($1))", [runId]).catch(() => undefined); }
  });
}
