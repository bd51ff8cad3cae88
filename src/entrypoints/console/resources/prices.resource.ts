import type { ResourceDefinition } from '../access.js';
import { prices } from '../views/prices.view.js';

export const pricesResource: ResourceDefinition = { model: prices, group: 'thirdParties', icon: 'DollarSign', read: 'providers.read' };
