import { managerOf, type Tx } from '../../platform/db/index.js';
import type { Route } from './route-rules.js';

/** The routes of a model in order; undefined when there is no such model. */
export async function findRoutes(tx: Tx, modelId: string): Promise<Route[] | undefined> {
  const rows = await managerOf(tx).query(
    `SELECT provider_id AS "providerId", upstream_model AS "upstreamModel" FROM models LEFT JOIN model_routes USING (model_id) WHERE model_id = $1 ORDER BY position`,
    [modelId]) as { providerId: string | null; upstreamModel: string | null }[];
  return rows.length === 0 ? undefined : rows.filter((row): row is Route => row.providerId !== null);
}

/** Category of each of the providers there are. */
export async function categoriesOf(tx: Tx, providerIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await managerOf(tx).query('SELECT provider_id, category FROM providers WHERE provider_id = ANY($1)', [providerIds]) as { provider_id: string; category: string }[];
  return new Map(rows.map((row) => [row.provider_id, row.category]));
}

/** Puts `routes` in place of what there was; makes the model when it is new. */
export async function replaceRoutes(tx: Tx, modelId: string, routes: readonly Route[]): Promise<void> {
  const manager = managerOf(tx);
  await manager.query('INSERT INTO models (model_id) VALUES ($1) ON CONFLICT DO NOTHING', [modelId]);
  // Two who set routes of one model at once: the second waits here and then replaces what the first wrote.
  await manager.query('SELECT 1 FROM models WHERE model_id = $1 FOR UPDATE', [modelId]);
  await manager.query('DELETE FROM model_routes WHERE model_id = $1', [modelId]);
  await manager.query(`INSERT INTO model_routes (model_id, position, provider_id, upstream_model)
    SELECT $1, (n - 1)::int, provider_id, upstream_model FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS r(provider_id, upstream_model, n)`,
    [modelId, routes.map((route) => route.providerId), routes.map((route) => route.upstreamModel)]);
}
