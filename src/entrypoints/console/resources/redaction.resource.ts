import type { ResourceDefinition } from '../access.js';
import { redaction } from '../views/redaction.view.js';

export const redactionResource: ResourceDefinition = { model: redaction, group: 'thirdParties', icon: 'EyeOff', read: 'providers.read' };
