// The purge page: what is due, what runs, what ran. Reading only; starting a run is a named action of the runs.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { refuse } from '../../../kernel/result.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

/** GET → {runs, schedule, upcoming, may}; with ?part=preview → {previews}, which counts rows and may take seconds. */
export function purgePage(app: App): PageHandler {
  return async (request: { method: string; query?: Record<string, unknown> }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (!can(actor, 'purges.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include reading purge runs'));
    if (request.query?.['part'] === 'preview') return { previews: jsonAnswer(await app.retention.previewPurge()) };
    const [runs, schedule, upcoming] = await Promise.all([app.retention.purgeRuns({ limit: 8 }), app.retention.schedule(), app.retention.upcomingRuns(5)]);
    return {
      runs: runs.map((run) => { const { plan: _plan, ...rest } = run; return jsonAnswer({ ...rest, progress: app.retention.progress(run) }); }), schedule: jsonAnswer(schedule), upcoming: jsonAnswer(upcoming),
      may: { run: can(actor, 'purges.run'), schedule: can(actor, 'retention.write') },
    };
  };
}
