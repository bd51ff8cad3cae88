// A price import over the registry as it is: which model providers there are, and which models lead to them.
import type { App } from '../../app.js';
import type { ImportOptions, ImportPlan, ImportTarget } from '../../domain/billing/index.js';
import { refuse, type Refusal } from '../../kernel/result.js';

export interface ImportQuestion extends Omit<ImportOptions, 'targets'> { /** Only this provider of ours. */ readonly provider?: string | undefined }

/** Refuses `not_found` for a provider that is none, `invalid_request` for a markup or day that cannot be. */
export async function planImport(app: Pick<App, 'billing' | 'providers'>, { provider, ...options }: ImportQuestion): Promise<ImportPlan | Refusal> {
  const [providers, models] = await Promise.all([app.providers.providers(), app.providers.models()]);
  const targets = providers.filter((one) => one.category === 'model' && (provider === undefined ? !one.standIn : one.providerId === provider)).map((one): ImportTarget => ({
    providerId: one.providerId, baseUrl: one.baseUrl,
    routes: models.flatMap((model) => model.routes.filter((route) => route.providerId === one.providerId).map((route) => ({ modelId: model.modelId, upstreamModel: route.upstreamModel }))),
  }));
  if (provider !== undefined && targets.length === 0) return refuse('not_found', `there is no model provider ${provider.slice(0, 80)}`, 'provider');
  return app.billing.planPriceImport({ ...options, targets });
}
