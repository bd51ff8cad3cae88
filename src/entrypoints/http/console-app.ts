// The console port as one express application. The order of the mounts is part of the design; test/integration holds it.
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { App } from '../../app.js';
import { createAccessLog } from './access-log.js';
import { createAuthenticator } from './api/authenticate.js';
import { mountRoutes } from './api/mount-routes.js';
import { openApiDocument } from './api/openapi.js';
import { ROUTES } from './api/routes.js';
import { answerMetrics } from './console-metrics.js';
import { deliverPack } from './deliver-pack.js';
import { refuseWhileClosed } from './closed-door.js';
import { OPEN_GATE, type Gate } from '../start/watch-standing.js';
import { answerError, answerUnknownPath } from './error-answers.js';
import { answerHealthz, answerReadyz } from './health.js';
import { answerVerifier } from './offer-verifier.js';
import { answerPublishedLog } from './published-log.js';
import { verifyUpload } from './verify-upload.js';

/** Largest body of the management API. */
export const API_BODY_LIMIT = '1mb';

/** Builds the application around the console's own router. */
export function createConsoleApp(app: App, consoleRouter: Router, gate: Gate = OPEN_GATE): Express {
  const server = express();
  server.disable('x-powered-by');
  server.set('query parser', 'simple');
  // An exact count: `true` would let callers choose their own address.
  server.set('trust proxy', app.config.trustProxy === 0 ? false : app.config.trustProxy);

  // 1. An id and a log line for every request, whatever becomes of it.
  server.use(createAccessLog(app));
  // 2. Safe headers for all but the console, which sets its own (its pages need nonces).
  const safeHeaders = helmet();
  server.use((request, response, next) => { if (isConsole(request.path)) next(); else safeHeaders(request, response, next); });
  // 3. Is the process alive? Nothing may stand before it that can fail.
  server.get('/healthz', answerHealthz());
  // 4. Does what we depend on answer?
  server.get('/readyz', answerReadyz(app));
  // 5. Figures for Prometheus; no customer data, so no token, but loopback unless HOLDFAST_BIND says otherwise.
  server.get('/metrics', answerMetrics(app));
  //    Nothing below answers from a database out of a backup before its purges were replayed: its log would be an older one, too.
  server.use(refuseWhileClosed(gate));
  // 6. The published log, for strangers.
  server.use('/log', answerPublishedLog(app));
  //    And what checks it, packs and proofs offline, with Node alone.
  server.get('/verify.mjs', answerVerifier());
  //    Packs by a link that expires, for people without an account.
  server.get('/packs/:token', deliverPack(app));
  // 7. The console; before any body parser, since it brings its own and throws at a second one.
  server.use('/console', consoleRouter);
  // 8. The document of the API; it says nothing that the repository does not.
  const document = JSON.stringify(openApiDocument(ROUTES));
  server.get('/api/openapi.json', (_request, response) => { response.setHeader('cache-control', 'no-cache'); response.type('json').send(document); });
  // 9. The management API: who asks comes before what they sent, so that strangers cannot make us read bodies.
  //    A file to verify is larger than any other body, and is read before they are refused for their size.
  server.post('/api/v1/verify', createAuthenticator(app), ...verifyUpload(app));
  server.use('/api/v1', createAuthenticator(app), express.json({ limit: API_BODY_LIMIT, strict: true, type: () => true }), mountRoutes(app, ROUTES));
  // 10. People who type the bare address mean the console.
  server.get('/', (_request, response) => { response.redirect(302, '/console'); });
  // 11. Nothing answered.
  server.use(answerUnknownPath());
  // 12. Something threw.
  server.use(answerError(app.log));
  return server;
}

function isConsole(path: string): boolean { return path === '/console' || path.startsWith('/console/'); }
