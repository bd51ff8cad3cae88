// The models a caller may use, in the three shapes clients ask for. What the rules exclude for this caller is left out.
import { isRefusal, refuse } from '../../kernel/result.js';
import { judgeRoute, type AdmitDeps } from './admit-call.js';
import type { Caller } from './open-call.js';
import type { Registry } from './registry.js';

export type ModelsDialect = 'openai' | 'anthropic' | 'codex';

/** Ids of the models with at least one route the rules allow this caller, as configured: "gpt-*" stands for every name that begins so. */
export function modelsFor(deps: Pick<AdmitDeps, 'dayOf'>, registry: Registry, caller: Caller, callerRegion: string | null, at: Date): string[] {
  const question = { registry, caller, callerRegion, at };
  return registry.models.filter(({ modelId, routes }) => routes.some((route) => {
    const judged = registry.providers.has(route.providerId) ? judgeRoute(deps, question, modelId, route) : undefined;
    // Of the names a pattern stands for some may have a price: those that have none are told so when they are called.
    return judged !== undefined && !isRefusal(judged) && (registry.unpricedAllowed || judged.price !== undefined || modelId.endsWith('*'));
  })).map(({ modelId }) => modelId);
}

/** Which list a client means: Codex sends its version as a query, Anthropic's clients a header. */
export function modelsDialectOf(search: string, headers: Readonly<Record<string, unknown>>): ModelsDialect {
  if (new URLSearchParams(search).has('client_version')) return 'codex';
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}

/**
 * The body of GET /v1/models. Models carry no dates of their own here; both dialects want one, so it is the epoch's. Anthropic's list
 * comes in pages of `limit` (20, at most 1,000) after `after_id` or before `before_id`, as its clients expect; nonsense is refused.
 */
export function modelsBody(dialect: ModelsDialect, ids: readonly string[], search: string): unknown {
  if (dialect === 'codex') return { models: ids.map((id) => ({ slug: id, display_name: id })) };
  if (dialect === 'openai') return { object: 'list', data: ids.map((id) => modelBody('openai', id)) };
  const query = new URLSearchParams(search), after = query.get('after_id'), before = query.get('before_id'), limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) return refuse('invalid_request', '"limit" must be a whole number from 1 to 1000.', 'limit');
  for (const [name, id] of [['after_id', after], ['before_id', before]] as const) if (id !== null && !ids.includes(id)) return refuse('invalid_request', `"${name}" names no model of this list.`, name);
  const rest = ids.slice(after === null ? 0 : ids.indexOf(after) + 1, before === null ? ids.length : ids.indexOf(before));
  const page = before === null ? rest.slice(0, limit) : rest.slice(-limit);
  return { data: page.map((id) => modelBody('anthropic', id)), has_more: page.length < rest.length, first_id: page[0] ?? null, last_id: page.at(-1) ?? null };
}

/** One model, as GET /v1/models/{id} answers. */
export function modelBody(dialect: ModelsDialect, id: string): unknown {
  return dialect === 'anthropic' ? { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' } : { id, object: 'model', created: 0, owned_by: 'holdfast' };
}
