// Removes by row: partitions of which most stays, and small tables. Each batch is one short transaction under the guard's lock.
import type { Json } from '../../kernel/canonical-json.js';
import type { Tx } from '../../platform/db/index.js';
import { cutThroughDay } from './due-rules.js';
import { insertRowPart } from './item-rows.store.js';
import { insertLeafPart, sealedLeaf, takeLeafParts } from './leaves.store.js';
import type { PurgeRunItem } from './purge.js';
import { stopIfPaused, withLockRetries, type PurgeContext } from './purge-context.js';
import { countHeldDue, expiredRows } from './purge-count.view.js';
import { lockGuard, readGuard, type Guard } from './purge-guard.js';
import type { PurgeTarget } from './purge-targets.js';
import { LeafList, leavesDigest } from './purged-leaves.js';
import { inTx, limit, type Query } from './query.store.js';
import { BATCH_ROWS, deleteRecords, removeExpired, type RemovedRow } from './rows.store.js';
import { lockItem, markItem, noteCredentials } from './runs.store.js';

/** Runs an item of method delete_rows or erase_fields to its end. `day` is set for a partition. Throws `conflict` while records are not sealed. */
export async function removeRows(context: PurgeContext, item: PurgeRunItem, target: PurgeTarget, day?: Date): Promise<void> {
  for (let after = NOTHING; after !== 'done';) {
    const from = after;
    await stopIfPaused(context);
    after = await withLockRetries(() => context.act(context.actor, (tx) => removeBatch(context, tx, item, target, from, day)));
  }
}

/** How long one statement of a batch may take. Its last counts what is held in the whole table. */
const BATCH_MS = 10 * 60_000;
const NOTHING = '00000000-0000-0000-0000-000000000000';

/** One batch; answers the key to go on from, or that it was the last. Its commit point takes rows, leaves, counts and the ledger record together. */
async function removeBatch(context: PurgeContext, tx: Tx, item: PurgeRunItem, target: PurgeTarget, after: string, day?: Date): Promise<string> {
  const { runId, plan } = context, query = inTx(tx);
  await limit(tx, { lockMs: 2_000, statementMs: BATCH_MS });
  const before = await lockItem(tx, runId, item.position);
  if (before.state === 'done') return 'done';
  await lockGuard(query);
  const now = context.clock.now(), guard = await readGuard(query, plan, now);
  const removed = day && item.partition
    ? await deleteRecords(tx, item.partition, target, cutThroughDay(guard.cutOffs, guard.held, day), after)
    : await removeExpired(tx, target, guard, plan.timeZone, now);
  const batch = target.partitioned && removed.length > 0 ? leavesOf(removed, item.partition ?? item.table) : undefined;
  if (batch) await insertLeafPart(tx, runId, item.position, batch);
  if (!target.partitioned && removed.length > 0) await insertRowPart(tx, runId, item.position, removed.map((row) => row.key));
  const rowsDeleted = BigInt(before.rows_deleted) + BigInt(removed.length);
  const last = removed.length < BATCH_ROWS;
  await markItem(tx, runId, item.position, { rowsDeleted, holdsCheckedAt: now });
  // A key is a secret: who asks later must find that it was destroyed, and when.
  if (target.table === 'api_keys' && removed.length > 0) await noteCredentials(tx, runId, item.position, removed.map((row) => row.key));
  let leaves = batch?.pack() ?? null;
  if (last) {
    leaves = target.partitioned ? (await takeLeafParts(tx, runId, item.position)).pack() : null;
    const rowsHeld = await countHeld(query, item, target, guard, plan.timeZone, day);
    await markItem(tx, runId, item.position, { state: 'done', method: target.erase ? 'erase_fields' : 'delete_rows', doneAt: now, purgedLeaves: leaves, rowsHeld });
  }
  const change: Json = { table: item.table, partition: item.partition, method: target.erase ? 'erase_fields' : 'delete_rows', rows: removed.length, last, ...(leaves ? { leaves_sha256: leavesDigest(leaves) } : {}) };
  await context.ledger.append(tx, { action: 'purge.remove', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', after: change });
  return last ? 'done' : removed.reduce((most, row) => (row.key > most ? row.key : most), after);
}

function leavesOf(removed: readonly RemovedRow[], where: string): LeafList {
  const list = new LeafList();
  for (const { leaf } of removed) list.add(sealedLeaf(leaf, where));
  return list;
}

async function countHeld(query: Query, item: PurgeRunItem, target: PurgeTarget, guard: Guard, timeZone: string, day?: Date): Promise<bigint> {
  if (day && item.partition) return await countHeldDue(query, target, item.partition, cutThroughDay(guard.cutOffs, guard.held, day));
  const { text, params } = expiredRows(target, guard, timeZone);
  const [row] = await query<{ held: string }>(`SELECT count(*) AS held FROM (${text}) expired WHERE held`, params.values);
  return BigInt(row!.held);
}
