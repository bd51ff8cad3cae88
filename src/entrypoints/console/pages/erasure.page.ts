// The page of erasures: what one would take and leave, and how far those under way are. Asking for one is a named action of the erasures.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import { erasureProgress, tellErasure } from '../../views/erasures.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { sessionsIn } from '../resources/erasures.resource.js';
import { actorOf } from '../security/session.js';

const question = z.strictObject({ erase_account: z.string().trim().min(1).max(63), erase_sessions: z.string().max(4_000).default(''), data_types: z.array(z.enum(DATA_TYPES)).default([]) });

/** GET → {erasures, may}; POST with a subject → {counts}, which changes nothing. */
export function erasurePage(app: App): PageHandler {
  return async (request: { method: string; payload?: unknown }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (!can(actor, 'purges.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include reading purge runs'));
    if (request.method === 'post') {
      const asked = question.safeParse(request.payload);
      if (!asked.success) return refusedAnswer(response, refuse('invalid_request', 'name the account', 'erase_account'));
      const { erase_account: accountId, erase_sessions: sessions, data_types: types } = asked.data;
      const counts = await app.retention.previewErasure({ accountId, ...sessionsIn(sessions), ...(types.length > 0 ? { dataTypes: types } : {}) });
      if (isRefusal(counts)) return refusedAnswer(response, { ...counts, field: counts.field === 'sessions' ? 'erase_sessions' : 'erase_account' });
      return { counts: jsonAnswer(counts) };
    }
    const found = await app.retention.erasures({ limit: 10 });
    return {
      erasures: await Promise.all(found.map(async (one) => { const { told, outcome } = tellErasure(one); return { ...jsonAnswer(told), outcome, runs: jsonAnswer(await erasureProgress(app, one.erasureId)) }; })),
      may: { ask: can(actor, 'purges.run') },
    };
  };
}
