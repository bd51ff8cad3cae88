// The page of one call. Reading needs a purpose, and the record of the reading is durable before the answer leaves.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import { z } from 'zod';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { PURPOSES } from '../../../kernel/actor.js';
import { refuse } from '../../../kernel/result.js';
import { callStory } from '../../views/call-story.view.js';
import { readingFor } from '../../views/hide-expired.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';
import { checkProof } from './check-proof.js';

const question = z.strictObject({ id: z.string().trim().min(1).max(200), purpose: z.enum(PURPOSES), reason: z.string().trim().max(500).optional() });

/** POST {id, purpose, reason?} → {story, proof, may}. Anything else is refused and recorded nowhere, since nothing was read. */
export function lookupPage(app: App): PageHandler {
  return async (request: { method: string; payload?: unknown }, response: Response, { currentAdmin }) => {
    const operator = operatorOf(currentAdmin), actor = actorOf(operator);
    if (request.method !== 'post') return refusedAnswer(response, refuse('method_not_allowed', 'a call is read by POST, with a purpose'));
    if (!can(actor, 'calls.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include reading calls'));
    const asked = question.safeParse(request.payload);
    if (!asked.success) {
      const field = String(asked.error.issues[0]?.path[0] ?? 'id');
      return refusedAnswer(response, field === 'purpose' ? refuse('purpose_required', `name the purpose: ${PURPOSES.join(', ')}`, 'purpose') : refuse('invalid_request', 'an id of 1 to 200 characters', field));
    }
    const { id, purpose, reason } = asked.data;
    const story = await readingFor(app, actor, purpose, () => callStory(app, id));
    if (!story) return refusedAnswer(response, refuse('not_found', 'no call on record has this id: ours, the provider\'s or the client\'s', 'id'));
    await app.ledger.recordReading(actor, { action: 'call.view', subjectKind: 'call', subjectId: story.request_id, purpose, ...(reason ? { reason } : {}) });
    return { story, around: (await app.cases.callsAround({ request_id: story.request_id, account_id: story.account, key_id: story.key }, 5)).map((one) => ({ ...one, at: one.at.toISOString() })), proof: checkProof(story.proof, await app.ledger.logKeys()), may: { pack: can(actor, 'evidence.create'), download: can(actor, 'evidence.read'), hold: can(actor, 'holds.write'), dispute: can(actor, 'disputes.work'), open: can(actor, 'content.open') } };
  };
}
