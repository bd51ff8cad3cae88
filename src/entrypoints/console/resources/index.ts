// Every resource of the console, in the order of the navigation.
import type { ResourceOptions } from 'adminjs';
import type { App } from '../../../app.js';
import { resource } from '../access.js';
import type { ServiceResource } from '../service-resource.js';
import { accountsResource } from './accounts.resource.js';
import { approvalsResource } from './approvals.resource.js';
import { auditResource } from './audit.resource.js';
import { availabilityResource } from './availability.resource.js';
import { callsResource } from './calls.resource.js';
import { disclosuresResource, disputesResource, lawfulRequestsResource, subjectRequestsResource } from './cases.resource.js';
import { certificatesResource } from './certificates.resource.js';
import { confirmationsResource } from './confirmations.resource.js';
import { contentGrantsResource } from './content-grants.resource.js';
import { erasuresResource } from './erasures.resource.js';
import { holdsResource } from './holds.resource.js';
import { invoicesResource } from './invoices.resource.js';
import { keysResource } from './keys.resource.js';
import { operatorsResource } from './operators.resource.js';
import { packsResource } from './packs.resource.js';
import { paymentsResource } from './payments.resource.js';
import { policiesResource } from './policies.resource.js';
import { pricesResource } from './prices.resource.js';
import { providersResource } from './providers.resource.js';
import { purgeRunsResource } from './purge-runs.resource.js';
import { redactionResource } from './redaction.resource.js';
import { securityEventsResource } from './security-events.resource.js';
import { transfersResource } from './transfers.resource.js';

export const DEFINITIONS = [
  accountsResource, keysResource, confirmationsResource,
  invoicesResource, paymentsResource,
  callsResource, transfersResource,
  providersResource, pricesResource, availabilityResource, redactionResource,
  policiesResource, holdsResource, purgeRunsResource, erasuresResource, certificatesResource, approvalsResource, contentGrantsResource,
  disputesResource, lawfulRequestsResource, subjectRequestsResource, disclosuresResource,
  packsResource, auditResource, securityEventsResource,
  operatorsResource,
] as const;

/** What AdminJS is given. */
export function resources(app: App): { resource: ServiceResource; options: ResourceOptions }[] {
  return DEFINITIONS.map((definition) => resource(app, definition));
}
