// Sessions of operators: kept in PostgreSQL, bound to a strict cookie, over after twelve hours whatever happens.
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { App } from '../../../app.js';
import type { Actor, Role } from '../../../kernel/actor.js';
import { sha256Hex } from '../../../kernel/digest.js';

/** Longest life of a session, in milliseconds; use does not prolong it. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** Who is signed in. Every field reaches the browser in the page's state: nothing else may ever stand here. */
export interface CurrentOperator { readonly id: string; readonly name: string; readonly email: string; readonly roles: readonly Role[] }

declare module 'express-session' {
  interface SessionData {
    /** AdminJS reads the signed-in person under this name. */
    adminUser: CurrentOperator;
    startedAt: number;
  }
}

export interface Sessions {
  readonly middleware: RequestHandler[];
  /** Starts a session under a new id, so that an id planted before the login is worth nothing. */
  start(request: Request, operator: CurrentOperator): Promise<void>;
  /** Ends it in the database. The caller clears the cookie by name. */
  end(request: Request): Promise<void>;
  readonly cookieName: string;
}

/** The session store of one console. Cookies do not know ports, so the name tells instances on one host apart. */
export function createSessions(app: App): Sessions {
  const https = app.config.publicUrl?.startsWith('https:') ?? false;
  const PgStore = connectPgSimple(session);
  const store = new PgStore({
    pool: app.database.pool, tableName: 'console_sessions', createTableIfMissing: false, pruneSessionInterval: false, disableTouch: true,
    errorLog: (...args: unknown[]) => { app.log.warn('session store', { error: args.map(String).join(' ') }); },
  });
  const cookieName = `holdfast_${sha256Hex(app.config.home).slice(0, 8)}`;
  const cookie = { httpOnly: true, sameSite: 'strict', secure: https, maxAge: SESSION_MS, path: '/console' } as const;
  return {
    cookieName,
    middleware: [
      // The operator said that the public address is https: the proxy in front ends TLS, so the cookie may be marked secure.
      (request, _response, next) => { if (https) request.headers['x-forwarded-proto'] = 'https'; next(); },
      session({ store, secret: app.keys.secret('session').toString('hex'), name: cookieName, cookie, resave: false, saveUninitialized: false, rolling: false, proxy: https }),
    ],
    start: async (request, operator) => {
      await done((callback) => { request.session.regenerate(callback); });
      request.session.adminUser = operator;
      request.session.startedAt = app.clock.now().getTime();
      await done((callback) => { request.session.save(callback); });
      await app.database.pool.query('DELETE FROM console_sessions WHERE expire < now()');
    },
    end: (request) => done((callback) => { request.session.destroy(callback); }),
  };
}

/** The signed-in operator as the actor of a change. */
export function actorOf(operator: CurrentOperator): Actor {
  return Object.freeze({ kind: 'operator', id: operator.id, name: operator.name, roles: operator.roles });
}

function done(run: (callback: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => { run((error) => { if (error) reject(error instanceof Error ? error : new Error('the session store failed', { cause: error })); else resolve(); }); });
}
