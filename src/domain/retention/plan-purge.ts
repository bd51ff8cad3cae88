// Plans a purge run and freezes it: by which policies, up to where, in which tables and partitions, by which method. Asks a second person where one is needed.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid, type RequestApproval } from '../security/index.js';
import { cutOffsAt, lastCutOff } from './cut-off-rules.js';
import { readFacts } from './facts.view.js';
import type { PreviewPart } from './purge.js';
import { countParts } from './purge-count.view.js';
import { readHeld, roundedFor } from './purge-guard.js';
import { storePlan } from './purge-plan.js';
import { inTx } from './query.store.js';
import { insertItems, insertRun, markRun } from './runs.store.js';
import { isFirstRunAfterShortening, readRuns } from './runs.view.js';

export const RUN_ACTION = 'purge.run';
export interface PlanDeps { readonly clock: Clock; readonly append: AppendRecord; readonly timeZone: string; readonly requestApproval: RequestApproval }

/**
 * Binds the use case; answers the run's id. A run in which nothing is due is written down as `nothing_due` and is over. A second person
 * approves a run that somebody starts by hand, and the first by a policy that shortened; runs of the schedule by policies that are
 * approved need nobody more. Refusals: forbidden, invalid_request, not_found (no policy in force), conflict (a run of the type is open).
 */
export function createPlanPurge(deps: PlanDeps): (tx: Tx, dataType: DataType, trigger: string) => Promise<string | Refusal> {
  return async (tx, dataType, trigger) => {
    const no = forbid(tx.actor, 'purges.run');
    if (no) return no;
    if (!DATA_TYPES.includes(dataType)) return refuse('invalid_request', `no data type ${String(dataType)}; it is one of ${DATA_TYPES.join(', ')}`, 'dataType');
    const query = inTx(tx), now = deps.clock.now();
    const [open] = await readRuns(query, { dataType, open: true, limit: 1 });
    if (open) return refuse('conflict', `run ${open.runId} of ${dataType} is ${open.state}; it has to end or be cancelled before another is planned`);
    const facts = await readFacts(query, dataType, deps.timeZone, now);
    if (facts.rules.length === 0) return refuse('not_found', `no policy for ${dataType} is in force, so nothing says what is due; publish one`);
    const cutOffs = roundedFor(dataType, cutOffsAt(dataType, facts, facts.accounts, now, facts.items));
    const parts = await countParts(query, dataType, { cutOffs, held: await readHeld(query, dataType, now) }, deps.timeZone);
    const due = sum(parts, 'rowsDue'), held = sum(parts, 'rowsHeld');
    const state = due === 0n ? 'nothing_due' : 'planned';
    const needsApproval = due > 0n && (tx.actor.kind !== 'system' || await isFirstRunAfterShortening(query, dataType, now));
    const runId = mintId(now), plan = storePlan(dataType, facts, cutOffs), cutOff = lastCutOff(cutOffs) ?? new Date(0);
    const inserted = await insertRun(tx, { runId, dataType, state, trigger, plan, cutOff, rowsHeld: held, plannedAt: now, needsApproval });
    if (!inserted) return refuse('conflict', `another run of ${dataType} was planned at the same moment; it has to end before another is planned`);
    await insertItems(tx, runId, parts);
    const versions = plan.policies.map((policy) => ({ policy_id: policy['policy_id'] ?? null, version: policy['version'] ?? null }));
    await deps.append(tx, { action: 'purge.plan', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: trigger,
      after: { data_type: dataType, state, cut_off: cutOff.toISOString(), rows_due: due.toString(), rows_held: held.toString(), policies: versions, items: parts.filter((part) => part.method !== null).length, needs_approval: needsApproval } });
    if (!needsApproval) return runId;
    const approval = await deps.requestApproval(tx, { action: RUN_ACTION, subjectKind: 'purge_run', subjectId: runId,
      proposal: { run_id: runId, data_type: dataType, trigger, policies: versions, cut_offs: plan.cut_offs, predicate: plan.predicate,
        items: parts.filter((part) => part.method !== null).map((part) => ({ table: part.table, partition: part.partition, method: part.method, rows_due: part.rowsDue.toString() })) },
      preview: { rows_due: due.toString(), rows_held: held.toString(), bytes_due: sum(parts, 'bytesDue').toString(), oldest: parts.map((part) => part.minAt?.toISOString()).filter((at) => at !== undefined).sort()[0] ?? null } });
    if (isRefusal(approval)) return approval;
    await markRun(tx, runId, { approvalId: approval.approvalId });
    return runId;
  };
}

function sum(parts: readonly PreviewPart[], field: 'rowsDue' | 'rowsHeld' | 'bytesDue'): bigint { return parts.reduce((total, part) => total + part[field], 0n); }
