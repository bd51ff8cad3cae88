import type { Json } from '../../kernel/canonical-json.js';
import type { DataType } from '../../kernel/data-types.js';
import { managerOf, type Tx } from '../../platform/db/index.js';
import type { PreviewPart, PurgeMethod, RunState } from './purge.js';
import type { StoredPlan } from './purge-plan.js';

export interface NewRun {
  readonly runId: string; readonly dataType: DataType; readonly state: RunState; readonly trigger: string; readonly plan: StoredPlan; readonly cutOff: Date;
  readonly rowsHeld: bigint; readonly plannedAt: Date; readonly needsApproval: boolean;
  /** Set for a run of an erasure, with the approval it rests on. */
  readonly erasureId?: string; readonly approvalId?: string | null;
}

/** Inserts the run; false when another run of its data type is open, which the index on open runs decides. */
export async function insertRun(tx: Tx, run: NewRun): Promise<boolean> {
  const rows = await managerOf(tx).query(`INSERT INTO purge_runs (run_id, data_type, state, trigger, policies, cut_off, rows_held, planned_at, finished_at, needs_approval, erasure_id, approval_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (data_type) WHERE state IN ('planned', 'approved', 'running', 'verifying', 'failed', 'paused') DO NOTHING RETURNING 1`,
    [run.runId, run.dataType, run.state, run.trigger, JSON.stringify(run.plan), run.cutOff, run.rowsHeld.toString(), run.plannedAt, run.state === 'nothing_due' ? run.plannedAt : null, run.needsApproval, run.erasureId ?? null, run.approvalId ?? null]) as unknown[];
  return rows.length > 0;
}

/** Adds items after those the run has; parts in which nothing is due make none. */
export async function insertItems(tx: Tx, runId: string, parts: readonly PreviewPart[]): Promise<void> {
  for (const part of parts) {
    if (part.method === null) continue;
    await managerOf(tx).query(`INSERT INTO purge_run_items (run_id, position, table_name, partition_name, method, state, rows_total, rows_held, min_at, max_at, rows_due)
      SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, 'planned', $5, $6, $7, $8, $9 FROM purge_run_items WHERE run_id = $1`,
      [runId, part.table, part.partition, part.method, part.rowsTotal.toString(), part.rowsHeld.toString(), part.minAt, part.maxAt, part.rowsDue.toString()]);
  }
}

export interface LockedRun { readonly state: RunState; readonly needsApproval: boolean; readonly approvalId: string | null; readonly startedAt: Date | null; readonly failures: number }

/** The run under a lock. */
export async function lockRun(tx: Tx, runId: string): Promise<LockedRun | undefined> {
  const [row] = await managerOf(tx).query('SELECT state, needs_approval, approval_id, started_at, failures FROM purge_runs WHERE run_id = $1 FOR UPDATE', [runId]) as
    { state: RunState; needs_approval: boolean; approval_id: string | null; started_at: Date | null; failures: number }[];
  return row && { state: row.state, needsApproval: row.needs_approval, approvalId: row.approval_id, startedAt: row.started_at, failures: row.failures };
}

export interface RunChange {
  readonly state?: RunState; readonly startedAt?: Date; readonly finishedAt?: Date; readonly checkpointBefore?: bigint; readonly rowsHeld?: bigint; readonly survivors?: bigint;
  readonly failure?: string | null; readonly failures?: number; readonly retryAt?: Date | null; readonly approvalId?: string; readonly needsApproval?: boolean;
}
const RUN_COLUMNS: Record<keyof RunChange, string> = { state: 'state', startedAt: 'started_at', finishedAt: 'finished_at', checkpointBefore: 'checkpoint_before', rowsHeld: 'rows_held', survivors: 'survivors',
  failure: 'failure', failures: 'failures', retryAt: 'retry_at', approvalId: 'approval_id', needsApproval: 'needs_approval' };

/** Sets what is given, null included, and counts what the items have removed. */
export async function markRun(tx: Tx, runId: string, change: RunChange): Promise<void> {
  const fields = (Object.keys(RUN_COLUMNS) as (keyof RunChange)[]).filter((field) => change[field] !== undefined);
  const values = fields.map((field) => { const value = change[field]; return typeof value === 'bigint' ? value.toString() : value; });
  await managerOf(tx).query(`UPDATE purge_runs SET ${fields.map((field, index) => `${RUN_COLUMNS[field]} = $${index + 2}, `).join('')}
    rows_deleted = (SELECT coalesce(sum(rows_deleted), 0) FROM purge_run_items i WHERE i.run_id = purge_runs.run_id) WHERE run_id = $1`, [runId, ...values]);
}

/** An item as it is under a lock; a second process that wanted the same waits and then sees what the first has done. */
export async function lockItem(tx: Tx, runId: string, position: number): Promise<{ state: 'planned' | 'detached' | 'done'; purged_leaves: Buffer | null; rows_deleted: string }> {
  const [row] = await managerOf(tx).query('SELECT state, purged_leaves, rows_deleted FROM purge_run_items WHERE run_id = $1 AND position = $2 FOR UPDATE', [runId, position]) as
    { state: 'planned' | 'detached' | 'done'; purged_leaves: Buffer | null; rows_deleted: string }[];
  return row!;
}

/** Adds ids of keys that an item deleted. */
export async function noteCredentials(tx: Tx, runId: string, position: number, ids: readonly string[]): Promise<void> {
  await managerOf(tx).query('UPDATE purge_run_items SET credentials_removed = credentials_removed || $3::text[] WHERE run_id = $1 AND position = $2', [runId, position, ids]);
}

export interface ItemChange {
  readonly state?: 'detached' | 'done'; readonly method?: PurgeMethod; readonly purgedLeaves?: Buffer | null; readonly rowsDeleted?: bigint; readonly rowsHeld?: bigint;
  readonly minAt?: Date | null; readonly maxAt?: Date | null; readonly bytesFreed?: bigint; readonly holdsCheckedAt?: Date; readonly doneAt?: Date;
}
const COLUMNS: Record<keyof ItemChange, string> = { state: 'state', method: 'method', purgedLeaves: 'purged_leaves', rowsDeleted: 'rows_deleted', rowsHeld: 'rows_held',
  minAt: 'min_at', maxAt: 'max_at', bytesFreed: 'bytes_freed', holdsCheckedAt: 'holds_checked_at', doneAt: 'done_at' };

/** Sets what is given, null included. */
export async function markItem(tx: Tx, runId: string, position: number, change: ItemChange): Promise<void> {
  const fields = (Object.keys(COLUMNS) as (keyof ItemChange)[]).filter((field) => change[field] !== undefined);
  const values = fields.map((field) => { const value = change[field]; return typeof value === 'bigint' ? value.toString() : value; });
  await managerOf(tx).query(`UPDATE purge_run_items SET ${fields.map((field, index) => `${COLUMNS[field]} = $${index + 3}`).join(', ')} WHERE run_id = $1 AND position = $2`, [runId, position, ...values]);
}

/** Inserts the certificate. The trigger on the table refuses any later change. */
export async function insertCertificate(tx: Tx, row: { certificateId: string; runId: string; body: Json; bodyDigest: Buffer; signature: Buffer; publicKey: Buffer; issuedAt: Date }): Promise<void> {
  await managerOf(tx).query('INSERT INTO purge_certificates (certificate_id, run_id, body, body_digest, signature, public_key, issued_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [row.certificateId, row.runId, JSON.stringify(row.body), row.bodyDigest, row.signature, row.publicKey, row.issuedAt]);
}
