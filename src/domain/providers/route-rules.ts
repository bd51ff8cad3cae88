// Which providers may serve a model, in which order: pure.

export type Protocol = 'openai' | 'anthropic';

/** A provider that serves a model; `upstreamModel` is the provider's own name for it, null when it is the one asked for. */
export interface Route { readonly providerId: string; readonly upstreamModel: string | null }

/** What a client may ask for, and its routes in order of preference. A trailing * in `modelId` matches any ending. */
export interface ModelRoutes { readonly modelId: string; readonly routes: readonly Route[] }

/** Finds the entry for a model name: an exact one, else the pattern with the longest match, else undefined. */
export type FindModel = (model: string) => ModelRoutes | undefined;

/** Compiles the list once; a lookup is then one map access, or one test for each pattern. Of equal patterns the first counts. */
export function compileModels(models: readonly ModelRoutes[]): FindModel {
  const exact = new Map<string, ModelRoutes>();
  const patterns: { prefix: string; entry: ModelRoutes }[] = [];
  for (const entry of models) {
    if (entry.modelId.endsWith('*')) patterns.push({ prefix: entry.modelId.slice(0, -1), entry });
    else if (!exact.has(entry.modelId)) exact.set(entry.modelId, entry);
  }
  patterns.sort((a, b) => b.prefix.length - a.prefix.length);
  return (model) => exact.get(model) ?? patterns.find(({ prefix }) => model.startsWith(prefix))?.entry;
}

/** The routes of an entry whose provider speaks the protocol, in order of preference. */
export function routesSpeaking(entry: ModelRoutes, protocol: Protocol, protocolOf: (providerId: string) => Protocol | null | undefined): readonly Route[] {
  return entry.routes.filter((route) => protocolOf(route.providerId) === protocol);
}
