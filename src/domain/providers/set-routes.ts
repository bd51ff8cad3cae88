import type { Json } from '../../kernel/canonical-json.js';
import { checkLine, checkModelPattern } from '../../kernel/field-rules.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Tx } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { forbid } from '../security/index.js';
import { categoriesOf, findRoutes, replaceRoutes } from './model.store.js';
import type { Route } from './route-rules.js';

/** `upstreamModel` null or unset: the provider knows the model by the name that was asked for. */
export interface RouteInput { readonly providerId: string; readonly upstreamModel?: string | null }

/**
 * Puts the routes of a model, in order of preference, in place of those it had; an empty list closes the model. Refusals: forbidden,
 * invalid_request, not_found (a provider), each with the field `routes[n]`.
 */
export type SetRoutes = (tx: Tx, modelId: string, routes: readonly RouteInput[]) => Promise<{ changed: boolean; created: boolean } | Refusal>;

export function createSetRoutes(append: AppendRecord): SetRoutes {
  return async (tx, modelId, input) => {
    const routes = input.map((route): Route => ({ providerId: route.providerId, upstreamModel: route.upstreamModel ?? null }));
    const refusal = forbid(tx.actor, 'providers.write') ?? checkModelPattern(modelId, 'modelId') ?? checkRoutes(routes) ?? await checkProviders(tx, routes);
    if (refusal) return refusal;
    const found = await findRoutes(tx, modelId);
    const before = found && recordOf(found), after = recordOf(routes);
    if (before && JSON.stringify(before) === JSON.stringify(after)) return { changed: false, created: false };
    await replaceRoutes(tx, modelId, routes);
    await append(tx, { action: 'routes.set', subjectKind: 'model', subjectId: modelId, ...(before ? { before: { routes: before } } : {}), after: { routes: after } });
    return { changed: true, created: !found };
  };
}

function checkRoutes(routes: readonly Route[]): Refusal | undefined {
  const seen = new Set<string>();
  for (const [index, route] of routes.entries()) {
    const wrong = route.upstreamModel === null ? undefined : checkLine(route.upstreamModel, `routes[${index}].upstreamModel`);
    if (wrong) return wrong;
    const key = JSON.stringify([route.providerId, route.upstreamModel]);
    if (seen.has(key)) return refuse('invalid_request', `the route to ${route.providerId} stands twice; once is enough`, `routes[${index}]`);
    seen.add(key);
  }
  return undefined;
}

async function checkProviders(tx: Tx, routes: readonly Route[]): Promise<Refusal | undefined> {
  if (routes.length === 0) return undefined;
  const categories = await categoriesOf(tx, routes.map((route) => route.providerId));
  for (const [index, { providerId }] of routes.entries()) {
    const category = categories.get(providerId);
    if (!category) return refuse('not_found', `there is no provider ${providerId}; register it first`, `routes[${index}].provider`);
    if (category !== 'model') return refuse('invalid_request', `${providerId} is a provider of category ${category}; routes lead to model providers`, `routes[${index}].provider`);
  }
  return undefined;
}

function recordOf(routes: readonly Route[]): Json[] { return routes.map((route) => ({ provider: route.providerId, upstream_model: route.upstreamModel })); }
