// What of a verification goes on the ledger.
import type { LedgerReport } from '../../domain/ledger/index.js';
import type { Json } from '../../kernel/canonical-json.js';

/** The `after` of the audit record `ledger.verify`; the first twenty problems in words. */
export function describeReport({ intact, explained, treeSize, counts, uncertified, problems, tookMs }: LedgerReport): Json {
  return { intact, explained, tree_size: treeSize.toString(), counts: { ...counts }, uncertified: uncertified.map(({ runId, state, leaves }) => ({ run_id: runId, state, leaves })),
    problems: problems.slice(0, 20).map((problem) => problem.message), took_ms: tookMs };
}
