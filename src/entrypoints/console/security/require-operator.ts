// The gate: nothing of the console is served to anyone who is not a signed-in, still active operator.
import type { Request, RequestHandler, Response } from 'express';
import type { App } from '../../../app.js';
import { noteActor } from '../../http/access-log.js';
import { SESSION_MS, type CurrentOperator, type Sessions } from './session.js';

/** Pages send to the login and back; calls of the page's scripts get 401. Roles and status are read afresh: taking them away works at once. */
export function requireOperator(app: App, sessions: Sessions): RequestHandler {
  return async (request, response, next) => {
    const { adminUser, startedAt } = request.session;
    if (!adminUser) { askToSignIn(request, response); return; }
    const age = app.clock.now().getTime() - (startedAt ?? 0);
    const found = age <= SESSION_MS ? await app.security.activeOperator(adminUser.id) : undefined;
    if (!found) {
      await sessions.end(request);
      askToSignIn(request, response);
      return;
    }
    const operator: CurrentOperator = { id: found.id, name: found.name, email: found.email, roles: found.roles };
    if (JSON.stringify(operator) !== JSON.stringify(adminUser)) request.session.adminUser = operator;
    noteActor(request, operator.email);
    next();
  };
}

function askToSignIn(request: Request, response: Response): void {
  if (!/^(GET|HEAD)$/.test(request.method) || request.path.startsWith('/api/')) {
    response.status(401).json({ error: { code: 'unauthenticated', message: 'the session is over; sign in again' } });
  } else if (request.get('sec-fetch-site') === 'cross-site') {
    // A strict cookie stays behind on a link from outside. Coming again from our own page brings it along.
    response.type('html').send(`<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>Holdfast</title>`);
  } else response.redirect(303, `${request.baseUrl}/login?next=${encodeURIComponent(request.originalUrl)}`);
}
