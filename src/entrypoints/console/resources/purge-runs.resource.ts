import { z } from 'zod';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { coerceError } from '../../../kernel/errors.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { consoleAction } from '../console-action.js';
import { purgeRuns } from '../views/purge-runs.view.js';
import { reason } from './form-fields.js';

/** Freezes a run and lets the worker carry it out. Shown on the purge page, where what it would remove is in sight. */
const run = consoleAction({
  name: 'run', on: 'resource', permission: 'purges.run', grave: true,
  fields: [{ name: 'data_type', type: 'choice', required: true, values: DATA_TYPES }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ data_type: z.enum(DATA_TYPES, 'required'), reason }),
  run: async ({ app, actor, payload }) => {
    const answer = await app.act(actor, async (tx) => {
      const runId = await app.retention.planPurge(tx, payload.data_type, actor.name);
      if (isRefusal(runId)) return runId;
      await app.ledger.append(tx, { action: 'purge.request', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: payload.reason });
      // Not waited for: losing the job loses nothing, the worker's sweep finds the open run within five minutes.
      tx.onCommit(() => { void app.queue().enqueue('run-purge', runId).catch((error: unknown) => { app.log.warn('the purge run waits for the sweep', { run: runId, error: coerceError(error) }); }); });
      return runId;
    });
    return isRefusal(answer) ? answer : { show: { run_id: answer } };
  },
});

export const purgeRunsResource: ResourceDefinition = { model: purgeRuns, group: 'retention', icon: 'Trash2', read: 'purges.read', actions: [run] };
