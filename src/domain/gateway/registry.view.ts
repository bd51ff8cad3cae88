// Reads the registry in one read-only snapshot transaction, so that no call is decided by half of a change.
import type pg from 'pg';
import type { Logger } from '../../platform/log/log.js';
import type { KeyRing } from '../../platform/crypto/keyring.js';
import { borrowClient } from '../../platform/db/index.js';
import { createPriceBook, LIMIT_COLUMNS, limitsFromRow, PRICE_COLUMNS, priceFromRow, type LimitsRow, type PriceRow, type UsageLimits } from '../billing/index.js';
import type { ConfirmationFacts, RedactionRule } from '../cross-border/index.js';
import type { GrantFacts } from '../vault/index.js';
import { compileModels, type AvailabilityRule, type ModelRoutes, type Protocol, type TermsVersion } from '../providers/index.js';
import type { Registry, RegistryAccount, RegistryKey, RegistryProvider } from './registry.js';

export interface RegistrySource { readonly pool: pg.Pool; readonly keys: KeyRing; readonly log: Logger }

/** A server that does not answer for this long counts as away, ms; else following would stop at the first one that hangs. */
const ANSWER_MS = 5_000;

/** The registry's version alone. */
export async function readRegistryVersion(pool: pg.Pool): Promise<bigint> {
  const question = { text: 'SELECT version FROM registry_versions', query_timeout: ANSWER_MS };
  const { rows: [row] } = await pool.query<{ version: string }>(question);
  return BigInt(row!.version);
}

/** Names this installation among those that share a Redis; a copy of the database under another name is another one. */
export async function readInstallation(pool: pg.Pool): Promise<string> {
  const { rows: [row] } = await pool.query<{ name: string }>('SELECT installation_id || \':\' || current_database() AS name FROM installation');
  return row!.name;
}

/** The whole registry at one version. */
export function readRegistry(source: RegistrySource): Promise<Registry> {
  return borrowClient(source.pool, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const rows = async <T extends object>(text: string): Promise<T[]> => { const question = { text, query_timeout: ANSWER_MS }; return (await client.query<T>(question)).rows; };
    const version = (await rows<{ version: string }>('SELECT version FROM registry_versions'))[0]!.version;
    const profile = (await rows<{ contact: string; unpriced_calls: string }>('SELECT contact, unpriced_calls FROM operator_profile'))[0];
    const models = modelsOf(await rows<RouteRow>('SELECT model_id, provider_id, upstream_model FROM models LEFT JOIN model_routes USING (model_id) ORDER BY model_id, position'));
    const limits = limitsOf(await rows<LimitsRow>(`SELECT ${LIMIT_COLUMNS} FROM usage_limits`));
    const registry: Registry = Object.freeze({
      version: BigInt(version), contact: profile?.contact ?? null, unpricedAllowed: profile?.unpriced_calls === 'allow',
      keys: new Map((await rows<KeyRow>(`SELECT key_id, account_id, encode(secret_hash, 'hex') AS hash, status FROM api_keys`)).map((row) => keyOf(row, limits))),
      accounts: accountsOf(await rows<AccountRow>('SELECT account_id, jurisdiction, status, requests_per_minute, tokens_per_minute FROM accounts'),
        await rows<ConfirmationRow>(`SELECT confirmation_id, account_id, destination, basis, covers, confirmed_at, valid_until, withdrawn_at IS NOT NULL AS withdrawn FROM confirmations`),
        await rows<GrantRow>(`SELECT account_id AS "accountId", grant_id AS "grantId", kind, key_ids AS "keyIds", models, sides, trigger, sample_percent AS "samplePercent", keep_hours AS "keepHours",
          valid_from AS "validFrom", valid_until AS "validUntil" FROM content_grants WHERE revoked_at IS NULL`), limits),
      providers: providersOf(source, await rows<ProviderRow>(`SELECT provider_id, name, legal_entity, category, jurisdictions, protocol, base_url, credential_sealed, status
          FROM providers WHERE category = 'model' ORDER BY created_at, provider_id`), await rows<TermsRow>('SELECT provider_id, version, effective_from, trains_on_inputs FROM provider_terms ORDER BY version')),
      models, findModel: compileModels(models),
      prices: createPriceBook((await rows<PriceRow>(`SELECT ${PRICE_COLUMNS} FROM prices`)).map(priceFromRow)),
      availability: await rows<AvailabilityRule>(`SELECT rule_id AS "ruleId", conditions, outcome, reason FROM availability_rules ORDER BY position`),
      redaction: await rows<RedactionRule>('SELECT rule_id AS "ruleId", conditions, outcome, kinds FROM redaction_rules ORDER BY position'),
    });
    await client.query('COMMIT');
    return registry;
  });
}

interface RouteRow { model_id: string; provider_id: string | null; upstream_model: string | null }
interface KeyRow { key_id: string; account_id: string; hash: string; status: string }
interface AccountRow { account_id: string; jurisdiction: string; status: string; requests_per_minute: number | null; tokens_per_minute: string | null }
interface ConfirmationRow { confirmation_id: string; account_id: string; destination: string; basis: string; covers: string[]; confirmed_at: string; valid_until: string; withdrawn: boolean }
type GrantRow = GrantFacts & { readonly accountId: string };
interface ProviderRow { provider_id: string; name: string; legal_entity: string; category: string; jurisdictions: string[]; protocol: Protocol; base_url: string; credential_sealed: Buffer | null; status: string }
interface TermsRow { provider_id: string; version: string; effective_from: string; trains_on_inputs: boolean }

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) { const key = keyOf(row), group = groups.get(key); if (group) group.push(row); else groups.set(key, [row]); }
  return groups;
}

function keyOf(row: KeyRow, limits: LimitsOf): [string, RegistryKey] {
  return [row.hash, { keyId: row.key_id, accountId: row.account_id, revoked: row.status !== 'active', limits: limits.get(`key ${row.key_id}`) ?? null }];
}

type LimitsOf = ReadonlyMap<string, UsageLimits>;
function limitsOf(rows: readonly LimitsRow[]): LimitsOf { return new Map(rows.map((row) => [`${row.subject_kind} ${row.subject_id}`, limitsFromRow(row)])); }

function modelsOf(rows: readonly RouteRow[]): ModelRoutes[] {
  return [...groupBy(rows, (row) => row.model_id)].map(([modelId, routes]) => ({
    modelId, routes: routes.flatMap((row) => (row.provider_id === null ? [] : [{ providerId: row.provider_id, upstreamModel: row.upstream_model }])),
  }));
}

function accountsOf(accounts: readonly AccountRow[], confirmations: readonly ConfirmationRow[], grants: readonly GrantRow[], limits: LimitsOf): Map<string, RegistryAccount> {
  const byAccount = groupBy(confirmations, (row) => row.account_id), grantsOf = groupBy(grants, (row) => row.accountId);
  return new Map(accounts.map((row) => [row.account_id, {
    accountId: row.account_id, jurisdiction: row.jurisdiction, open: row.status === 'active', requestsPerMinute: row.requests_per_minute,
    tokensPerMinute: row.tokens_per_minute === null ? null : Number(row.tokens_per_minute), limits: limits.get(`account ${row.account_id}`) ?? null, confirmations: (byAccount.get(row.account_id) ?? []).map(confirmationOf),
    contentGrants: grantsOf.get(row.account_id) ?? [],
  }]));
}

function confirmationOf(row: ConfirmationRow): ConfirmationFacts {
  return { confirmationId: row.confirmation_id, destination: row.destination, basis: row.basis, covers: row.covers, confirmedAt: row.confirmed_at, validUntil: row.valid_until, withdrawn: row.withdrawn };
}

function providersOf(source: RegistrySource, providers: readonly ProviderRow[], terms: readonly TermsRow[]): Map<string, RegistryProvider> {
  const byProvider = groupBy(terms, (row) => row.provider_id);
  return new Map(providers.map((row) => {
    const url = new URL(row.base_url);
    return [row.provider_id, {
      providerId: row.provider_id, name: row.name, legalEntity: row.legal_entity, category: row.category, jurisdictions: Object.freeze(row.jurisdictions), protocol: row.protocol,
      origin: url.origin, host: url.host, basePath: url.pathname.replace(/\/+$/, ''), credential: credentialOf(source, row), suspended: row.status !== 'active',
      terms: (byProvider.get(row.provider_id) ?? []).map((one): TermsVersion => ({ version: one.version, effectiveFrom: one.effective_from, trainsOnInputs: one.trains_on_inputs })),
    }];
  }));
}

function credentialOf({ keys, log }: RegistrySource, row: ProviderRow): string | null {
  if (!row.credential_sealed) return null;
  try { return keys.openSecret(row.credential_sealed, `provider:${row.provider_id}`); } catch (error) {
    // Sealed under another root key: the provider will refuse its calls; the others must not suffer.
    log.error('the credential of a provider cannot be opened; set it again', { provider: row.provider_id, error });
    return null;
  }
}
