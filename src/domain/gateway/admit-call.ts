// May this call leave? The reasons why not, in order: route, suspension, availability, terms, confirmation, price. Limits come after.
import { jurisdictionName } from '../../kernel/jurisdiction.js';
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Price } from '../billing/index.js';
import { decideRedaction, decideTransfer, type RedactionRule, type TransferDecision } from '../cross-border/index.js';
import { decideAvailability, termsInForce, termsPermit, type Route, type TermsVersion } from '../providers/index.js';
import type { Endpoint } from './endpoints.js';
import type { Reservation } from './keep-limits.js';
import { createUnbilledMeter } from './meter-unbilled.js';
import { findRoutes } from './find-routes.js';
import type { RateVerdict } from './limit-rate.js';
import type { Caller, OpenCall } from './open-call.js';
import type { Redacted } from './redact-call.js';
import type { RegistryProvider } from './registry.js';

/** A route the rules allow, with what is put on the transfer's record. */
export interface AllowedRoute {
  readonly provider: RegistryProvider;
  readonly upstreamModel: string;
  readonly terms: TermsVersion | undefined;
  readonly decision: TransferDecision;
  /** In force on the day the call arrived. */
  readonly price: Price | undefined;
  /** Undefined: nothing is looked for in what leaves. */
  readonly redaction: RedactionRule | undefined;
}
export interface Admission {
  readonly routes: readonly AllowedRoute[];
  /** What is left of the limits a minute, once they were asked. */
  rate: RateVerdict | undefined;
  /** What redaction found and changed, by route; undefined where no rule asks for any. */
  redacted?: ReadonlyMap<AllowedRoute, Redacted>;
  /** Set for a call with a budget, quota or limit of calls at a time. */
  reservation: Reservation | undefined;
}
/** A refusal by a limit says when to come again. */
export type CallRefusal = Refusal & { readonly retryAfter?: number; readonly rate?: RateVerdict };
export interface AdmitDeps { readonly dayOf: (at: Date) => string }

export function admitCall(deps: AdmitDeps, call: OpenCall & { readonly endpoint: Endpoint; readonly caller: Caller }, model: string | null, keeper?: string): Admission | CallRefusal {
  const found = findRoutes(call, call.endpoint, model, keeper);
  if ('refused' in found) return found;
  const judged = found.map((route) => judgeRoute(deps, call, model, route));
  const allowed = judged.filter((one): one is AllowedRoute => !('refused' in one));
  if (allowed.length === 0) return mostUseful(judged as Refusal[]);
  const routes = chargeable(call, model, allowed);
  if (routes.length === 0) return priceMissing(call, model, allowed);
  // Without a model the call is about what one provider keeps: another would not know of it.
  if (model === null) routes.length = 1;
  return { routes, rate: undefined, reservation: undefined };
}

/** Whether the rules allow one route, and why not. Limits are no part of it. */
export function judgeRoute(deps: Pick<AdmitDeps, 'dayOf'>, call: { readonly registry: OpenCall['registry']; readonly caller: Caller; readonly callerRegion: string | null; readonly at: Date },
  model: string | null, route: Route): AllowedRoute | Refusal {
  const { registry, caller: { account } } = call;
  const provider = registry.providers.get(route.providerId)!;
  const shown = model === null ? 'this path' : `"${cleanText(model, 120)}"`, day = deps.dayOf(call.at);
  if (provider.suspended) return refuse('provider_suspended', `${provider.name} is suspended at the moment, and no other route may take ${shown} on this path. Use another model, or try again later.`);
  const available = decideAvailability(registry.availability, { model: model ?? '', callerRegion: call.callerRegion ?? account.jurisdiction, account: account.accountId, provider: provider.providerId });
  if (!available.allowed) return refuse('model_suspended', `${capital(shown)} is not available here (reason: ${available.rule?.reason}). Use another model${write(registry.contact)}.`, 'model');
  const terms = termsInForce(provider.terms, day);
  if (!termsPermit(terms)) {
    return refuse('terms_allow_training', terms ? `The terms of ${provider.name} (version ${terms.version}) allow training on inputs, so calls are not sent there. Use another model${write(registry.contact)}.`
      : `No terms of ${provider.name} are in force, and unknown terms count as terms that allow training. Use another model${write(registry.contact)}.`);
  }
  const decision = decideTransfer({ origin: account.jurisdiction, destinations: provider.jurisdictions, confirmations: account.confirmations, day });
  if (!decision.allowed) {
    const places = decision.missing.map((place) => `${jurisdictionName(place)} (${place})`).join(', ') || 'a place that is not known';
    return refuse('cross_border_confirmation_required', `${capital(shown)} is processed in ${places}, outside ${account.jurisdiction}. `
      + `The account must first confirm legality, authorisation, redaction and procedures for transfers there${write(registry.contact)}.`);
  }
  return { provider, upstreamModel: route.upstreamModel ?? model ?? '', terms, decision, price: model === null ? undefined : registry.prices.inForce(model, provider.providerId, day),
    redaction: registry.redaction.length === 0 ? undefined
      : decideRedaction(registry.redaction, { model: model ?? '', account: account.accountId, provider: provider.providerId, crossBorder: decision.crossBorder, destinations: provider.jurisdictions }) };
}

/** Routes whose use can be charged: what is used and has no price is a dispute in waiting, so it does not leave unless the operator says so. */
function chargeable({ registry, endpoint }: OpenCall & { readonly endpoint: Endpoint }, model: string | null, routes: AllowedRoute[]): AllowedRoute[] {
  if (registry.unpricedAllowed) return routes;
  if (endpoint.unmetered) return [];
  if (model === null || endpoint.createMeter === createUnbilledMeter || routes.every((route) => route.price)) return routes;
  return routes.filter((route) => route.price);
}

function priceMissing({ registry, endpoint, request }: OpenCall, model: string | null, routes: readonly AllowedRoute[]): Refusal {
  if (endpoint?.unmetered || model === null) {
    return refuse('price_missing', `What ${cleanText(request.path, 120)} uses is not told in its answer, so it could not be charged and was not sent. The operator has to allow unpriced calls${write(registry.contact)}.`);
  }
  return refuse('price_missing', `No price of "${cleanText(model, 120)}" at ${routes.map((route) => route.provider.name).join(' or ')} is in force, so the call could not be charged and was not sent. `
    + `The operator has to set one (holdfast prices import, or apply) or allow unpriced calls${write(registry.contact)}.`, 'model');
}

/** Of several reasons the one the caller can do something about; else that of the preferred route. */
function mostUseful(refusals: readonly Refusal[]): Refusal {
  return refusals.find((one) => one.code === 'cross_border_confirmation_required') ?? refusals[0]!;
}

function write(contact: string | null): string { return contact ? `, or write to ${contact}` : ''; }

function capital(text: string): string { return text[0]!.toUpperCase() + text.slice(1); }
