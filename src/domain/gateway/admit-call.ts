// May this call leave? All reasons why not, in order: route, suspension, availability, terms, confirmation, limits.
import { jurisdictionName } from '../../kernel/jurisdiction.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import { decideTransfer, type TransferDecision } from '../cross-border/index.js';
import { decideAvailability, routesSpeaking, termsInForce, termsPermit, type Route, type TermsVersion } from '../providers/index.js';
import type { Endpoint } from './endpoints.js';
import type { RateLimiter, RateVerdict } from './limit-rate.js';
import type { Caller, OpenCall } from './open-call.js';
import type { RegistryProvider } from './registry.js';

/** A route the rules allow, with what is put on the transfer's record. */
export interface AllowedRoute {
  readonly provider: RegistryProvider;
  readonly upstreamModel: string;
  readonly terms: TermsVersion | undefined;
  readonly decision: TransferDecision;
}
export interface Admission { readonly routes: readonly AllowedRoute[]; readonly rate: RateVerdict | undefined }
/** A refusal by a limit says when to come again. */
export type CallRefusal = Refusal & { readonly retryAfter?: number; readonly rate?: RateVerdict };
export interface AdmitDeps { readonly limiter: RateLimiter; readonly dayOf: (at: Date) => string }

export function admitCall(deps: AdmitDeps, call: OpenCall & { readonly endpoint: Endpoint; readonly caller: Caller }, model: string): Admission | CallRefusal {
  const { registry, caller: { account } } = call;
  const shown = cleanText(model, 120);
  const entry = registry.findModel(model);
  if (!entry) return refuse('model_unknown', `No route serves the model "${shown}". GET /v1/models lists what this gateway serves.`, 'model');
  const speaking = routesSpeaking(entry, call.endpoint.protocol, (id) => registry.providers.get(id)?.protocol);
  if (speaking.length === 0) return refuse('protocol_unavailable', `No provider of "${shown}" speaks the protocol of ${call.request.path}. Use the other protocol's path for this model.`, 'model');
  const judged = speaking.map((route) => judgeRoute(deps, call, model, route));
  const routes = judged.filter((one): one is AllowedRoute => !('refused' in one));
  if (routes.length === 0) return mostUseful(judged as Refusal[]);
  const rate = deps.limiter.take(account.accountId, account, call.at);
  if (rate && !rate.allowed) {
    return { ...refuse('rate_limited', `The account's limit of ${rate.limit} ${rate.of} a minute is reached. Try again in ${rate.retryAfter} s.`), retryAfter: rate.retryAfter, rate };
  }
  return { routes, rate };
}

/** Whether the rules allow one route, and why not. Limits are no part of it. */
export function judgeRoute(deps: Pick<AdmitDeps, 'dayOf'>, call: { readonly registry: OpenCall['registry']; readonly caller: Caller; readonly callerRegion: string | null; readonly at: Date },
  model: string, route: Route): AllowedRoute | Refusal {
  const { registry, caller: { account } } = call;
  const provider = registry.providers.get(route.providerId)!;
  const shown = cleanText(model, 120), day = deps.dayOf(call.at);
  if (provider.suspended) return refuse('provider_suspended', `${provider.name} is suspended at the moment, and no other route may take "${shown}" on this path. Use another model, or try again later.`);
  const available = decideAvailability(registry.availability, { model, callerRegion: call.callerRegion ?? account.jurisdiction, account: account.accountId, provider: provider.providerId });
  if (!available.allowed) return refuse('model_suspended', `"${shown}" is not available here (reason: ${available.rule?.reason}). Use another model${write(registry.contact)}.`, 'model');
  const terms = termsInForce(provider.terms, day);
  if (!termsPermit(terms)) {
    return refuse('terms_allow_training', terms ? `The terms of ${provider.name} (version ${terms.version}) allow training on inputs, so calls are not sent there. Use another model${write(registry.contact)}.`
      : `No terms of ${provider.name} are in force, and unknown terms count as terms that allow training. Use another model${write(registry.contact)}.`);
  }
  const decision = decideTransfer({ origin: account.jurisdiction, destinations: provider.jurisdictions, confirmations: account.confirmations, day });
  if (!decision.allowed) {
    const places = decision.missing.map((place) => `${jurisdictionName(place)} (${place})`).join(', ') || 'a place that is not known';
    return refuse('cross_border_confirmation_required', `"${shown}" is processed in ${places}, outside ${account.jurisdiction}. `
      + `The account must first confirm legality, authorisation, redaction and procedures for transfers there${write(registry.contact)}.`);
  }
  return { provider, upstreamModel: route.upstreamModel ?? model, terms, decision };
}

/** Of several reasons the one the caller can do something about; else that of the preferred route. */
function mostUseful(refusals: readonly Refusal[]): Refusal {
  return refusals.find((one) => one.code === 'cross_border_confirmation_required') ?? refusals[0]!;
}

function write(contact: string | null): string { return contact ? `, or write to ${contact}` : ''; }
