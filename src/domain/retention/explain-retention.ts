// Explains one item: which rules apply, which wins, when it goes, what stops it.
import type { Clock } from '../../kernel/clock.js';
import { readAccount, readFacts } from './facts.view.js';
import { readHoldsFor } from './holds.view.js';
import type { ExplainInput, Explanation, Policy } from './policy.js';
import { OWN_CLOCK, resolveRetention } from './policy-rules.js';
import type { Query } from './query.store.js';

/** The explanation of an item as things stand now. `clockStart` is its event, for data types whose clock is one. */
export async function explainRetention(query: Query, clock: Clock, timeZone: string, input: ExplainInput): Promise<Explanation> {
  const facts = await readFacts(query, input.dataType, timeZone);
  const accountId = input.accountId ?? null;
  const account = accountId === null ? undefined : await readAccount(query, accountId);
  const own = OWN_CLOCK[input.dataType];
  const { rule, retainUntil, deleteAt, waitingFor, minimums } = resolveRetention({
    dataType: input.dataType, createdAt: input.createdAt, accountId, jurisdiction: input.jurisdiction ?? account?.jurisdiction ?? null,
    accountClosedAt: (own === 'account-closed' ? input.clockStart : null) ?? account?.closedAt ?? null,
    fiscalYearEnd: own === 'fiscal-year-end' ? input.clockStart ?? null : null,
  }, facts);
  const policy: Policy | null = facts.rules.find((one) => one.policyId === rule?.policyId) ?? null;
  return { policy, retainUntil, deleteAt, ...(waitingFor ? { waitingFor } : {}),
    minimums: minimums.map((limit) => ({ id: limit.id, keep: limit.period, source: limit.source })),
    holds: accountId === null ? [] : await readHoldsFor(query, clock.now(), accountId, input.dataType) };
}
