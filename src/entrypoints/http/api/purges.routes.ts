// Purge previews, runs and certificates.
import { z } from 'zod';
import { coerceError } from '../../../kernel/errors.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import type { RUN_STATES } from '../../../domain/retention/index.js';
import { enqueueRun } from '../../views/approvals.js';
import { change, defineRoute, type Route } from './define-route.js';
import { EXAMPLE } from './examples.js';
import { page } from './fields.schemas.js';
import { jsonAnswer } from './json-answer.js';
import * as schemas from './purges.schemas.js';
import { readPage, type Listing } from './row-page.view.js';

const RUNS: Listing = {
  from: 'purge_runs', key: 'run_id', keyKind: 'uuid', integers: ['rows_deleted', 'rows_held', 'survivors'],
  columns: 'run_id, data_type, state, trigger, cut_off, rows_deleted, rows_held, survivors, failure, failures, retry_at, needs_approval, approval_id, planned_at, started_at, finished_at',
};
const exampleRun = {
  run_id: EXAMPLE.id, data_type: 'api_call_metadata' as const, state: 'certified' as const, trigger: 'Ada', cut_off: EXAMPLE.at, rows_deleted: 51_200, rows_held: 12, survivors: 0,
  failure: null, failures: 0, retry_at: null, needs_approval: false, approval_id: null, planned_at: EXAMPLE.at, started_at: EXAMPLE.at, finished_at: EXAMPLE.at,
};
const noRun = refuse('not_found', 'there is no such purge run', 'params.run_id');

const CONTROLS = {
  pause: ['pausePurge', 'Stop a run at its next step', 'What is removed stays removed; the rest stays until it is continued.'],
  continue: ['continuePurge', 'Let a paused or failed run go on', 'The worker takes it up.'],
  cancel: ['cancelPurge', 'Cancel a run that has not begun', 'Refused once anything was removed.'],
} as const;

function control(verb: keyof typeof CONTROLS): Route {
  const [id, summary, description] = CONTROLS[verb];
  return defineRoute({
    method: 'post', path: `/purges/{run_id}/${verb}`, id, tag: 'purges', summary, description, permission: 'purges.run', refusals: ['conflict'], params: schemas.runParams, body: schemas.why, answer: schemas.controlled,
    example: { body: { reason: 'maintenance' }, answer: { run_id: EXAMPLE.id, state: verb === 'pause' ? 'paused' : verb === 'continue' ? 'running' : 'cancelled' } },
    run: async (input) => {
      const { retention } = input.app, { run_id: runId } = input.params, { reason } = input.body;
      const answer: { state: (typeof RUN_STATES)[number] } | Refusal = await change(input, (tx) => (verb === 'pause' ? retention.pauseRun(tx, runId, reason) : verb === 'continue' ? retention.resumeRun(tx, runId, reason) : retention.cancelRun(tx, runId, reason)));
      if (isRefusal(answer)) return answer;
      if (verb === 'continue') enqueueRun(input.app, runId);
      return { run_id: runId, state: answer.state };
    },
  });
}

export const purgesRoutes = [
  defineRoute({
    method: 'post', path: '/purges/preview', id: 'previewPurge', tag: 'purges', summary: 'What a run would delete now', permission: 'purges.read',
    description: 'Changes nothing. With a policy that is not published, what it would delete.', body: schemas.previewInput, answer: z.object({ data: z.array(schemas.preview) }),
    example: { body: { data_type: 'api_call_metadata' }, answer: { data: [{ data_type: 'api_call_metadata', policies: [], cut_off: EXAMPLE.at, rows_due: 51_200, rows_held: 12, accounts_held: 1, bytes_due: 9_000_000, oldest: EXAMPLE.at, overdue_since: EXAMPLE.at, parts: [] }] } },
    run: async ({ app, body }) => {
      const policy = body.policy && { keep: body.policy.keep, startsAt: body.policy.starts_at, accountId: body.policy.account_id, jurisdiction: body.policy.jurisdiction };
      if (policy && !body.data_type) return refuse('invalid_request', 'a policy is for one data type: name it', 'body.data_type');
      return { data: jsonAnswer(await app.retention.previewPurge(body.data_type, policy)) };
    },
  }),
  defineRoute({
    method: 'post', path: '/purges', id: 'planPurge', tag: 'purges', summary: 'Freeze a purge run of one data type', permission: 'purges.run', status: 201,
    description: 'What goes is frozen now. A run started by hand waits for a second person; once approved, the worker takes it on within five minutes, or at once with POST /purges/{run_id}/run.', refusals: ['conflict', 'held', 'four_eyes_required'], body: schemas.planInput, answer: schemas.planned,
    example: { body: { data_type: 'api_call_metadata' }, answer: { run_id: EXAMPLE.id, approval_id: EXAMPLE.other } },
    run: async (input) => {
      const runId = await change(input, (tx) => input.app.retention.planPurge(tx, input.body.data_type, input.actor.name));
      if (isRefusal(runId)) return runId;
      const run = await input.app.retention.purgeRun(runId);
      return { run_id: runId, approval_id: run?.needsApproval ? run.approvalId : null };
    },
  }),
  defineRoute({
    method: 'post', path: '/purges/{run_id}/run', id: 'runPurge', tag: 'purges', summary: 'Run a planned run at once, or on from where it stopped', permission: 'purges.run', status: 202,
    description: 'The worker runs it to its certificate; ask for its state.', refusals: ['conflict', 'four_eyes_required'], params: schemas.runParams, answer: schemas.started, example: { answer: { run_id: EXAMPLE.id, started: true } },
    run: async (input) => {
      const { app, params: { run_id: runId } } = input;
      const found = await app.retention.purgeRun(runId);
      if (!found) return noRun;
      if (found.state === 'planned' && found.needsApproval) return refuse('four_eyes_required', `a second person has to approve it: approval ${found.approvalId ?? ''}`, 'params.run_id');
      if (found.state === 'certified' || found.state === 'nothing_due' || found.state === 'cancelled') return refuse('conflict', `the run is over: ${found.state}`, 'params.run_id');
      await change(input, async (tx) => {
        await app.ledger.append(tx, { action: 'purge.run', subjectKind: 'purge_run', subjectId: runId, purpose: 'compliance_retention' });
        // After the commit. A queue that is away must not undo it: resume-purge-runs finds the run.
        tx.onCommit(async () => {
          try { await app.queue().enqueue('run-purge', runId); } catch (error) { app.log.warn('a purge run waits for the queue', { run: runId, error: coerceError(error) }); }
        });
      });
      return { run_id: runId, started: true as const };
    },
  }),
  defineRoute({
    method: 'get', path: '/purges', id: 'listPurges', tag: 'purges', summary: 'Purge runs', permission: 'purges.read', query: schemas.runsQuery, answer: page(schemas.runRow),
    example: { answer: { data: [exampleRun], next_cursor: null } },
    run: ({ app, query }) => readPage<z.input<typeof schemas.runRow>>(app.database.reader, RUNS, [{ sql: 'data_type = ?', value: query.data_type }, { sql: 'state = ?', value: query.state }], query),
  }),
  defineRoute({
    method: 'get', path: '/purges/{run_id}', id: 'readPurge', tag: 'purges', summary: 'One run with its items', permission: 'purges.read', params: schemas.runParams, answer: schemas.run,
    example: { answer: { ...exampleRun, items: [], progress: { rows_due: 51_200, rows_done: 51_200, items_done: 1, items: 1, rows_per_second: 90_000, remaining_ms: null } } },
    run: async ({ app, params }) => {
      const found = await app.retention.purgeRun(params.run_id);
      if (!found) return noRun;
      const { plan: _, ...rest } = found;
      return jsonAnswer({ ...rest, progress: app.retention.progress(found) });
    },
  }),
  ...(['pause', 'continue', 'cancel'] as const).map(control),
  defineRoute({
    method: 'get', path: '/purges/{run_id}/certificate', id: 'readCertificate', tag: 'purges', summary: 'The signed certificate of a run', permission: 'purges.read',
    params: schemas.runParams, answer: schemas.certificate,
    example: { answer: { certificate_id: EXAMPLE.other, run_id: EXAMPLE.id, body: { rows_deleted: '51200' }, body_digest: EXAMPLE.hash, signature: EXAMPLE.hash + EXAMPLE.hash, public_key: EXAMPLE.hash, issued_at: EXAMPLE.at } },
    run: async ({ app, params }) => {
      const found = await app.retention.certificate(params.run_id);
      if (!found) return refuse('not_found', 'there is no such run, or it has no certificate yet', 'params.run_id');
      const { body, ...rest } = found;
      return { ...jsonAnswer(rest), body };
    },
  }),
];
