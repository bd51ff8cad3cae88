import { writeFileSync } from 'node:fs';
import type { App } from '../../../app.js';
import type { PurgeRun } from '../../../domain/retention/index.js';
import type { Actor } from '../../../kernel/actor.js';
import { canonicalJson } from '../../../kernel/canonical-json.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { HoldfastError } from '../../../kernel/errors.js';
import { EXIT, type Call, type Command } from '../frame/command.js';
import { Verbatim } from '../frame/make-call.js';
import { dataTypeOf, reasonOption } from '../frame/shared-options.js';
import { facts, table } from '../frame/table.js';

const dataType = { name: 'DATA_TYPE', help: `one of ${DATA_TYPES.join(', ')}` };
const WAITS = 'a second person has to approve this run in the console or by POST /api/v1/approvals; then the worker takes it on';
const runId = { name: 'RUN_ID', help: 'as `holdfast purge list` tells it' };

export const purgeCommands: readonly Command[] = [{
  name: 'purge preview', summary: 'Tell what runs would remove now; changes nothing', arguments: [{ ...dataType, optional: true }], example: 'holdfast purge preview api_call_metadata',
  run: (call) => call.withApp(async (app) => {
    const type = call.argument('DATA_TYPE');
    const previews = await app.retention.previewPurge(type === '' ? undefined : dataTypeOf(type, 'DATA_TYPE'));
    call.print({ data: previews }, table(previews, { 'DATA TYPE': (one) => one.dataType, POLICIES: (one) => one.policies.map((policy) => `${policy.keep} (${policy.scope})`), 'BEFORE': (one) => one.cutOff,
      'ROWS DUE': (one) => one.rowsDue, 'ROWS HELD': (one) => one.rowsHeld, 'BYTES DUE': (one) => one.bytesDue, OLDEST: (one) => one.oldest }, 'there are no policies'));
    return EXIT.done;
  }),
}, {
  name: 'purge plan', summary: 'Freeze a run of one data type; it removes nothing yet', arguments: [dataType], example: 'holdfast purge plan api_call_metadata',
  run: (call) => call.withApp(async (app, actor) => {
    const run = await plan(call, app, actor, call.argument('DATA_TYPE'));
    call.print({ runId: run.runId, state: run.state, needsApproval: run.needsApproval, approvalId: run.approvalId, items: run.items }, `${describe(run)}\n${itemsOf(run)}`);
    if (run.needsApproval) call.note(WAITS);
    return EXIT.done;
  }),
}, {
  name: 'purge run', summary: 'Remove what a planned run froze, verify it and issue its certificate; goes on from wherever it stopped',
  arguments: [{ name: 'RUN', help: 'a RUN_ID, or a data type, which is then planned and run' }], example: 'holdfast purge run 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app, actor) => {
    const given = call.argument('RUN'), planned = DATA_TYPES.some((type) => type === given) ? await plan(call, app, actor, given) : await find(app, given);
    if (planned.state === 'planned' && planned.needsApproval) {
      call.print({ ...withoutPlan(planned), items: planned.items }, `${describe(planned)}\n${itemsOf(planned)}`);
      call.note(WAITS);
      return EXIT.done;
    }
    if (!['certified', 'nothing_due', 'cancelled'].includes(planned.state)) {
      await app.act(actor, (tx) => app.ledger.append(tx, { action: 'purge.start', subjectKind: 'purge_run', subjectId: planned.runId, purpose: 'compliance_retention' }));
      await app.retention.runPurge(planned.runId);
    }
    const run = await find(app, planned.runId);
    call.print({ ...withoutPlan(run), items: run.items }, `${describe(run)}\n${itemsOf(run)}`);
    return run.state === 'failed' ? EXIT.failed : EXIT.done;
  }),
}, {
  name: 'purge watch', summary: 'Follow a run to its end: progress, rate and remaining time', arguments: [runId], example: 'holdfast purge watch 01999d5e-7b3c-7000-8000-000000000000',
  run: (call) => call.withApp(async (app) => {
    for (let said = '';;) {
      const run = await find(app, call.argument('RUN_ID')), progress = app.retention.progress(run), going = ['planned', 'approved', 'running', 'verifying'].includes(run.state);
      const line = run.needsApproval ? WAITS : `${run.state}: ${progress.rowsDone} of ${progress.rowsDue} rows, ${progress.itemsDone} of ${progress.items} items${progress.rowsPerSecond === null ? '' : `, ${progress.rowsPerSecond} rows/s`}${progress.remainingMs === null ? '' : `, ${Math.ceil(progress.remainingMs / 1000)} s left`}`;
      if (going) { if (line !== said) call.note(said = line); await new Promise((done) => { setTimeout(done, 1_000); }); continue; }
      call.print({ ...withoutPlan(run), progress }, `${describe(run)}\n${line}`);
      return run.state === 'failed' ? EXIT.failed : EXIT.done;
    }
  }),
}, ...(['pause', 'continue', 'cancel'] as const).map((verb): Command => ({
  name: `purge ${verb}`, summary: { pause: 'Stop a run at its next step; what is removed stays removed', continue: 'Let a paused or failed run go on; the worker takes it up', cancel: 'Cancel a run that has not begun' }[verb],
  arguments: [runId], options: reasonOption, example: `holdfast purge ${verb} 01999d5e-7b3c-7000-8000-000000000000 --reason "maintenance"`,
  run: (call) => call.withApp(async (app, actor) => {
    const id = call.argument('RUN_ID'), reason = call.need('reason'), { retention } = app;
    const answer = call.accept(await app.act(actor, (tx) => (verb === 'pause' ? retention.pauseRun(tx, id, reason) : verb === 'continue' ? retention.resumeRun(tx, id, reason) : retention.cancelRun(tx, id, reason))));
    call.print({ runId: id, ...answer }, facts({ run: id, state: answer.state }));
    return EXIT.done;
  }),
})), {
  name: 'purge list', summary: 'List purge runs, newest first', options: { limit: { value: 'N', help: 'how many; 20 unless given' } }, example: 'holdfast purge list',
  run: (call) => call.withApp(async (app) => {
    const runs = await app.retention.purgeRuns({ limit: Math.max(1, Number.parseInt(call.text('limit') ?? '20', 10) || 20) });
    call.print({ data: runs.map(withoutPlan) }, table(runs, { RUN: (one) => one.runId, 'DATA TYPE': (one) => one.dataType, STATE: (one) => one.state, 'CUT-OFF': (one) => one.cutOff,
      DELETED: (one) => one.rowsDeleted, HELD: (one) => one.rowsHeld, SURVIVORS: (one) => one.survivors, TRIGGER: (one) => one.trigger, FINISHED: (one) => one.finishedAt }, 'there are no purge runs'));
    return EXIT.done;
  }),
}, {
  name: 'purge certificate', summary: 'Write the signed certificate of a run as JSON', arguments: [runId], options: { out: { value: 'FILE', help: 'where to; without it standard output' } },
  example: 'holdfast purge certificate 01999d5e-7b3c-7000-8000-000000000000 --out certificate.json',
  run: (call) => call.withApp(async (app) => {
    const { runId: id } = await find(app, call.argument('RUN_ID')), found = await app.retention.certificate(id), out = call.text('out');
    if (!found) throw new HoldfastError('not_found', `run ${id} has no certificate yet`);
    const document = { certificate_id: found.certificateId, run_id: id, issued_at: found.issuedAt.toISOString(), body: found.body, body_digest: found.bodyDigest.toString('hex'),
      signature: found.signature.toString('hex'), public_key: found.publicKey.toString('hex') };
    const text = JSON.stringify({ ...document, body: JSON.parse(canonicalJson(found.body)) as unknown }, null, 2);
    if (out !== undefined) writeFileSync(out, `${text}\n`);
    call.print(new Verbatim(out === undefined ? document : { certificate_id: found.certificateId, file: out }), out === undefined ? text : `${out} holds certificate ${found.certificateId}`);
    return EXIT.done;
  }),
}];

async function plan(call: Call, app: App, actor: Actor, type: string): Promise<PurgeRun> {
  const dataTypeGiven = dataTypeOf(type, 'DATA_TYPE');
  return find(app, call.accept(await app.act(actor, (tx) => app.retention.planPurge(tx, dataTypeGiven, actor.name))));
}

async function find(app: App, id: string): Promise<PurgeRun> {
  const run = await app.retention.purgeRun(id);
  if (!run) throw new HoldfastError('not_found', `there is no purge run ${id}; holdfast purge list tells them`);
  return run;
}

/** A plan is free-form; the items say the same for people. */
function withoutPlan(run: PurgeRun): Omit<PurgeRun, 'plan' | 'items'> {
  return Object.fromEntries(Object.entries(run).filter(([name]) => name !== 'plan' && name !== 'items')) as Omit<PurgeRun, 'plan' | 'items'>;
}
function describe(run: PurgeRun): string {
  return facts({ run: run.runId, 'data type': run.dataType, state: run.state, 'cut-off': run.cutOff, deleted: run.rowsDeleted, held: run.rowsHeld, ...(run.survivors === null ? {} : { survivors: run.survivors }),
    ...(run.needsApproval ? { approval: run.approvalId } : {}), ...(run.failure === null ? {} : { failure: run.failure, 'goes on': run.retryAt }) });
}
function itemsOf(run: PurgeRun): string {
  return table(run.items, { ITEM: (one) => one.position, TABLE: (one) => one.table, PARTITION: (one) => one.partition, METHOD: (one) => one.method, STATE: (one) => one.state, ROWS: (one) => one.rowsTotal,
    DELETED: (one) => one.rowsDeleted, HELD: (one) => one.rowsHeld }, 'nothing is due');
}
