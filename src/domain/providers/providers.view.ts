import type pg from 'pg';
import type { AvailabilityRule } from './availability-rules.js';
import type { Category } from './provider.store.js';
import type { ModelRoutes, Protocol } from './route-rules.js';

export interface Terms { readonly version: string; readonly effectiveFrom: string; readonly url: string; readonly trainsOnInputs: boolean; readonly retentionDays: number }
/** A provider with its terms, oldest first. `credentialSource` says where its credential came from ('env:NAME', 'none'; null for other categories), never what it is. */
export interface Provider {
  readonly providerId: string; readonly name: string; readonly category: Category; readonly legalEntity: string; readonly jurisdictions: readonly string[];
  readonly protocol: Protocol | null; readonly baseUrl: string | null; readonly credentialSource: string | null; readonly dpaSignedOn: string | null; readonly dpaReference: string | null;
  readonly standIn: boolean; readonly status: 'active' | 'suspended'; readonly createdAt: Date; readonly terms: readonly Terms[];
}

/** Providers by id; one when given. */
export async function readProviders(reader: pg.Pool, providerId?: string): Promise<Provider[]> {
  const { rows } = await reader.query<Provider>(`SELECT provider_id AS "providerId", name, category, legal_entity AS "legalEntity", jurisdictions, protocol, base_url AS "baseUrl",
      credential_source AS "credentialSource", dpa_signed_on AS "dpaSignedOn", dpa_reference AS "dpaReference", stand_in AS "standIn", status, created_at AS "createdAt",
      coalesce((SELECT json_agg(json_build_object('version', version, 'effectiveFrom', effective_from, 'url', url, 'trainsOnInputs', trains_on_inputs, 'retentionDays', retention_days)
        ORDER BY effective_from, version) FROM provider_terms t WHERE t.provider_id = p.provider_id), '[]') AS terms
    FROM providers p WHERE $1::text IS NULL OR provider_id = $1 ORDER BY provider_id`, [providerId ?? null]);
  return rows;
}

/** Models by id, each with its routes in order of preference. */
export async function readModels(reader: pg.Pool): Promise<ModelRoutes[]> {
  const { rows } = await reader.query<ModelRoutes>(`SELECT model_id AS "modelId", coalesce(json_agg(json_build_object('providerId', provider_id, 'upstreamModel', upstream_model) ORDER BY position)
    FILTER (WHERE provider_id IS NOT NULL), '[]') AS routes FROM models LEFT JOIN model_routes USING (model_id) GROUP BY model_id ORDER BY model_id`);
  return rows;
}

/** The availability rules in the order in which they are tried. */
export async function readAvailabilityRules(reader: pg.Pool): Promise<AvailabilityRule[]> {
  return (await reader.query<AvailabilityRule>('SELECT rule_id AS "ruleId", conditions, outcome, reason FROM availability_rules ORDER BY position')).rows;
}
