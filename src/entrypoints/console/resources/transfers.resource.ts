import type { ResourceDefinition } from '../access.js';
import { transfers } from '../views/transfers.view.js';

export const transfersResource: ResourceDefinition = { model: transfers, group: 'traffic', icon: 'Globe', read: 'calls.read', recordsOn: 'lookup', reading: { list: 'transfers.list', subject: 'transfer' } };
