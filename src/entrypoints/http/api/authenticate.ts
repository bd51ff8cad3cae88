// Bearer tokens of the management API.
import { rateLimit } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';
import type { App } from '../../../app.js';
import type { Actor } from '../../../kernel/actor.js';
import { refuse } from '../../../kernel/result.js';
import { noteActor } from '../access-log.js';
import { answerRefusal } from '../error-answers.js';

const actors = new WeakMap<Request, Actor>();
const BEARER = /^Bearer +([\x21-\x7e]{8,256}) *$/i;
/** Failed attempts an address may make in a minute before they are refused unlooked-at and no longer written down. */
export const FAILURES_PER_MINUTE = 120;

/** The token's actor; only called behind `createAuthenticator`. */
export function actorOf(request: Request): Actor {
  const actor = actors.get(request);
  if (!actor) throw new TypeError('a route of the management API ran without authentication');
  return actor;
}

/**
 * Refuses whoever shows no valid token, before any body is read. A valid token is never slowed by the failures of others behind
 * the same address: only failures are counted.
 */
export function createAuthenticator(app: Pick<App, 'security'>): RequestHandler {
  const countFailure = rateLimit({
    windowMs: 60_000, limit: FAILURES_PER_MINUTE, standardHeaders: 'draft-8', legacyHeaders: false, validate: false,
    handler: (request, response) => {
      response.setHeader('retry-after', '60');
      answerRefusal(request, response, refuse('rate_limited', 'too many failed attempts from this address; wait a minute'));
    },
  });
  return async (request, response, next) => {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const actor = secret === undefined ? undefined : await app.security.authenticateToken(secret);
    if (actor) {
      actors.set(request, actor);
      noteActor(request, actor.name);
      next();
      return;
    }
    await countFailure(request, response, (error?: unknown) => {
      if (error) { next(error); return; }
      void refuseStranger(app, request, secret !== undefined).then(() => {
        answerRefusal(request, response, refuse('unauthenticated', 'send "Authorization: Bearer hft_…" with a token that is in force'));
      }, next);
    });
  };
}

/** A wrong token is written down; a missing one is only somebody lost. */
async function refuseStranger(app: Pick<App, 'security'>, request: Request, showedToken: boolean): Promise<void> {
  if (!showedToken) return;
  await app.security.recordSecurityEvent({ kind: 'token.rejected', severity: 'warning', address: request.ip, detail: { method: request.method, path: request.path } });
}
