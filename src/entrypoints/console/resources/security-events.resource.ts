import type { ResourceDefinition } from '../access.js';
import { securityEvents } from '../views/security-events.view.js';

export const securityEventsResource: ResourceDefinition = { model: securityEvents, group: 'evidence', icon: 'Shield', read: 'security.read', reading: { list: 'security_events.list', view: 'security_event.view', subject: 'security_event' } };
