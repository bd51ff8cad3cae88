import type { ResourceDefinition } from '../access.js';
import { audit } from '../views/audit.view.js';
import { verifyLedgerAction } from './verify-ledger.action.js';

export const auditResource: ResourceDefinition = { model: audit, group: 'evidence', icon: 'BookOpen', read: 'audit.read', actions: [verifyLedgerAction] };
