import { z } from 'zod';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { isRefusal } from '../../../kernel/result.js';
import type { ResourceDefinition } from '../access.js';
import { enqueueRun } from '../../views/approvals.js';
import { consoleAction, type ConsoleAction } from '../console-action.js';
import { purgeRuns } from '../views/purge-runs.view.js';
import { reason, text } from './form-fields.js';

/** Freezes a run; a second person approves exactly that, and then the worker carries it out. Shown on the purge page, where what it would remove is in sight. */
const run = consoleAction({
  name: 'run', on: 'resource', permission: 'purges.run', grave: true,
  fields: [{ name: 'data_type', type: 'choice', required: true, values: DATA_TYPES }, { name: 'reason', type: 'area', required: true }],
  schema: z.strictObject({ data_type: z.enum(DATA_TYPES, 'required'), reason }),
  run: async ({ app, actor, payload }) => {
    const answer = await app.act(actor, async (tx) => {
      const runId = await app.retention.planPurge(tx, payload.data_type, actor.name);
      if (isRefusal(runId)) return runId;
      await app.ledger.append(tx, { action: 'purge.request', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention', reason: payload.reason });
      return runId;
    });
    if (isRefusal(answer)) return answer;
    const run = await app.retention.purgeRun(answer);
    return { show: { run_id: answer, ...(run?.needsApproval ? { approval_id: run.approvalId } : {}) } };
  },
});

/** Pause, continue, cancel: the same form, one use case each. */
function control(name: 'pause' | 'continue' | 'cancel', states: readonly string[], grave: boolean): ConsoleAction {
  return consoleAction({
    name, on: 'record', permission: 'purges.run', grave, when: (record) => states.includes(String(record['state'])) && (name !== 'cancel' || record['started_at'] === null),
    fields: [{ name: 'reason', type: 'area', required: true }], schema: z.strictObject({ reason }),
    run: async ({ app, actor, recordId, payload }) => {
      const { retention } = app;
      const answer = await app.act(actor, (tx) => (name === 'pause' ? retention.pauseRun(tx, recordId, payload.reason) : name === 'continue' ? retention.resumeRun(tx, recordId, payload.reason) : retention.cancelRun(tx, recordId, payload.reason)));
      if (isRefusal(answer)) return answer;
      if (name === 'continue') enqueueRun(app, recordId);
      return {};
    },
  });
}

/** When purges run by themselves. */
const schedule = consoleAction({
  name: 'schedule', on: 'resource', permission: 'retention.write',
  fields: [{ name: 'cron', type: 'text', required: true }, { name: 'time_zone', type: 'text', required: true }, { name: 'paused', type: 'check' }],
  schema: z.strictObject({ cron: text(100), time_zone: text(60), paused: z.boolean().default(false) }),
  run: async ({ app, actor, payload: p }) => {
    const answer = await app.act(actor, (tx) => app.retention.setSchedule(tx, { cron: p.cron, timeZone: p.time_zone, paused: p.paused }));
    if (isRefusal(answer)) return answer;
    const upcoming = await app.retention.upcomingRuns(5);
    return upcoming.length > 0 ? { show: { next_runs: upcoming.map((at) => at.toISOString()) } } : {};
  },
});

export const purgeRunsResource: ResourceDefinition = { model: purgeRuns, group: 'retention', icon: 'Trash2', read: 'purges.read', actions: [run, schedule, control('pause', ['planned', 'approved', 'running', 'verifying', 'failed'], false), control('continue', ['paused', 'failed'], false), control('cancel', ['planned', 'approved', 'paused', 'failed'], true)] };
