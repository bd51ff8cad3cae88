// The policy page: what is in force and what comes, the preset library, what waits for its event, and the simulation of a draft. Reading only.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { CLOCKS, PRESETS } from '../../../domain/retention/index.js';
import { can } from '../../../domain/security/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { refuse } from '../../../kernel/result.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { ids, optional, period, place, slug } from '../resources/form-fields.js';
import { actorOf } from '../security/session.js';

const draft = z.strictObject({ data_type: z.enum(DATA_TYPES, 'required'), keep: period, starts_at: optional(z.enum(CLOCKS)), account_id: optional(slug), jurisdiction: optional(place), item_ids: optional(ids) });

/** GET → {policies, scheduled, presets, may, grace}; ?part=waiting → {waiting}; POST a draft → {simulation}. */
export function retentionPage(app: App): PageHandler {
  return async (request: { method: string; query?: Record<string, unknown>; payload?: unknown }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin)), { retention } = app;
    if (!can(actor, 'retention.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include retention policies'));
    if (request.method === 'post') {
      const parsed = draft.safeParse(request.payload);
      if (!parsed.success) return refusedAnswer(response, refuse('invalid_request', parsed.error.issues[0]?.message ?? 'the draft is not complete', String(parsed.error.issues[0]?.path[0] ?? '')));
      const { data_type: dataType, keep, starts_at: startsAt, account_id: accountId, jurisdiction, item_ids: itemIds } = parsed.data;
      if ([accountId, jurisdiction, itemIds].filter((one) => one !== undefined).length > 1) return refusedAnswer(response, refuse('invalid_request', 'a policy is for an account, a jurisdiction or single items, not for two of them', 'account_id'));
      return { simulation: jsonAnswer(await retention.simulate({ dataType, keep, startsAt, accountId, jurisdiction, itemIds })) };
    }
    if (request.query?.['part'] === 'waiting') return { waiting: jsonAnswer(await retention.waiting()) };
    const [inForce, all] = await Promise.all([retention.policies({ inForce: true }), retention.policies()]);
    return { policies: jsonAnswer(inForce), scheduled: jsonAnswer(all.filter((policy) => policy.status === 'scheduled')), presets: jsonAnswer(PRESETS), grace: app.config.shorteningGrace, may: { write: can(actor, 'retention.write') } };
  };
}
