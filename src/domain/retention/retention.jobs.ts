// What the worker runs for this slice.
import { systemActor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import { coerceError } from '../../kernel/errors.js';
import { isRefusal, type Refusal } from '../../kernel/result.js';
import type { Act, Tx } from '../../platform/db/index.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { Vault } from '../vault/index.js';
import { readErasures } from './erase.view.js';
import type { Query } from './query.store.js';
import { goesOnByItself } from './run-rules.js';
import { readRuns } from './runs.view.js';

export interface JobDeps {
  readonly act: Act; readonly log: Logger; readonly query: Query;
  readonly ensureDefaultPolicies: (tx: Tx) => Promise<number>;
  readonly planPurge: (tx: Tx, dataType: (typeof DATA_TYPES)[number], trigger: string) => Promise<string | Refusal>;
  readonly runPurge: (runId: string) => Promise<void>;
  readonly runErasure: (erasureId: string) => Promise<void>;
  readonly settleRestrictions: () => Promise<number>;
  readonly bringIntoForce: (tx: Tx) => Promise<number>;
  readonly finaliseDetached: () => Promise<string[]>;
  readonly alertPurges: () => Promise<unknown>;
  readonly countPartitions: () => Promise<number>;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'shredContent'>;
}

/**
 * `purge-expired`: every data type, one after another; an open run is taken on unless it waits for a person, else one is planned.
 * `purge-content` does it for content alone.
 * `count-finished-days`: rows by account of days that are over, for simulations.
 * `run-purge`: one run by its id. `follow-policies`: scheduled policies whose day has come. `finalise-detached`: partitions left half-way.
 */
export function createRetentionJobs(deps: JobDeps): readonly JobDefinition[] {
  return [
    { name: 'run-purge', run: (runId) => deps.runPurge(runId) },
    { name: 'run-erasures', run: async () => {
      for (const one of (await readErasures(deps.query, { states: ['running'] })).reverse()) await deps.runErasure(one.erasureId);
    } },
    { name: 'settle-restrictions', run: async () => { await deps.settleRestrictions(); } },
    { name: 'follow-policies', run: async () => { await deps.act(systemActor('schedule'), (tx) => deps.bringIntoForce(tx)); } },
    { name: 'count-finished-days', run: async () => { await deps.countPartitions(); } },
    { name: 'alert-purges', run: async () => { await deps.alertPurges(); } },
    { name: 'finalise-detached', run: async () => { await deps.finaliseDetached(); } },
    { name: 'purge-expired', run: () => purgeAll(deps, DATA_TYPES) },
    { name: 'purge-content', run: async () => {
      await purgeAll(deps, ['input_content', 'output_content']);
      // A day whose last piece went in an earlier run: its key is due now, with nothing left to purge.
      await deps.vault.shredContent();
    } },
  ];
}

async function purgeAll(deps: JobDeps, dataTypes: readonly DataType[]): Promise<void> {
  const actor = systemActor('schedule'), failures: Error[] = [];
  await deps.act(actor, (tx) => deps.ensureDefaultPolicies(tx));
  for (const dataType of dataTypes) {
    try {
      const [open] = await readRuns(deps.query, { dataType, open: true, limit: 1 });
      const runId = open?.runId ?? await deps.act(actor, (tx) => deps.planPurge(tx, dataType, 'schedule'));
      if (isRefusal(runId)) { deps.log.warn('no purge was planned', { dataType, reason: runId.message }); continue; }
      const [run] = await readRuns(deps.query, { runId });
      if (run && !goesOnByItself(run, deps.clock.now()) && run.state !== 'nothing_due') deps.log.info('a purge run waits for a person', { dataType, run: runId, state: run.state });
      else await deps.runPurge(runId);
    } catch (error) { failures.push(coerceError(error)); }
  }
  // One type that fails does not keep the others from going; the queue then tries again, and what is done is done.
  if (failures.length > 0) throw new AggregateError(failures, failures.map((failure) => failure.message).join('; '));
}
