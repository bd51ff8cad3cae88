// The product's defaults, wherever no policy for all accounts is in force. Never changes one that is.
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import { mintId } from '../../kernel/ids.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { DEFAULT_POLICIES, DEFAULT_SOURCE } from './default-policies.js';
import { readOperator, readPolicies } from './facts.view.js';
import { limitsFor, longerPeriod } from './limit-rules.js';
import { insertPolicy, lockPolicies, readLastVersion } from './policies.store.js';
import type { Policy } from './policy.js';
import { OWN_CLOCK } from './policy-rules.js';
import { inTx } from './query.store.js';

/** Binds it. Answers how many were missing; a default below a floor of the operator's jurisdiction is raised to it. */
export function createEnsureDefaultPolicies(deps: { clock: Clock; append: AppendRecord }): (tx: Tx) => Promise<number> {
  return async (tx) => {
    const now = deps.clock.now();
    if (missingFrom(await readPolicies(inTx(tx), { at: now })).length === 0) return 0;
    await lockPolicies(tx);
    const missing = missingFrom(await readPolicies(inTx(tx), { at: now })), operator = await readOperator(inTx(tx));
    for (const dataType of missing) {
      const floors = limitsFor(dataType, operator, null).filter((limit) => limit.kind === 'floor');
      const keep = floors.reduce((period, floor) => longerPeriod(period, floor.period), DEFAULT_POLICIES[dataType].keep);
      const scope = { dataType, accountId: null, jurisdiction: null, itemIds: null, legalBasis: null, locked: false, shortens: false, approvalId: null };
      const policy: Policy = { ...scope, policyId: mintId(now), version: await readLastVersion(tx, dataType, 'all') + 1, keep, startsAt: OWN_CLOCK[dataType],
        purpose: DEFAULT_POLICIES[dataType].purpose, source: DEFAULT_SOURCE, status: 'in_force', publishedBy: tx.actor.name, publishedAt: now, effectiveFrom: now, supersededAt: null };
      await insertPolicy(tx, policy);
      await deps.append(tx, { action: 'policy.publish', subjectKind: 'policy', subjectId: policy.policyId, purpose: 'compliance_retention',
        after: { data_type: dataType, version: policy.version, keep, starts_at: policy.startsAt, source: DEFAULT_SOURCE } });
    }
    return missing.length;
  };
}

function missingFrom(policies: readonly Policy[]): (typeof DATA_TYPES)[number][] {
  return DATA_TYPES.filter((dataType) => !policies.some((policy) => policy.dataType === dataType && policy.accountId === null && policy.jurisdiction === null && policy.itemIds === null));
}
