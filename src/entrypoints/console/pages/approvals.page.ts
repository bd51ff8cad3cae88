// The page of what waits for a second person: exactly what, the numbers, who asked. Deciding is a named action of the approvals.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { refuse } from '../../../kernel/result.js';
import { describeApproval } from '../../views/approvals.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

/** GET → {pending, decided, may}; each request says whether it is the reader's own. */
export function approvalsPage(app: App): PageHandler {
  return async (request: { query?: Record<string, unknown> }, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (!can(actor, 'approvals.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include approvals'));
    const pending = await app.security.approvals({ state: 'pending', limit: 100 });
    if (request.query?.['part'] === 'count') return { pending: pending.length };
    const decided = (await app.security.approvals({ limit: 40 })).filter((one) => one.state !== 'pending').slice(0, 10);
    return { pending: pending.map((one) => ({ ...describeApproval(one), own: one.requestedById === actor.id })), decided: decided.map(describeApproval),
      may: { decide: can(actor, 'approvals.decide'), withdraw: can(actor, 'retention.write') } };
  };
}
