import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Protocol } from './route-rules.js';

export const CATEGORIES = ['model', 'cloud', 'network', 'security', 'payment', 'email'] as const;
export type Category = (typeof CATEGORIES)[number];

export interface ProviderFacts {
  readonly name: string; readonly category: Category; readonly legal_entity: string; readonly jurisdictions: string[]; readonly protocol: Protocol | null; readonly base_url: string | null;
  readonly credential_sealed: Buffer | null; readonly credential_source: string | null; readonly dpa_signed_on: string | null; readonly dpa_reference: string | null; readonly stand_in: boolean;
}
export interface ProviderRow extends ProviderFacts { readonly provider_id: string; readonly status: 'active' | 'suspended'; readonly created_at: Date }

/** The provider; not locked, since a lock counts as a write and a change that is none writes nothing. */
export async function findProviderRow(tx: Tx, providerId: string): Promise<ProviderRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM providers WHERE provider_id = $1', [providerId]) as ProviderRow[];
  return row;
}

/** The provider, locked until commit; for use once it is known that something changes. */
export async function lockProvider(tx: Tx, providerId: string): Promise<ProviderRow> {
  const [row] = await managerOf(tx).query('SELECT * FROM providers WHERE provider_id = $1 FOR UPDATE', [providerId]) as ProviderRow[];
  return row!;
}

const COLUMNS = ['name', 'category', 'legal_entity', 'jurisdictions', 'protocol', 'base_url', 'credential_sealed', 'credential_source', 'dpa_signed_on', 'dpa_reference', 'stand_in'] as const satisfies readonly (keyof ProviderFacts)[];
const valuesOf = (facts: ProviderFacts): unknown[] => COLUMNS.map((column) => facts[column]);

/** Inserts a provider; false when the id is taken. */
export async function insertProvider(tx: Tx, providerId: string, facts: ProviderFacts, at: Date): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO providers (provider_id, created_at, ${COLUMNS.join(', ')}) VALUES ($1, $2, ${COLUMNS.map((_, index) => `$${index + 3}`).join(', ')}) ON CONFLICT DO NOTHING RETURNING 1`,
    [providerId, at, ...valuesOf(facts)]) as unknown[];
  return rows.length > 0;
}

export async function updateProviderRow(tx: Tx, providerId: string, facts: ProviderFacts): Promise<void> {
  await managerOf(tx).query(`UPDATE providers SET ${COLUMNS.map((column, index) => `${column} = $${index + 2}`).join(', ')} WHERE provider_id = $1`, [providerId, ...valuesOf(facts)]);
}

export async function setProviderStatus(tx: Tx, providerId: string, status: ProviderRow['status']): Promise<void> {
  await managerOf(tx).query('UPDATE providers SET status = $2 WHERE provider_id = $1', [providerId, status]);
}

/** How many routes lead to the provider. */
export async function routesTo(tx: Tx, providerId: string): Promise<number> {
  const [row] = await managerOf(tx).query('SELECT count(*)::int AS n FROM model_routes WHERE provider_id = $1', [providerId]) as { n: number }[];
  return row?.n ?? 0;
}

export interface TermsRow { readonly provider_id: string; readonly version: string; readonly effective_from: string; readonly url: string; readonly trains_on_inputs: boolean; readonly retention_days: number }

export async function findTerms(tx: Tx, providerId: string, version: string): Promise<TermsRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT * FROM provider_terms WHERE provider_id = $1 AND version = $2', [providerId, version]) as TermsRow[];
  return row;
}

/** Inserts a version of terms; false when there is one of that name. */
export async function insertTerms(tx: Tx, row: TermsRow): Promise<boolean> {
  const rows = await managerOf(tx).query(
    `INSERT INTO provider_terms (provider_id, version, effective_from, url, trains_on_inputs, retention_days) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
    [row.provider_id, row.version, row.effective_from, row.url, row.trains_on_inputs, row.retention_days]) as unknown[];
  return rows.length > 0;
}
