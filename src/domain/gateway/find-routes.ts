// Which providers a call could go to, before any rule is asked: by the model it names, or without one by the path's protocol.
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import { routesSpeaking, type Route } from '../providers/index.js';
import { SERVED, type Endpoint } from './endpoints.js';
import type { OpenCall } from './open-call.js';

/** Header in which a client chooses among the providers that could take its call. */
export const PROVIDER_HEADER = 'x-holdfast-provider';

/**
 * Routes in order of preference. Without a model: the provider `keeper` that has the thing the path names, where it is known, else
 * every provider of the protocol, the one set up first in front. Refuses with the reason when there is none.
 */
export function findRoutes({ registry, request }: OpenCall, endpoint: Endpoint, model: string | null, keeper: string | undefined): readonly Route[] | Refusal {
  const wanted = request.headers[PROVIDER_HEADER];
  const routes = model === null || keeper !== undefined ? routesWithoutModel(registry.providers, endpoint, keeper) : routesOf(registry, request.path, endpoint, model);
  if (wanted === undefined || 'refused' in routes) return routes;
  const chosen = routes.filter((route) => route.providerId === wanted);
  return chosen.length > 0 ? chosen : refuse('invalid_request', `${PROVIDER_HEADER} names no provider that could take this call. Leave it out, or name one that serves ${model === null ? 'this path' : 'the model on this path'}.`, PROVIDER_HEADER);
}

function routesOf(registry: OpenCall['registry'], path: string, endpoint: Endpoint, model: string): readonly Route[] | Refusal {
  const shown = cleanText(model, 120), entry = registry.findModel(model);
  if (!entry) return refuse('model_unknown', `No route serves the model "${shown}". GET /v1/models lists what this gateway serves.`, 'model');
  const speaking = routesSpeaking(entry, endpoint.protocol, (id) => registry.providers.get(id)?.protocol);
  return speaking.length > 0 ? speaking : refuse('protocol_unavailable', `No provider of "${shown}" speaks the protocol of ${cleanText(path, 120)}. Use the other protocol's path for this model.`, 'model');
}

function routesWithoutModel(providers: OpenCall['registry']['providers'], endpoint: Endpoint, keeper: string | undefined): readonly Route[] | Refusal {
  const routes: Route[] = [];
  for (const { providerId, protocol } of providers.values()) if (protocol === endpoint.protocol && (keeper === undefined || keeper === providerId)) routes.push({ providerId, upstreamModel: null });
  return routes.length > 0 ? routes : refuse('endpoint_unknown', `No provider of this gateway serves this path. ${SERVED}.`);
}
