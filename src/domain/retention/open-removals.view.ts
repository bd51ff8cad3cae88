// What runs that are not certified yet have taken away, as far as ledger records vouch for it: for `ledger.verify`, which would call it missing.
import { partitionDay } from '../../platform/db/index.js';
import type { OpenRemoval } from '../ledger/index.js';
import { dayPartition, onlyGone, readPlace } from './partitions.store.js';
import type { PurgeRunItem } from './purge.js';
import { leavesDigest, unpackLeaves } from './purged-leaves.js';
import { PURGE_TARGETS } from './purge-targets.js';
import type { Query } from './query.store.js';
import { isUncertified } from './run-rules.js';
import { readPurgedLeaves, readRuns, type StoredRun } from './runs.view.js';

/**
 * Runs that have begun and are not over, with the leaves of what they removed. A list counts only when a ledger record of the run states
 * its digest: who can write to the tables of runs could else explain away whatever he deletes. Partitions that are out of their table and
 * not destroyed are told by their rows, which are still there.
 */
export async function readOpenRemovals(query: Query): Promise<OpenRemoval[]> {
  const open = (await readRuns(query, { open: true })).filter(isUncertified);
  return await Promise.all(open.map(async (run) => ({ runId: run.runId, state: run.state, leaves: (await leavesOf(query, run)).sort((a, b) => a - b) })));
}

async function leavesOf(query: Query, run: StoredRun): Promise<number[]> {
  const stated = new Set((await query<{ sha256: string | null }>(`SELECT after ->> 'leaves_sha256' AS sha256 FROM audit_records WHERE subject_kind = 'purge_run' AND subject_id = $1 AND action IN ('purge.remove', 'purge.skip')`, [run.runId])).map((row) => row.sha256));
  const done = new Set(run.items.filter((item) => item.state === 'done').map((item) => item.position));
  const lists = [...(await readPurgedLeaves(query, run.runId)).filter((one) => done.has(one.position)),
    ...await query<{ leaves: Buffer }>('SELECT leaves FROM purge_item_leaves WHERE run_id = $1', [run.runId])].map((one) => one.leaves);
  const leaves = lists.filter((packed) => stated.has(leavesDigest(packed))).flatMap(unpackLeaves);
  for (const item of run.items) if (item.state !== 'done') for (const leaf of await setAside(query, item)) leaves.push(leaf);
  return leaves;
}

/** Leaves of rows that stand in a partition out of its table, and not in the one that took its place. */
async function setAside(query: Query, item: PurgeRunItem): Promise<number[]> {
  const day = item.partition === null ? undefined : partitionDay(item.partition), target = Object.values(PURGE_TARGETS).flat().find((one) => one.table === item.table);
  if (!day || item.partition === null || !target) return [];
  const part = dayPartition(target, item.partition, day), place = await readPlace(query, part.table, part.name);
  const relation = await readPlace(query, part.table, part.gone) === 'detached' ? part.gone : place === 'detached' || place === 'pending' ? part.name : undefined;
  if (relation === undefined) return [];
  const rows = await query<{ leaf: string }>(`SELECT b.first_leaf + t.batch_position AS leaf FROM ${relation} t JOIN ledger_batches b USING (batch_id)
    WHERE b.first_leaf IS NOT NULL AND ${onlyGone(part, relation === part.gone && place === 'attached')}`).catch((error: unknown) => {
    // Destroyed between the two questions: then its run has written down what went, or is certified.
    if ((error as { code?: string }).code === '42P01') return [];
    throw error;
  });
  return rows.map((row) => Number(row.leaf));
}
