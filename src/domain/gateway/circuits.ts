// A circuit for each route: a route that keeps failing stands behind the others for a while, then one call tries it again. It only ever
// changes the order: no call is refused by it and none waits for it. Kept per process; a lost state costs a few attempts.
import type { Logger } from '../../platform/log/log.js';
import type { Metrics } from '../../platform/log/metrics.js';
import type { AllowedRoute } from './admit-call.js';

export type CircuitState = 'closed' | 'open' | 'half_open';

export interface CircuitLimits { /** Failures in a row that open a circuit. */ readonly failures: number; /** How long it stays open, ms. */ readonly openMs: number }

export interface Circuits {
  /** The routes in the order to try: as given, but those with an open circuit last. Claims the one trial of a circuit that was open for long enough. */
  order(routes: readonly AllowedRoute[], now: number): readonly AllowedRoute[];
  /** What an attempt showed; undefined for nothing. `now` in ms. */
  note(route: AllowedRoute, serves: boolean | undefined, now: number): void;
  /** Routes that are not closed. */
  readonly open: number;
  state(route: Pick<AllowedRoute, 'provider' | 'upstreamModel'>): CircuitState;
}

/** `openUntil` is set once it opened; `trialSince` while one call tries the route again. */
interface Circuit { failures: number; openUntil: number | undefined; trialSince: number | undefined }
/** A trial that never told (its process was busy, its client left without a word) stops counting after this. */
const LONGEST_TRIAL_MS = 60_000, MOST_CIRCUITS = 1_000;

export function createCircuits(deps: CircuitLimits & { readonly log: Logger; readonly metrics: Metrics }): Circuits {
  // Routes without a failure since their last success have no entry, so that an undisturbed gateway never looks further than `size`.
  const circuits = new Map<string, Circuit>();
  const changed = (route: AllowedRoute, state: CircuitState): void => {
    deps.metrics.count('holdfast_circuit_changes_total', 'Changes of a route\'s circuit, by provider and new state', { provider: route.provider.providerId, state });
    deps.log.warn(TEXT[state], { provider: route.provider.providerId, upstream_model: route.upstreamModel, circuit: state });
  };
  const claimTrial = (route: AllowedRoute, circuit: Circuit, now: number): boolean => {
    if (now < circuit.openUntil! || (circuit.trialSince !== undefined && now - circuit.trialSince < LONGEST_TRIAL_MS)) return false;
    if (circuit.trialSince === undefined) changed(route, 'half_open');
    circuit.trialSince = now;
    return true;
  };
  return {
    order: (routes, now) => {
      if (circuits.size === 0 || routes.length === 1) return routes;
      const ahead: AllowedRoute[] = [], behind: AllowedRoute[] = [];
      for (const route of routes) {
        const circuit = circuits.get(nameOf(route));
        // Only the first choice is tried again: behind a route that serves nobody would come to use the trial.
        if (circuit?.openUntil === undefined || (ahead.length === 0 && claimTrial(route, circuit, now))) ahead.push(route); else behind.push(route);
      }
      return behind.length === 0 ? routes : [...ahead, ...behind];
    },
    note: (route, serves, now) => {
      if (serves === true && circuits.size === 0) return;
      const name = nameOf(route), circuit = circuits.get(name);
      if (serves === true) {
        if (circuit?.openUntil !== undefined) changed(route, 'closed');
        circuits.delete(name);
      } else if (serves === undefined) { if (circuit) circuit.trialSince = undefined; } else {
        const failing = circuit ?? { failures: 0, openUntil: undefined, trialSince: undefined };
        failing.failures += 1;
        if (!circuit) {
          // Clients choose the names that patterns serve: what they can fill is bounded, and the oldest goes first.
          if (circuits.size >= MOST_CIRCUITS) circuits.delete(circuits.keys().next().value!);
          circuits.set(name, failing);
        }
        // What was under way when it opened fails without news; a trial that failed opens it for another while.
        const opens = failing.openUntil === undefined ? failing.failures >= deps.failures : failing.trialSince !== undefined;
        if (opens) { failing.openUntil = now + deps.openMs; failing.trialSince = undefined; changed(route, 'open'); }
      }
    },
    get open() { let count = 0; for (const circuit of circuits.values()) if (circuit.openUntil !== undefined) count += 1; return count; },
    state: (route) => {
      const circuit = circuits.get(nameOf(route));
      return circuit?.openUntil === undefined ? 'closed' : circuit.trialSince === undefined ? 'open' : 'half_open';
    },
  };
}

const TEXT: Readonly<Record<CircuitState, string>> = {
  open: 'a route keeps failing; others are tried before it', half_open: 'a route that kept failing is tried again', closed: 'a route that kept failing serves again',
};
function nameOf(route: Pick<AllowedRoute, 'provider' | 'upstreamModel'>): string { return `${route.provider.providerId}/${route.upstreamModel}`; }
