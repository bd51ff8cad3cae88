import type { ResourceDefinition } from '../access.js';
import { calls } from '../views/calls.view.js';

export const callsResource: ResourceDefinition = { model: calls, group: 'traffic', icon: 'Activity', read: 'calls.read', recordsOn: 'lookup', reading: { list: 'calls.list', subject: 'call' } };
