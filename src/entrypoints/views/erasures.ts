// Erasures as doors tell them. Ids of sessions are the customer's words, and may name a person: they are told nowhere.
import type { App } from '../../app.js';
import type { Erasure } from '../../domain/retention/index.js';
import { coerceError } from '../../kernel/errors.js';

/** The runs of an erasure with how far they are. */
export async function erasureProgress(app: Pick<App, 'retention'>, erasureId: string) {
  return (await app.retention.erasureRuns(erasureId)).map((run) => {
    const { rowsDue, rowsDone } = app.retention.progress(run);
    return { runId: run.runId, dataType: run.dataType, state: run.state, rowsDue, rowsDone, certified: run.state === 'certified' };
  });
}

/** What may be told of one, its free-form outcome apart: its keys are facts and stay as they are. */
export function tellErasure({ sessions: _sessions, plan: _plan, preview: _preview, outcome, askedById: _askedById, byItems, ...rest }: Erasure) {
  return { told: { ...rest, bySessions: byItems }, outcome };
}

/** Asks the worker to look at approved erasures now. Not waited for: the sweep of the next minute finds them. */
export function enqueueErasures(app: App): void {
  void app.queue().enqueue('run-erasures', '').catch((error: unknown) => { app.log.warn('erasures wait for the sweep', { error: coerceError(error) }); });
}
