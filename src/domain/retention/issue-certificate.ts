// Issues the certificate of a verified run and ends the run, in one act.
import { canonicalJson, type Json } from '../../kernel/canonical-json.js';
import { sha256 } from '../../kernel/digest.js';
import { mintId } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import { CERTIFICATE_KIND, signCertificate, type CertificateBody } from './certificate.js';
import type { PurgeContext } from './purge-context.js';
import { erasureOf } from './purge-plan.js';
import { countLeaves, leavesDigest } from './purged-leaves.js';
import { inTx, type Query } from './query.store.js';
import { takeRows } from './item-rows.store.js';
import type { PurgeCertificate } from './purge.js';
import { writePurgeRemoval } from './purge-removal.js';
import { insertCertificate, lockRun, markRun } from './runs.store.js';
import { readCredentials, readPurgedLeaves, readRuns, type StoredRun } from './runs.view.js';
import type { Verification } from './verify-purge.js';

/** Signs and inserts; a run that has its certificate already is left as it is. Throws `verification_failed` for an unverified run. */
export async function issueCertificate(context: PurgeContext, verification: Verification): Promise<void> {
  const after = await checkpointNow(context);
  await context.act(context.actor, async (tx) => {
    const query = inTx(tx), now = context.clock.now();
    await lockRun(tx, context.runId);
    const [run] = await readRuns(query, { runId: context.runId });
    if (!run) throw new Error(`no purge run ${context.runId}`);
    const certificateId = mintId(now);
    const body: CertificateBody = { ...await describeRun(query, run, verification), program: context.program, certificate_id: certificateId, issued_at: now.toISOString(), checkpoint_after: after };
    const { signature, publicKey } = signCertificate(context.keys, run, body);
    const bodyDigest = sha256(canonicalJson(body));
    const certificate = { certificateId, runId: run.runId, body, bodyDigest, signature, publicKey, issuedAt: now };
    await insertCertificate(tx, certificate);
    await markRun(tx, run.runId, { state: 'certified', finishedAt: now, failure: null, retryAt: null });
    await context.ledger.append(tx, { action: 'purge.certify', subjectKind: 'purge_run', subjectId: run.runId, purpose: 'compliance_retention',
      after: { certificate_id: certificateId, body_sha256: bodyDigest.toString('hex'), rows_deleted: run.rowsDeleted.toString(), rows_held: verification.held.toString(),
        // What went, by table and time: proofs of completeness explain numbers without a call by it.
        removed: run.items.filter((item) => item.minAt !== null && item.maxAt !== null).map((item) => ({ table: item.table, rows: Number(item.rowsDeleted), min_at: item.minAt!.toISOString(), max_at: item.maxAt!.toISOString() })) } });
    await noteRemoval(context, tx, run, certificate);
  });
}

/** Outside the database too: an older one that is restored has the rows again, and only this says which. Last, since others wait for its number. */
async function noteRemoval(context: PurgeContext, tx: Tx, run: StoredRun, certificate: PurgeCertificate): Promise<void> {
  const leaves = await readPurgedLeaves(inTx(tx), run.runId), rows = await takeRows(tx, run.runId);
  const items = run.items.map(({ position }) => ({ position, leaves: leaves.find((one) => one.position === position)?.leaves ?? null, rows: rows.get(position) ?? [] }));
  await context.ledger.removals.append(tx, writePurgeRemoval({ certificate, items }));
}

async function checkpointNow(context: PurgeContext): Promise<Json> {
  const checkpoint = await context.ledger.latestCheckpoint();
  return checkpoint ? { tree_size: checkpoint.treeSize.toString(), root: checkpoint.root.toString('base64') } : null;
}

async function describeRun(query: Query, run: StoredRun, verification: Verification): Promise<{ [key: string]: Json }> {
  const leaves = await readPurgedLeaves(query, run.runId);
  const holds = await query<{ hold_id: string }>(`SELECT hold_id FROM holds WHERE (data_types IS NULL OR $1 = ANY(data_types))
    AND (protects_until IS NULL OR protects_until > $2) ORDER BY 1`, [run.dataType, run.plannedAt]);
  const checked = await query<{ position: number; at: Date }>('SELECT position, holds_checked_at AS at FROM purge_run_items WHERE run_id = $1 ORDER BY position', [run.runId]);
  const items = run.items.map((item) => ({
    position: item.position, table: item.table, partition: item.partition, method: item.method, rows_deleted: item.rowsDeleted.toString(), rows_held: item.rowsHeld.toString(),
    min_at: item.minAt?.toISOString() ?? null, max_at: item.maxAt?.toISOString() ?? null, bytes_freed: item.bytesFreed.toString(), done_at: item.doneAt?.toISOString() ?? null,
    holds_checked_at: checked.find((one) => one.position === item.position)?.at.toISOString() ?? null, purged_leaves: describeLeaves(leaves.find((one) => one.position === item.position)?.leaves),
  }));
  const times = run.items.flatMap((item) => [item.minAt, item.maxAt]).filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime());
  return {
    kind: CERTIFICATE_KIND, run_id: run.runId, data_type: run.dataType, trigger: run.trigger, approvals: await describeApprovals(query, run), ...erasureIn(run),
    policies: run.plan.policies, minimums: run.plan.minimums, time_zone: run.plan.time_zone, predicate: run.plan.predicate, cut_off: run.cutOff.toISOString(), cut_offs: run.plan.cut_offs,
    planned_at: run.plannedAt.toISOString(), started_at: run.startedAt?.toISOString() ?? null,
    rows_deleted: run.rowsDeleted.toString(), min_at: times[0]?.toISOString() ?? null, max_at: times.at(-1)?.toISOString() ?? null,
    held: { rows: verification.held.toString(), accounts: verification.heldAccounts, holds: holds.map((hold) => hold.hold_id) },
    items,
    keys_destroyed: await keysDestroyed(query, run), credentials_removed: await readCredentials(query, run.runId),
    verification: { at: verification.at.toISOString(), survivors: verification.survivors.toString(), counts: verification.counts.map((one) => ({ ...one, survivors: one.survivors.toString(), held: one.held.toString() })) },
    residual_copies: 'Backups of the database made before this run still contain the removed rows until they are themselves destroyed. After one is restored, nothing is read from it until `holdfast purge replay` has removed them again by this certificate.',
    checkpoint_before: await checkpointAt(query, run.checkpointBefore),
  };
}

/** Keys of the vault that died since the run began, as the ledger has them: a run that was broken off names them all the same. */
async function keysDestroyed(query: Query, run: StoredRun): Promise<Json> {
  const side = { input_content: 'input', output_content: 'output' }[run.dataType as string];
  if (side === undefined) return [];
  const rows = await query<{ key: string; at: Date }>("SELECT DISTINCT ON (subject_id) subject_id AS key, at FROM audit_records WHERE action = 'content.shred' AND subject_id LIKE $1 AND at >= $2 ORDER BY subject_id, at", [`${side}-%`, run.startedAt]);
  return rows.map((row) => ({ key: row.key, at: row.at.toISOString() }));
}

/** Who asked for and who approved the run itself, and every policy it went by that shortened. */
async function describeApprovals(query: Query, run: StoredRun): Promise<Json> {
  const ids = [run.approvalId, ...run.plan.policies.map((policy) => policy['approval_id'])].filter((id) => typeof id === 'string');
  const rows = await query<{ approval_id: string; action: string; subject_id: string; digest: string; requested_by: string; requested_at: Date; decided_by: string; decided_at: Date }>(
    "SELECT approval_id, action, subject_id, digest, requested_by, requested_at, decided_by, decided_at FROM approvals WHERE approval_id = ANY($1::uuid[]) AND state = 'approved' ORDER BY decided_at", [ids]);
  return rows.map((row) => ({ approval_id: row.approval_id, action: row.action, subject: row.subject_id, digest: row.digest, requested_by: row.requested_by, requested_at: row.requested_at.toISOString(),
    approved_by: row.decided_by, approved_at: row.decided_at.toISOString() }));
}

function erasureIn({ plan }: StoredRun): { [key: string]: Json } { const erasure = erasureOf(plan); return erasure ? { erasure } : {}; }

function describeLeaves(packed: Buffer | undefined): Json {
  return packed ? { count: countLeaves(packed), sha256: leavesDigest(packed) } : null;
}

async function checkpointAt(query: Query, treeSize: bigint | null): Promise<Json> {
  if (treeSize === null) return null;
  const [row] = await query<{ root: Buffer }>('SELECT root FROM ledger_checkpoints WHERE tree_size = $1', [treeSize.toString()]);
  return { tree_size: treeSize.toString(), root: row?.root.toString('base64') ?? null };
}
