// Removes a day's partition: out of the table, leaves written down, survivors safe, and only then destroyed.
//
// planned → detached → done. Until the last step nothing is lost: what turns out to be held on the way is put back.
import { HoldfastError } from '../../kernel/errors.js';
import { partitionDay } from '../../platform/db/index.js';
import type { Tx } from '../../platform/db/index.js';
import { cutThroughDay, methodFor, type DayCut } from './due-rules.js';
import { notSealed, readGoneLeaves, takeLeafParts } from './leaves.store.js';
import { attachReplacement, buildReplacement, countStaying, dayPartition, detachConcurrently, dropGone, hasStranded, hasUnsealed, markGone, readLongUser, readPending, readPlace, rescueInto, swapIn,
  type DayPartition } from './partitions.store.js';
import type { PurgeMethod, PurgeRunItem } from './purge.js';
import { stopIfPaused, withLockRetries, type PurgeContext } from './purge-context.js';
import { countHeldDue } from './purge-count.view.js';
import { lockGuard, readGuard } from './purge-guard.js';
import { leavesDigest } from './purged-leaves.js';
import type { PurgeTarget } from './purge-targets.js';
import { inTx, limit, WHOLE_PARTITION_MS } from './query.store.js';
import { removeRows } from './remove-rows.js';
import { lockItem, markItem } from './runs.store.js';

interface Work { readonly context: PurgeContext; readonly item: PurgeRunItem; readonly part: DayPartition; readonly day: Date }

/** Runs an item of a partitioned table to its end, from wherever it stands. Throws `conflict` while records are not sealed. */
export async function removePartition(context: PurgeContext, item: PurgeRunItem, target: PurgeTarget): Promise<void> {
  const day = item.partition === null ? undefined : partitionDay(item.partition);
  if (!day || item.partition === null) throw new TypeError(`item ${item.position} names no day's partition`);
  const work: Work = { context, item, part: dayPartition(target, item.partition, day), day };
  if (item.state === 'planned') {
    const next = await takeOut(work);
    if (next === 'by_row') { await removeRows(context, item, target, day); return; }
    if (next === 'done') return;
  }
  await stopIfPaused(context);
  do await writeDownLeaves(work); while (await withLockRetries(() => destroy(work)) === 'rescued');
}

/** Gets the partition out of the table, alone or with a replacement in its place. Repeatable at every point. */
async function takeOut(work: Work): Promise<'detached' | 'by_row' | 'done'> {
  const { context, item, part, day } = work;
  const place = await readPlace(context.query, part.table, part.name);
  if (place === 'absent') return await finishEmpty(work, 'the partition was no longer there');
  if (place === 'attached') {
    if (await hasUnsealed(context.query, part.name, context.plan.plannedAt)) throw notSealed(part.name);
    // What batches have removed already is written down as batches; another method would not know of it.
    if (item.rowsDeleted > 0n) return 'by_row';
    const guard = await readGuard(context.query, context.plan, context.clock.now());
    const cut = cutThroughDay(guard.cutOffs, guard.held, day), { staying, someGo } = await countStaying(context.query, part, cut);
    if (!someGo) return await finishEmpty(work, 'nothing in it is due any more');
    // By the total of the plan: it only chooses the way, and the day is over.
    if (staying > 0n && methodFor(item.rowsTotal, item.rowsTotal - staying) === 'delete_rows') return 'by_row';
    if (staying > 0n) { await replace(work, cut); return 'detached'; }
  }
  if (place !== 'detached') await withLockRetries(() => detach(work));
  await withLockRetries(() => context.bookkeeping(context.actor, async (tx) => {
    await limit(tx, { lockMs: 2_000, statementMs: 10_000 });
    await markGone(tx, part);
    await markItem(tx, context.runId, item.position, { state: 'detached', method: 'drop_partition' });
  }));
  return 'detached';
}

/** Cut off half-way, PostgreSQL leaves it pending, and nothing else can be detached from the table before this is finished. */
async function detach({ context, part }: Work): Promise<void> {
  const place = await readPlace(context.query, part.table, part.name);
  if (place !== 'attached' && place !== 'pending') return;
  // Somebody else's, of a run that never came back: it is in the way of every other.
  for (const other of await readPending(context.query, part.table)) if (other !== part.name) await detachConcurrently(context.database, { table: part.table, name: other }, 'pending');
  try { await detachConcurrently(context.database, part, place); } catch (error) {
    // The session of a process that was killed may still be at it, and be first.
    if (await readPlace(context.query, part.table, part.name) !== 'detached') throw error;
  }
}

/**
 * The swap needs the table for itself. Behind a transaction that stays it would wait, and every insert behind it: so it is only tried while
 * there is none, and the run waits for its end by looking. Throws `conflict` (it goes on later) when one stays long.
 */
async function replace(work: Work, cut: DayCut): Promise<void> {
  const { context, item, part } = work;
  await untilUnused(work);
  await context.bookkeeping(context.actor, async (tx) => {
    await limit(tx, { lockMs: 2_000, statementMs: WHOLE_PARTITION_MS });
    await buildReplacement(tx, part, part.name, cut);
  });
  await withLockRetries(async () => {
    await untilUnused(work);
    await context.bookkeeping(context.actor, async (tx) => {
      await markItem(tx, context.runId, item.position, { state: 'detached', method: 'replace_partition' });
      await swapIn(tx, part);
    });
  }, TOOK_TOO_LONG);
}

const TOOK_TOO_LONG = '57014', LOOK_MS = 200, PATIENCE_MS = 60_000;

async function untilUnused({ context, part }: Work): Promise<void> {
  for (const until = performance.now() + (context.patienceMs ?? PATIENCE_MS); ;) {
    const since = await readLongUser(context.query, part.table);
    if (!since) return;
    if (performance.now() > until) throw new HoldfastError('conflict', `a transaction open since ${since.toISOString()} uses ${part.table}, such as a dump; ${part.name} is rewritten when it has ended`);
    await stopIfPaused(context);
    await new Promise((done) => { setTimeout(done, LOOK_MS); });
  }
}

/** Writes down which leaves go with the old partition. It changes no more, so this stays true until it is destroyed. */
async function writeDownLeaves({ context, item, part }: Work): Promise<void> {
  await context.bookkeeping(context.actor, async (tx) => {
    await limit(tx, { lockMs: 10_000, statementMs: WHOLE_PARTITION_MS });
    if ((await lockItem(tx, context.runId, item.position)).state === 'done') return;
    const live = await readPlace(inTx(tx), part.table, part.name) === 'attached';
    const { leaves, minAt, maxAt } = await readGoneLeaves(tx, part, live);
    await markItem(tx, context.runId, item.position, { purgedLeaves: leaves.pack(), rowsDeleted: BigInt(leaves.count), minAt, maxAt });
  });
}

/**
 * Under the guard's lock: what must stay and stands only in the old partition is put back, and the leaves are read again; otherwise the
 * old partition is destroyed. Commit point: after it the rows are gone, and item, leaves and ledger record say so.
 */
function destroy({ context, item, part, day }: Work): Promise<'rescued' | 'done'> {
  return context.act(context.actor, async (tx) => {
    const { runId } = context, query = inTx(tx);
    await limit(tx, { lockMs: 2_000, statementMs: WHOLE_PARTITION_MS });
    const before = await lockItem(tx, runId, item.position);
    if (before.state === 'done') return 'done';
    await lockGuard(query);
    const now = context.clock.now(), guard = await readGuard(query, context.plan, now);
    const cut = cutThroughDay(guard.cutOffs, guard.held, day);
    const live = await readPlace(query, part.table, part.name) === 'attached';
    if (before.purged_leaves === null) throw new Error(`the leaves of ${part.gone} are not written down`);
    if (await hasStranded(query, part, cut, live)) {
      await putBack(tx, part, cut, live);
      await markItem(tx, runId, item.position, { method: 'replace_partition', purgedLeaves: null, rowsDeleted: 0n });
      await context.ledger.append(tx, { action: 'purge.rescue', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', after: { table: part.table, partition: part.name } });
      return 'rescued';
    }
    const rowsHeld = live ? await countHeldDue(query, part.target, part.name, cut) : 0n;
    const bytesFreed = await dropGone(tx, part), rows = before.rows_deleted;
    await markItem(tx, runId, item.position, { state: 'done', rowsHeld, bytesFreed, holdsCheckedAt: now, doneAt: now });
    const method: PurgeMethod = live ? 'replace_partition' : 'drop_partition';
    await context.ledger.append(tx, { action: 'purge.remove', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention',
      after: { table: part.table, partition: part.name, method, rows: Number(rows), last: true, leaves_sha256: leavesDigest(before.purged_leaves) } });
    return 'done';
  });
}

async function putBack(tx: Tx, part: DayPartition, cut: DayCut, live: boolean): Promise<void> {
  if (live) { await rescueInto(tx, part, cut); return; }
  await buildReplacement(tx, part, part.gone, cut);
  await attachReplacement(tx, part);
}

async function finishEmpty({ context, item, part, day }: Work, why: string): Promise<'done'> {
  await context.act(context.actor, async (tx) => {
    const query = inTx(tx), now = context.clock.now(), guard = await readGuard(query, context.plan, now);
    const attached = await readPlace(query, part.table, part.name) === 'attached';
    const rowsHeld = attached ? await countHeldDue(query, part.target, part.name, cutThroughDay(guard.cutOffs, guard.held, day)) : 0n;
    const leaves = (await takeLeafParts(tx, context.runId, item.position)).pack();
    await markItem(tx, context.runId, item.position, { state: 'done', rowsHeld, holdsCheckedAt: now, doneAt: now, purgedLeaves: leaves });
    await context.ledger.append(tx, { action: 'purge.skip', subjectKind: 'purge_run', subjectId: context.runId, purpose: 'compliance_retention', reason: why, after: { table: part.table, partition: part.name, leaves_sha256: leavesDigest(leaves) } });
  });
  return 'done';
}
