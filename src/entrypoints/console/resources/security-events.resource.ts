import type { ResourceDefinition } from '../access.js';
import { securityEvents } from '../views/security-events.view.js';

export const securityEventsResource: ResourceDefinition = { model: securityEvents, group: 'evidence', icon: 'Shield', read: 'security.read', reading: 'security_events.list' };
