// The face of the providers slice: where a call may go.
import type { Clock } from '../../kernel/clock.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import type { Database } from '../../platform/db/index.js';
import type { Ledger } from '../ledger/index.js';
import { createAddTerms, type AddTerms } from './add-terms.js';
import type { AvailabilityRule } from './availability-rules.js';
import { readAvailabilityRules, readModels, readProviders, type Provider } from './providers.view.js';
import type { ModelRoutes } from './route-rules.js';
import { createSetAvailabilityRules, type SetAvailabilityRules } from './set-availability-rules.js';
import { createProviderSetting, type ProviderSetting } from './set-provider.js';
import { createSetRoutes, type SetRoutes } from './set-routes.js';
import { createProviderSuspension, type ProviderSuspension } from './suspend-provider.js';

export type { TermsInput } from './add-terms.js';
export { AVAILABILITY_CONDITIONS, decideAvailability, type AvailabilityConditions, type AvailabilityQuestion, type AvailabilityRule, type AvailabilityVerdict } from './availability-rules.js';
export type { Credential, ProviderInput } from './provider-rules.js';
export { CATEGORIES, type Category } from './provider.store.js';
export type { Provider, Terms } from './providers.view.js';
export { compileModels, routesSpeaking, type FindModel, type ModelRoutes, type Protocol, type Route } from './route-rules.js';
export type { AvailabilityRuleInput } from './set-availability-rules.js';
export type { RouteInput } from './set-routes.js';
export { termsInForce, termsPermit, type TermsVersion } from './terms-rules.js';

export interface ProvidersDeps { readonly clock: Clock; readonly database: Database; readonly ledger: Ledger; readonly keys: KeyRing }

export interface Providers extends ProviderSetting, ProviderSuspension {
  readonly addTerms: AddTerms;
  readonly setRoutes: SetRoutes;
  readonly setAvailabilityRules: SetAvailabilityRules;
  providers(): Promise<Provider[]>;
  findProvider(providerId: string): Promise<Provider | undefined>;
  models(): Promise<ModelRoutes[]>;
  availabilityRules(): Promise<AvailabilityRule[]>;
}

export function createProviders({ clock, database: { reader }, ledger, keys }: ProvidersDeps): Providers {
  const use = { clock, append: ledger.append, keys };
  return {
    ...createProviderSetting(use), ...createProviderSuspension(ledger.append), addTerms: createAddTerms(ledger.append), setRoutes: createSetRoutes(ledger.append),
    setAvailabilityRules: createSetAvailabilityRules(use),
    providers: () => readProviders(reader), findProvider: async (providerId) => (await readProviders(reader, providerId))[0], models: () => readModels(reader),
    availabilityRules: () => readAvailabilityRules(reader),
  };
}
