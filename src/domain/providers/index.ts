// The face of the providers slice: where a call may go.
export { AVAILABILITY_CONDITIONS, decideAvailability, type AvailabilityConditions, type AvailabilityQuestion, type AvailabilityRule, type AvailabilityVerdict } from './availability-rules.js';
export { compileModels, routesSpeaking, type FindModel, type ModelRoutes, type Protocol, type Route } from './route-rules.js';
export { termsInForce, termsPermit, type TermsVersion } from './terms-rules.js';
