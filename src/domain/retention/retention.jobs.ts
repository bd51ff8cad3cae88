// What the worker runs for this slice.
import { systemActor } from '../../kernel/actor.js';
import { DATA_TYPES } from '../../kernel/data-types.js';
import { coerceError } from '../../kernel/errors.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { Query } from './query.store.js';
import { readRuns } from './runs.view.js';

export interface JobDeps {
  readonly act: Act; readonly log: Logger; readonly query: Query;
  readonly ensureDefaultPolicies: (tx: Tx) => Promise<number>;
  readonly planPurge: (tx: Tx, dataType: (typeof DATA_TYPES)[number], trigger: string) => Promise<string | Refusal>;
  readonly runPurge: (runId: string) => Promise<void>;
}

/** `purge-expired`: every data type, one after another; an open run is taken on, else one is planned. `run-purge`: one run by its id. */
export function createRetentionJobs(deps: JobDeps): readonly JobDefinition[] {
  return [
    { name: 'run-purge', run: (runId) => deps.runPurge(runId) },
    { name: 'purge-expired', run: async () => {
      const actor = systemActor('schedule'), failures: Error[] = [];
      await deps.act(actor, (tx) => deps.ensureDefaultPolicies(tx));
      for (const dataType of DATA_TYPES) {
        try {
          const [open] = await readRuns(deps.query, { dataType, open: true, limit: 1 });
          const runId = open?.runId ?? await deps.act(actor, (tx) => deps.planPurge(tx, dataType, 'schedule'));
          if (isRefusal(runId)) deps.log.warn('no purge was planned', { dataType, reason: runId.message }); else await deps.runPurge(runId);
        } catch (error) { failures.push(coerceError(error)); }
      }
      // One type that fails does not keep the others from going; the queue then tries again, and what is done is done.
      if (failures.length > 0) throw new AggregateError(failures, failures.map((failure) => failure.message).join('; '));
    } },
  ];
}
