// Runs a planned purge: items, survivors, certificate. The rows say where it stands; called again it goes on from there.
import { coerceError, HoldfastError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import { issueCertificate } from './issue-certificate.js';
import { PURGER, type PurgeContext, type PurgeDeps } from './purge-context.js';
import { countParts } from './purge-count.view.js';
import { readGuard } from './purge-guard.js';
import { planCutOffs } from './purge-plan.js';
import { PURGE_TARGETS } from './purge-targets.js';
import { removePartition } from './remove-partition.js';
import { removeRows } from './remove-rows.js';
import { insertItems, lockRun, markRun } from './runs.store.js';
import { readRuns, type StoredRun } from './runs.view.js';
import { verifyPurge } from './verify-purge.js';

/**
 * Binds the engine. Resolves when the run is certified (or was over before, or another process is at it). Throws `not_found`, `conflict`
 * while records are not sealed, `verification_failed` when rows survive; the run keeps the message and is not over: call again.
 */
export function createRunPurge(deps: PurgeDeps): (runId: string) => Promise<void> {
  return async (runId) => {
    if (!isUuid(runId) || !await findRun(deps, runId)) throw new HoldfastError('not_found', `no purge run ${runId}`);
    await alone(deps, runId, async () => {
      const run = await findRun(deps, runId);
      if (!run || run.state === 'certified' || run.state === 'nothing_due') return;
      const context: PurgeContext = { ...deps, runId, actor: PURGER, plan: { dataType: run.dataType, cutOffs: planCutOffs(run.plan), plannedAt: run.plannedAt, timeZone: run.plan.time_zone } };
      try { await toTheEnd(context); } catch (error) {
        const failure = coerceError(error).message;
        const waits = error instanceof HoldfastError && error.code === 'conflict';
        if (waits) deps.log.warn('purge run waits', { run: runId, reason: failure }); else deps.log.error('purge run stopped', { run: runId, error });
        await deps.bookkeeping(PURGER, (tx) => markRun(tx, runId, { failure })).catch(() => undefined);
        throw error;
      }
    });
  };
}

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
  if (verification.survivors > 0n) throw new HoldfastError('verification_failed', `${verification.survivors} expired rows without a hold survived; the run stays open and has no certificate`);
  await issueCertificate(context, verification);
}

async function start(context: PurgeContext): Promise<void> {
  const checkpoint = await context.ledger.latestCheckpoint();
  await context.act(context.actor, async (tx) => {
    const first = (await lockRun(tx, context.runId))?.state === 'planned';
    if (first) {
      await markRun(tx, context.runId, { state: 'running', startedAt: context.clock.now(), ...(checkpoint ? { checkpointBefore: checkpoint.treeSize } : {}) });
    }
    await context.ledger.append(tx, { action: first ? 'purge.start' : 'purge.resume', subjectKind: 'purge_run', subjectId: context.runId, purpose: 'compliance_retention', after: { tree_size: checkpoint?.treeSize.toString() ?? null } });
  });
}

async function removeAll(context: PurgeContext): Promise<void> {
  for (const item of (await findRun(context, context.runId))?.items ?? []) {
    if (item.state === 'done') continue;
    const target = PURGE_TARGETS[context.plan.dataType].find((one) => one.table === item.table);
    if (!target) throw new Error(`the run names table ${item.table}, which is no table of ${context.plan.dataType}`);
    await (target.partitioned ? removePartition(context, item, target) : removeRows(context, item, target));
  }
}

async function verify(context: PurgeContext): Promise<Awaited<ReturnType<typeof verifyPurge>>> {
  await context.bookkeeping(context.actor, (tx) => markRun(tx, context.runId, { state: 'verifying' }));
  const verification = await verifyPurge(context.query, context.plan, context.clock.now());
  await context.bookkeeping(context.actor, (tx) => markRun(tx, context.runId, { survivors: verification.survivors, rowsHeld: verification.held }));
  return verification;
}

async function extend(context: PurgeContext): Promise<void> {
  const parts = await countParts(context.query, context.plan.dataType, await readGuard(context.query, context.plan), context.plan.timeZone);
  await context.bookkeeping(context.actor, async (tx) => {
    await markRun(tx, context.runId, { state: 'running' });
    await insertItems(tx, context.runId, parts);
  });
}

async function findRun(deps: PurgeDeps, runId: string): Promise<StoredRun | undefined> {
  return (await readRuns(deps.query, { runId }))[0];
}

const TURN_MS = 5_000;

// One process a run. The lock belongs to a session and ends with it, so a killed worker leaves none behind; the item locks are what
// correctness rests on, this one spares the second process the work.
async function alone(deps: PurgeDeps, runId: string, work: () => Promise<void>): Promise<void> {
  const client = await deps.database.pool.connect();
  try {
    const take = async (): Promise<boolean> => (await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock(hashtext('holdfast_purge'), hashtext($1)) AS taken", [runId])).rows[0]!.taken;
    // The server takes a moment to notice that a process was killed.
    for (const until = performance.now() + TURN_MS; !await take();) {
      if (performance.now() > until) { deps.log.info('purge run is under way elsewhere', { run: runId }); return; }
      await new Promise((done) => { setTimeout(done, 100); });
    }
    try { await work(); } finally { await client.query("SELECT pg_advisory_unlock(hashtext('holdfast_purge'), hashtext($1))", [runId]).catch(() => undefined); }
  } finally { client.release(); }
}
