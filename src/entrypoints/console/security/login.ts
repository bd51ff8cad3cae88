// Signing in and out. Ours instead of AdminJS's: its login keeps the session id, parses uploads first and counts attempts in a map that only grows.
import { Router, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { App } from '../../../app.js';
import { ERRORS } from '../../../kernel/errors.js';
import { isRefusal } from '../../../kernel/result.js';
import { chosenLanguage, languageCookie, type Language } from '../i18n/language.js';
import { nonceOf } from './headers.js';
import { loginPage, type LoginNotice } from './login-page.js';
import { readForm } from './read-body.js';
import type { Sessions } from './session.js';

/** Failed attempts allowed from one address in the window; the account itself locks after ten, in the security slice. */
const ATTEMPTS = 20, WINDOW_MS = 15 * 60 * 1000;

/** Routes /login, /logout and /language. `version` is that of the stylesheet. */
export function loginRoutes(app: App, sessions: Sessions, version: string): Router {
  const router = Router();
  const show = (request: Request, response: Response, status: number, notice?: LoginNotice, email = ''): void => {
    response.status(status).type('html').send(loginPage({
      root: request.baseUrl, language: chosenLanguage(request), version, nonce: nonceOf(response), email, next: nextPath(request), ...(notice ? { notice } : {}),
    }));
  };
  const limit = rateLimit({ windowMs: WINDOW_MS, limit: ATTEMPTS, skipSuccessfulRequests: true, legacyHeaders: false, validate: false,
    handler: (request, response) => { show(request, response, 429, { kind: 'too_many' }); } });

  router.get('/login', (request, response) => {
    if (request.session.adminUser) response.redirect(303, nextPath(request));
    else show(request, response, 200);
  });
  router.post('/login', limit, readForm, async (request, response) => {
    const { email, password } = fieldsOf(request);
    const answer = await app.security.verifyLogin({ email, password, address: request.ip ?? '' });
    if (isRefusal(answer)) {
      show(request, response, ERRORS[answer.code].status, { kind: 'refused' }, email);
      return;
    }
    await sessions.start(request, { id: answer.id, name: answer.name, email: answer.email, roles: answer.roles });
    response.redirect(303, nextPath(request));
  });
  // By POST alone: a picture or a link elsewhere must not sign anyone out.
  router.post('/logout', async (request, response) => {
    await sessions.end(request);
    response.clearCookie(sessions.cookieName, { path: '/console' }).redirect(303, `${request.baseUrl}/login`);
  });
  router.get('/logout', (request, response) => { response.redirect(303, request.baseUrl); });
  router.get('/language', (request, response) => {
    const language: Language = request.query['to'] === 'zh-CN' ? 'zh-CN' : 'en';
    response.append('Set-Cookie', languageCookie(language)).redirect(303, nextPath(request));
  });
  return router;
}

function fieldsOf(request: Request): { email: string; password: string } {
  const body = (request.body ?? {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '').slice(0, 512);
  return { email: text('email').trim(), password: text('password') };
}

/** Where to go afterwards: a path of the console and nothing else, whatever the address says. */
function nextPath(request: Request): string {
  const asked = request.query['next'];
  return typeof asked === 'string' && asked.startsWith(request.baseUrl) && /^\/console(\/[\w./~%-]*)?(\?[\w./~%=&-]*)?$/.test(asked) && !asked.includes('//') ? asked : request.baseUrl;
}
