// Every route of the management API. What is not here does not exist; the document and the permission test walk this list.
import { accountsRoutes } from './accounts.routes.js';
import { approvalsRoutes } from './approvals.routes.js';
import { auditRoutes } from './audit.routes.js';
import { callsRoutes } from './calls.routes.js';
import { casesRoutes } from './cases.routes.js';
import { confirmationsRoutes } from './confirmations.routes.js';
import { contentGrantsRoutes } from './content-grants.routes.js';
import type { Route } from './define-route.js';
import { erasuresRoutes } from './erasures.routes.js';
import { evidenceRoutes } from './evidence.routes.js';
import { invoicesRoutes } from './invoices.routes.js';
import { keysRoutes } from './keys.routes.js';
import { completenessRoutes } from './completeness.routes.js';
import { ledgerRoutes } from './ledger.routes.js';
import { limitsRoutes } from './limits.routes.js';
import { modelsRoutes } from './models.routes.js';
import { operatorsRoutes } from './operators.routes.js';
import { paymentsRoutes } from './payments.routes.js';
import { pricesRoutes } from './prices.routes.js';
import { providersRoutes } from './providers.routes.js';
import { purgesRoutes } from './purges.routes.js';
import { retentionRoutes } from './retention.routes.js';
import { usageImportsRoutes } from './usage-imports.routes.js';
import { securityEventsRoutes } from './security-events.routes.js';
import { usageRoutes } from './usage.routes.js';

export const ROUTES: readonly Route[] = [
  ...callsRoutes, ...usageRoutes, ...accountsRoutes, ...keysRoutes, ...limitsRoutes, ...confirmationsRoutes, ...paymentsRoutes, ...invoicesRoutes, ...providersRoutes, ...modelsRoutes, ...pricesRoutes,
  ...contentGrantsRoutes, ...retentionRoutes, ...purgesRoutes, ...erasuresRoutes, ...approvalsRoutes, ...casesRoutes, ...usageImportsRoutes, ...evidenceRoutes, ...ledgerRoutes, ...completenessRoutes, ...auditRoutes, ...securityEventsRoutes, ...operatorsRoutes,
];
