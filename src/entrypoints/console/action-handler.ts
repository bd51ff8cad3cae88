// Runs a named action: POST only, as the signed-in operator, answering a refusal with the status its code has.
import type { ActionContext, ActionHandler, ActionResponse } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../app.js';
import { can, type Permission } from '../../domain/security/index.js';
import { ERRORS } from '../../kernel/errors.js';
import { isRefusal, refuse } from '../../kernel/result.js';
import type { ConsoleAction, FormRefusal } from './console-action.js';
import { actorOf, type CurrentOperator } from './security/session.js';
import type { ServiceResource } from './service-resource.js';

/** The handler AdminJS calls. It calls custom actions by GET by itself: a link, a prefetch or a picture would do it, so that is refused. */
export function actionHandler(app: App, service: ServiceResource, action: ConsoleAction): ActionHandler<ActionResponse> {
  const { name, on } = action;
  return async (request, response: Response, context) => {
    if (request.method !== 'post') return refusedAnswer(response, refuse('method_not_allowed', `"${name}" changes something and takes POST only`), context);
    const recordId = on === 'record' ? String(request.params.recordId) : '';
    const answer = await action.run({ app, actor: actorOf(operatorOf(context.currentAdmin)), recordId, payload: request.payload ?? {} });
    if (isRefusal(answer)) return refusedAnswer(response, answer, context);
    const fresh = on === 'record' ? await service.findOne(recordId) : null;
    const record = (fresh ?? context.record)?.toJSON(context.currentAdmin);
    return { ...(record ? { record } : {}), notice: { type: 'success', message: name }, result: answer };
  };
}

/** A refusal in AdminJS's shape, with the status its code has; AdminJS itself would say 200. */
export function refusedAnswer(response: Response, refusal: FormRefusal, context: Partial<Pick<ActionContext, 'record' | 'currentAdmin'>> = {}): ActionResponse {
  response.status(ERRORS[refusal.code].status);
  const { code, message, field, fields } = refusal;
  const record = context.record?.toJSON(context.currentAdmin);
  return { ...(record ? { record } : {}), notice: { type: 'error', message }, error: { code, message, ...(field === undefined ? {} : { field }), ...(fields ? { fields } : {}) } };
}

/** Whether the signed-in operator holds the permission. */
export function allowed(currentAdmin: unknown, permission: Permission): boolean {
  return currentAdmin !== undefined && can(actorOf(operatorOf(currentAdmin)), permission);
}

/** AdminJS hands the session's operator through untyped. */
export function operatorOf(currentAdmin: unknown): CurrentOperator {
  return currentAdmin as CurrentOperator;
}
