// Plans a purge run and freezes it: by which policies, up to where, in which tables and partitions, by which method.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { cutOffsAt, lastCutOff } from './cut-off-rules.js';
import { readFacts } from './facts.view.js';
import { countParts } from './purge-count.view.js';
import { readHeldAccounts, roundedFor } from './purge-guard.js';
import { storePlan } from './purge-plan.js';
import { inTx } from './query.store.js';
import { insertItems, insertRun } from './runs.store.js';
import { readRuns } from './runs.view.js';

/**
 * Binds the use case; answers the run's id. A run in which nothing is due is written down as `nothing_due` and is over.
 * Refusals: forbidden, invalid_request, not_found (no policy in force), conflict (a run of the type is open: run that one to its end).
 */
export function createPlanPurge(deps: { clock: Clock; append: AppendRecord; timeZone: string }): (tx: Tx, dataType: DataType, trigger: string) => Promise<string | Refusal> {
  return async (tx, dataType, trigger) => {
    const no = forbid(tx.actor, 'purges.run');
    if (no) return no;
    if (!DATA_TYPES.includes(dataType)) return refuse('invalid_request', `no data type ${String(dataType)}; it is one of ${DATA_TYPES.join(', ')}`, 'dataType');
    const query = inTx(tx);
    const [open] = await readRuns(query, { dataType, open: true, limit: 1 });
    if (open) return refuse('conflict', `run ${open.runId} of ${dataType} is ${open.state}; it has to end before another is planned`);
    const facts = await readFacts(query, dataType, deps.timeZone);
    if (facts.rules.length === 0) return refuse('not_found', `no policy for ${dataType} is in force, so nothing says what is due; publish one`);
    const now = deps.clock.now();
    const cutOffs = roundedFor(dataType, cutOffsAt(dataType, facts, facts.accounts, now));
    const parts = await countParts(query, dataType, { cutOffs, held: await readHeldAccounts(query, dataType, now) }, deps.timeZone);
    const due = parts.reduce((sum, part) => sum + part.rowsDue, 0n), held = parts.reduce((sum, part) => sum + part.rowsHeld, 0n);
    const state = due === 0n ? 'nothing_due' : 'planned';
    const runId = mintId(now), plan = storePlan(dataType, facts, cutOffs), cutOff = lastCutOff(cutOffs) ?? new Date(0);
    const inserted = await insertRun(tx, { runId, dataType, state, trigger, plan, cutOff, rowsHeld: held, plannedAt: now });
    if (!inserted) return refuse('conflict', `another run of ${dataType} was planned at the same moment; it has to end before another is planned`);
    await insertItems(tx, runId, parts);
    await deps.append(tx, { action: 'purge.plan', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: trigger,
      after: { data_type: dataType, state, cut_off: cutOff.toISOString(), rows_due: due.toString(), rows_held: held.toString(),
        policies: plan.policies.map((policy) => ({ policy_id: policy['policy_id'] ?? null, version: policy['version'] ?? null })), items: parts.filter((part) => part.method !== null).length } });
    return runId;
  };
}
