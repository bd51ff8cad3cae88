// Providers with their terms, then the models that lead to them, then prices.
import type { Applying } from './apply-configuration.js';
import type { PriceInput, Rates, Units } from '../../../domain/billing/index.js';
import { UNIT_FIELDS, type PriceItem, type ProviderItem } from './configuration.schemas.js';
import type { Configuration, Item } from './read-configuration.js';

export async function applyThirdParties(applying: Applying, { providers, models, prices }: Configuration): Promise<void> {
  const { app, tx, take } = applying;
  for (const item of providers) await applyProvider(applying, item);
  for (const { path, value } of models) {
    const routes = value.routes.map((route) => ({ providerId: route.provider, upstreamModel: route.upstreamModel ?? null }));
    await take({ kind: 'model', name: value.id, path, fields: { modelId: 'id' } }, app.providers.setRoutes(tx, value.id, routes));
  }
  for (const { path, value } of prices) {
    await take({ kind: 'price', name: `${value.model} at ${value.provider} from ${value.effectiveFrom}`, path, fields: { providerId: 'provider' } }, app.billing.setPrice(tx, priceFrom(value)),
      (answer) => (answer.until === undefined ? {} : { note: `in force until another one begins on ${answer.until}` }));
  }
}

function priceFrom({ perMillion: { longContext, ...rates }, units, ...value }: PriceItem): PriceInput {
  return { model: value.model, providerId: value.provider, currency: value.currency, effectiveFrom: value.effectiveFrom, ...ratesFrom(rates),
    longContext: longContext ? { ...ratesFrom(longContext), above: BigInt(longContext.above) } : null, unitMicros: units ? unitsFrom(units) : null };
}

function ratesFrom({ input, output, cacheRead = input, cacheWrite = input, cacheWrite1h }: Omit<PriceItem['perMillion'], 'longContext'>): Rates {
  return { inputMicros: input, cacheReadMicros: cacheRead, cacheWriteMicros: cacheWrite, cacheWrite1hMicros: cacheWrite1h ?? null, outputMicros: output };
}

/** Amounts are kept per million of a unit; those of the file are for as many as people quote them for. */
function unitsFrom(units: NonNullable<PriceItem['units']>): Units {
  return Object.fromEntries(Object.entries(UNIT_FIELDS).flatMap(([field, [unit, count]]) => {
    const amount = units[field as keyof typeof UNIT_FIELDS];
    return amount === undefined ? [] : [[unit, (amount * 1_000_000n + BigInt(count) / 2n) / BigInt(count)]];
  }));
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
