// Providers with their terms, then the models that lead to them, then prices.
import type { Applying } from './apply-configuration.js';
import type { ProviderItem } from './configuration.schemas.js';
import type { Configuration, Item } from './read-configuration.js';

export async function applyThirdParties(applying: Applying, { providers, models, prices }: Configuration): Promise<void> {
  const { app, tx, take } = applying;
  for (const item of providers) await applyProvider(applying, item);
  for (const { path, value } of models) {
    const routes = value.routes.map((route) => ({ providerId: route.provider, upstreamModel: route.upstreamModel ?? null }));
    await take({ kind: 'model', name: value.id, path, fields: { modelId: 'id' } }, app.providers.setRoutes(tx, value.id, routes));
  }
  for (const { path, value } of prices) {
    const { input, output, cacheRead = input, cacheWrite = input, cacheWrite1h = null } = value.perMillion;
    await take({ kind: 'price', name: `${value.model} at ${value.provider} from ${value.effectiveFrom}`, path, fields: { providerId: 'provider' } }, app.billing.setPrice(tx, {
      model: value.model, providerId: value.provider, currency: value.currency, effectiveFrom: value.effectiveFrom,
      inputMicros: input, cacheReadMicros: cacheRead, cacheWriteMicros: cacheWrite, cacheWrite1hMicros: cacheWrite1h, outputMicros: output,
    }));
  }
}

async function applyProvider({ app, tx, env, take }: Applying, { path, value }: Item<ProviderItem>): Promise<void> {
  const { id, terms, credential, ...facts } = value;
  const secret = credential && env[credential.env];
  const taken = await take({ kind: 'provider', name: id, path, fields: { providerId: 'id', credential: 'credential.env' } }, app.providers.setProvider(tx, {
    ...facts, providerId: id, ...(credential && secret ? { credential: { source: `env:${credential.env}`, secret } } : {}),
  }));
  if (!taken) return;
  for (const [index, one] of terms.entries()) {
    await take({ kind: 'terms', name: `${id} ${one.version}`, path: [...path, 'terms', index] }, app.providers.addTerms(tx, id, one), () => ({ outcome: 'created' }));
  }
}
