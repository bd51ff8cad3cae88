import type { ResourceDefinition } from '../access.js';
import { certificates } from '../views/certificates.view.js';

export const certificatesResource: ResourceDefinition = { model: certificates, group: 'retention', icon: 'Award', read: 'purges.read' };
