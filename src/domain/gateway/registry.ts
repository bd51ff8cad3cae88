// What the gateway decides by: one consistent state of the registry, in memory, never changed, replaced as a whole.
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import type { Uuid } from '../../kernel/ids.js';
import type { PriceBook, UsageLimits } from '../billing/index.js';
import type { ConfirmationFacts, RedactionRule } from '../cross-border/index.js';
import type { GrantFacts } from '../vault/index.js';
import type { AvailabilityRule, FindModel, ModelRoutes, Protocol, TermsVersion } from '../providers/index.js';

export interface RegistryAccount {
  readonly accountId: string; readonly jurisdiction: Jurisdiction; readonly open: boolean;
  /** Null means no limit. */
  readonly requestsPerMinute: number | null; readonly tokensPerMinute: number | null;
  /** Null for most: then nothing is reserved. */
  readonly limits: UsageLimits | null;
  readonly confirmations: readonly ConfirmationFacts[];
  /** Those that are in force or will be; almost always none. */
  readonly contentGrants: readonly GrantFacts[];
}
export interface RegistryKey { readonly keyId: Uuid; readonly accountId: string; readonly revoked: boolean; readonly limits: UsageLimits | null }
export interface RegistryProvider {
  readonly providerId: string; readonly name: string; readonly legalEntity: string; readonly category: string;
  readonly jurisdictions: readonly Jurisdiction[]; readonly protocol: Protocol;
  /** Parts of the base URL; the path has no slash at its end. */
  readonly origin: string; readonly host: string; readonly basePath: string;
  /** Opened; null when the provider wants none. Never logged, never recorded. */
  readonly credential: string | null;
  readonly suspended: boolean; readonly terms: readonly TermsVersion[];
}

export interface Registry {
  readonly version: bigint;
  /** By SHA-256 of the secret, in hex. */
  readonly keys: ReadonlyMap<string, RegistryKey>;
  readonly accounts: ReadonlyMap<string, RegistryAccount>;
  /** Model providers only. */
  readonly providers: ReadonlyMap<string, RegistryProvider>;
  readonly models: readonly ModelRoutes[];
  readonly findModel: FindModel;
  readonly prices: PriceBook;
  readonly availability: readonly AvailabilityRule[];
  /** Empty for most: then nothing is looked at. */
  readonly redaction: readonly RedactionRule[];
  /** Whom a refused developer can write to; null before a profile is set. */
  readonly contact: string | null;
  /** Whether a call may leave although no price in force covers it. */
  readonly unpricedAllowed: boolean;
}
