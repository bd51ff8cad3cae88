// The console: the order of what stands in front of AdminJS is the security of it; test/integration/console-frame holds it.
import { join } from 'node:path';
import { Router, type RequestHandler } from 'express';
import type { App } from '../../app.js';
import { consoleBundleFolder, prepareAdminJs, projectRoot } from '../../platform/config/adminjs-environment.js';
import { billingUploads } from './billing-uploads.js';
import { caseDownloads, uploadRoutes } from './case-transfers.js';
import { downloadRoutes } from './downloads.js';
import { verifyRoutes } from './verify-route.js';
import { chosenLanguage } from './i18n/language.js';
import { nonceOf, securityHeaders } from './security/headers.js';
import { loginRoutes } from './security/login.js';
import { readJson, refuseUploads } from './security/read-body.js';
import { requireOperator } from './security/require-operator.js';
import { sameOriginOnly } from './security/same-origin.js';
import { secureHtml } from './security/secure-html.js';
import { createSessions } from './security/session.js';
import { loadStaticAssets } from './security/static-assets.js';

const ROOT = '/console', COMPONENTS = '/frontend/assets/components.bundle.js';

/**
 * The router to mount at /console. Takes the prebuilt bundle from `bundleFolder` and rejects, saying so, when it is missing. AdminJS is
 * imported here and only here (1.2 s, 60 MB), after its environment is set.
 */
export async function createConsole(app: App, options: { bundleFolder?: string } = {}): Promise<Router> {
  const bundleFolder = options.bundleFolder ?? consoleBundleFolder();
  prepareAdminJs('serve', bundleFolder);
  const { createAdminRouter } = await import('./admin.js');
  const admin = createAdminRouter(app, ROOT);
  const own = join(projectRoot(), 'src', 'entrypoints', 'console', 'assets');
  const assets = await loadStaticAssets([
    ...admin.assets.filter(({ path }) => path !== COMPONENTS),
    // AdminJS notes its folder once a process, when it is imported; ours may differ.
    { path: COMPONENTS, src: join(bundleFolder, 'bundle.js') },
    { path: '/assets/holdfast.css', src: join(own, 'holdfast.css') },
    { path: '/assets/favicon.svg', src: join(own, 'favicon.svg') },
  ]);
  const sessions = createSessions(app);
  const router = Router();

  // 1. Headers first: they belong on refusals too.
  router.use(...securityHeaders(app.config.publicUrl?.startsWith('https:') ?? false));
  // 2. Scripts and styles: no secrets, no session needed.
  router.use(assets.serve);
  // 3. Uploads end here, for everyone, unread; but for files of cases, whose bodies wait for step 6.
  router.use(refuseUploads);
  // 4. Changes must come from our own pages.
  router.use(sameOriginOnly(app.config.publicUrl));
  // 5. Who is it?
  router.use(...sessions.middleware);
  router.use(loginRoutes(app, sessions, assets.version));
  router.use(requireOperator(app, sessions));
  // 6. Files that were asked for by a button, and files that are stored for a case.
  router.use('/download', caseDownloads(app), downloadRoutes(app));
  router.use('/upload', uploadRoutes(app), verifyRoutes(app), billingUploads(app));
  // 7. Only now is a body read, by us; AdminJS's upload parser finds nothing left to do.
  router.use(...readJson);
  // 8. AdminJS, with its pages made safe on the way out.
  router.use(securePages(assets.version));
  router.use(admin.router);
  return router;
}

/** Rewrites every HTML page that leaves AdminJS. */
function securePages(assetVersion: string): RequestHandler {
  return (request, response, next) => {
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      if (typeof body !== 'string' || !body.trimStart().startsWith('<!DOCTYPE html')) return send(body);
      return send(secureHtml(body, { nonce: nonceOf(response), language: chosenLanguage(request), assetVersion, assetPath: `${ROOT}/` }));
    };
    next();
  };
}
