// Purge runs, their items and certificates as they stand.
import type { DataType } from '../../kernel/data-types.js';
import type { Json } from '../../kernel/canonical-json.js';
import type { PurgeCertificate, PurgeMethod, PurgeRun, PurgeRunItem, RunState } from './purge.js';
import type { StoredPlan } from './purge-plan.js';
import type { Query } from './query.store.js';

/** A run with what only the engine needs: the typed plan and the tree size before it. */
export interface StoredRun extends PurgeRun { readonly plan: StoredPlan; readonly checkpointBefore: bigint | null }

interface RunRow {
  run_id: string; data_type: DataType; state: RunState; trigger: string; policies: StoredPlan; cut_off: Date; checkpoint_before: string | null; rows_deleted: string; rows_held: string;
  survivors: string | null; failure: string | null; planned_at: Date; started_at: Date | null; finished_at: Date | null;
  failures: number; retry_at: Date | null; needs_approval: boolean; approval_id: string | null;
}
interface ItemRow {
  run_id: string; position: number; table_name: string; partition_name: string | null; method: PurgeMethod; state: PurgeRunItem['state']; rows_total: string; rows_due: string; rows_deleted: string;
  rows_held: string; min_at: Date | null; max_at: Date | null; bytes_freed: string; done_at: Date | null;
}
interface CertificateRow { certificate_id: string; run_id: string; body: Record<string, Json>; body_digest: Buffer; signature: Buffer; public_key: Buffer; issued_at: Date }

const ITEM_COLUMNS = 'run_id, position, table_name, partition_name, method, state, rows_total, rows_due, rows_deleted, rows_held, min_at, max_at, bytes_freed, done_at';

/** Runs newest first; one run with `runId`; `open` only those that are not over. */
export async function readRuns(query: Query, filter: { runId?: string; open?: boolean; dataType?: DataType; limit?: number }): Promise<StoredRun[]> {
  const runs = await query<RunRow>(`SELECT * FROM purge_runs WHERE ($1::uuid IS NULL OR run_id = $1) AND (NOT $2 OR state IN ('planned', 'approved', 'running', 'verifying', 'failed', 'paused'))
    AND ($3::text IS NULL OR data_type = $3) ORDER BY planned_at DESC, run_id DESC LIMIT $4`, [filter.runId ?? null, filter.open ?? false, filter.dataType ?? null, filter.limit ?? 100]);
  const items = await query<ItemRow>(`SELECT ${ITEM_COLUMNS} FROM purge_run_items WHERE run_id = ANY($1::uuid[]) ORDER BY run_id, position`, [runs.map((run) => run.run_id)]);
  return runs.map((run) => toRun(run, items.filter((item) => item.run_id === run.run_id)));
}

/** Runs of an erasure, oldest first. */
export async function readErasureRuns(query: Query, erasureId: string): Promise<StoredRun[]> {
  const ids = await query<{ run_id: string }>('SELECT run_id FROM purge_runs WHERE erasure_id = $1 ORDER BY run_id', [erasureId]), runs: StoredRun[] = [];
  for (const { run_id: runId } of ids) runs.push(...await readRuns(query, { runId }));
  return runs;
}

/** The certificates in the order of issue; one with `runId`. */
export async function readCertificates(query: Query, runId?: string): Promise<PurgeCertificate[]> {
  const rows = await query<CertificateRow>('SELECT * FROM purge_certificates WHERE ($1::uuid IS NULL OR run_id = $1) ORDER BY issued_at, certificate_id', [runId ?? null]);
  return rows.map((row) => ({ certificateId: row.certificate_id, runId: row.run_id, body: row.body, bodyDigest: row.body_digest, signature: row.signature, publicKey: row.public_key, issuedAt: row.issued_at }));
}

/** The lists of removed leaves of a run, by position; items of tables that are no records have none. */
export async function readPurgedLeaves(query: Query, runId: string): Promise<{ position: number; leaves: Buffer }[]> {
  return query<{ position: number; leaves: Buffer }>('SELECT position, purged_leaves AS leaves FROM purge_run_items WHERE run_id = $1 AND purged_leaves IS NOT NULL ORDER BY position', [runId]);
}

function toRun(row: RunRow, items: readonly ItemRow[]): StoredRun {
  return { runId: row.run_id, dataType: row.data_type, state: row.state, trigger: row.trigger, plan: row.policies, cutOff: row.cut_off,
    checkpointBefore: row.checkpoint_before === null ? null : BigInt(row.checkpoint_before), rowsDeleted: BigInt(row.rows_deleted), rowsHeld: BigInt(row.rows_held),
    survivors: row.survivors === null ? null : BigInt(row.survivors), failure: row.failure, failures: row.failures, retryAt: row.retry_at,
    needsApproval: row.needs_approval, approvalId: row.approval_id, plannedAt: row.planned_at, startedAt: row.started_at, finishedAt: row.finished_at,
    items: items.map(toItem) };
}

function toItem(row: ItemRow): PurgeRunItem {
  return { position: row.position, table: row.table_name, partition: row.partition_name, method: row.method, state: row.state, rowsTotal: BigInt(row.rows_total), rowsDue: BigInt(row.rows_due),
    rowsDeleted: BigInt(row.rows_deleted), rowsHeld: BigInt(row.rows_held), minAt: row.min_at, maxAt: row.max_at, bytesFreed: BigInt(row.bytes_freed), doneAt: row.done_at };
}

/** Ids of the API keys the run deleted. */
export async function readCredentials(query: Query, runId: string): Promise<string[]> {
  const rows = await query<{ id: string }>('SELECT unnest(credentials_removed) AS id FROM purge_run_items WHERE run_id = $1 ORDER BY 1', [runId]);
  return rows.map((row) => row.id);
}

/** Whether a policy that shortened governs the data type and no run by it was certified yet: then the next run is approved by a second person. */
export async function isFirstRunAfterShortening(query: Query, dataType: DataType, at: Date): Promise<boolean> {
  const rows = await query(`SELECT 1 FROM (SELECT DISTINCT ON (scope) * FROM retention_policies WHERE data_type = $1 AND status <> 'withdrawn' AND effective_from <= $2 ORDER BY scope, version DESC) p
    WHERE p.shortens AND NOT EXISTS (SELECT 1 FROM purge_runs r WHERE r.data_type = $1 AND r.state = 'certified' AND r.erasure_id IS NULL AND r.planned_at >= p.effective_from) LIMIT 1`, [dataType, at]);
  return rows.length > 0;
}
