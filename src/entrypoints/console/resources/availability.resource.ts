import type { ResourceDefinition } from '../access.js';
import { availability } from '../views/availability.view.js';

export const availabilityResource: ResourceDefinition = { model: availability, group: 'thirdParties', icon: 'Sliders', read: 'providers.read' };
