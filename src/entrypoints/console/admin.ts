// AdminJS itself: its options, its router, and what it answers put right. The only static imports of adminjs are here and below.
import AdminJSExpress from '@adminjs/express';
import { AdminJS, Router as AdminRouter } from 'adminjs';
import express, { type Request, type RequestHandler, type Router } from 'express';
import type { App } from '../../app.js';
import { coerceError } from '../../kernel/errors.js';
import { componentLoader, Components } from './components.js';
import { locale } from './i18n/locale.js';
import { approvalsPage } from './pages/approvals.page.js';
import { erasurePage } from './pages/erasure.page.js';
import { explainPage } from './pages/explain.page.js';
import { homePage } from './pages/home.page.js';
import { lookupPage } from './pages/lookup.page.js';
import { paymentsImportPage } from './pages/payments-import.page.js';
import { purgePage } from './pages/purge.page.js';
import { reconcilePage } from './pages/reconcile.page.js';
import { retentionPage } from './pages/retention.page.js';
import { transparencyPage } from './pages/transparency.page.js';
import { usagePage } from './pages/usage.page.js';
import { verifyPackPage } from './pages/verify-pack.page.js';
import { resources } from './resources/index.js';
import type { StaticAsset } from './security/static-assets.js';
import { theme } from './theme.js';

/** The router that serves pages and data to signed-in operators, and the files its pages load. */
export function createAdminRouter(app: App, rootPath: string): { router: Router; assets: readonly StaticAsset[] } {
  const admin = new AdminJS({
    rootPath, loginPath: `${rootPath}/login`, logoutPath: `${rootPath}/logout`, componentLoader,
    resources: resources(app),
    dashboard: { component: Components.Home, handler: homePage(app) },
    pages: {
      lookup: { component: Components.Lookup, icon: 'Search', handler: lookupPage(app) },
      usage: { component: Components.Usage, icon: 'TrendingUp', handler: usagePage(app) },
      'payments-import': { component: Components.PaymentsImport, icon: 'Upload', handler: paymentsImportPage(app) },
      reconcile: { component: Components.Reconcile, icon: 'Columns', handler: reconcilePage(app) },
      transparency: { component: Components.Transparency, icon: 'BarChart2', handler: transparencyPage(app) },
      verify: { component: Components.VerifyPack, icon: 'Shield', handler: verifyPackPage() },
      purge: { component: Components.Purge, icon: 'Trash2', handler: purgePage(app) },
      erasure: { component: Components.Erasure, icon: 'UserX', handler: erasurePage(app) },
      retention: { component: Components.Retention, icon: 'Clock', handler: retentionPage(app) },
      explain: { component: Components.Explain, icon: 'HelpCircle', handler: explainPage(app) },
      approvals: { component: Components.Approvals, icon: 'CheckCircle', handler: approvalsPage(app) },
    },
    branding: { companyName: 'Holdfast', logo: false, withMadeWithLove: false, favicon: `${rootPath}/assets/favicon.svg`, theme },
    assets: { styles: [`${rootPath}/assets/holdfast.css`] },
    locale, settings: { defaultPerPage: 25 },
  });
  const router = express.Router();
  router.use(knownOnly(admin), honestStatus(app));
  // The assets are served by us, before the session: see static-assets.ts.
  return { router: AdminJSExpress.buildRouter(admin, router), assets: AdminRouter.assets.map(({ path, src }) => ({ path, src })) };
}

/** AdminJS answers 500 for a resource or an action that does not exist, keeps a second, deprecated way to `search`, and throws for bulk actions on nothing. */
function knownOnly(admin: AdminJS): RequestHandler {
  const names = new Map(admin.resources.map((resource) => [resource.decorate().id(), new Set(Object.keys(resource.decorate().actions))]));
  return (request, response, next) => {
    const [, api, resourceId = '', action] = /^(\/api)?\/resources\/([^/]+)(?:\/(?:actions|bulk|records\/[^/]+)\/([^/]+))?/.exec(request.path) ?? [];
    const old = /\/resources\/[^/]+\/(search|bulk)(\/|$)/.test(request.path);
    if (resourceId === '' || (!old && names.has(resourceId) && (action === undefined || names.get(resourceId)!.has(action)))) next();
    else if (api) response.status(404).json({ error: { code: 'not_found', message: 'there is no such resource or action' } });
    else response.redirect(303, rootOf(request.baseUrl));
  };
}

/** AdminJS says 200 when it refuses; what watches the console looks at the status, and an operator who tries doors is an event. */
function honestStatus(app: App): RequestHandler {
  return (request, response, next) => {
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      if (response.statusCode === 200 && isRefusedAnswer(body)) response.status(body.record?.baseError?.type === 'NotFoundError' ? 404 : 403);
      if (response.statusCode === 403 && typeof body === 'object') noteDenied(app, request);
      return send(body);
    };
    next();
  };
}

function noteDenied(app: App, request: Request): void {
  const operatorId = request.session.adminUser?.id;
  app.security.recordSecurityEvent({ kind: 'permission_denied', severity: 'warning', address: request.ip, ...(operatorId ? { operatorId } : {}), detail: { method: request.method, path: request.path } })
    .catch((error: unknown) => { app.log.error('a denied request could not be recorded', { error: coerceError(error) }); });
}

interface RefusedAnswer { readonly notice: { readonly type: 'error' }; readonly record?: { readonly baseError?: { readonly type?: string } | null } }

function isRefusedAnswer(body: unknown): body is RefusedAnswer {
  return typeof body === 'object' && body !== null && 'notice' in body && (body.notice as { type?: unknown } | undefined)?.type === 'error';
}

function rootOf(baseUrl: string): string { return baseUrl === '' ? '/console' : baseUrl; }
