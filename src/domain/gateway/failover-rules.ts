// Which ends of an attempt another route may make good: pure. Only ever before a byte of an answer went to the client.
import type { UpstreamHeaders } from '../../platform/upstream/upstream.js';
import type { OutcomeKind } from './call.js';

/** Answers that say "not here, not now": limits, failures of the provider, and Anthropic's "overloaded". Other errors are about the call. */
export function isPassing(status: number): boolean { return status === 429 || status === 529 || status === 500 || (status >= 502 && status <= 504); }

/** Whether an answer may be thrown away for another route's. `x-should-retry: false` is the provider's word that trying again is no use. */
export function mayFailOver(status: number, headers: UpstreamHeaders): boolean {
  return isPassing(status) && headers['x-should-retry'] !== 'false';
}

/** What an attempt says about its route: true = it serves, false = it does not, undefined = nothing (the client left). */
export function routeServes(outcome: OutcomeKind, upstreamStatus: number | null): boolean | undefined {
  switch (outcome) {
    case 'answered': return true;
    case 'rejected': return upstreamStatus === null || !isPassing(upstreamStatus);
    case 'unreachable': case 'timeout': case 'cut': return false;
    case 'aborted': case 'not_sent': case 'unknown': return undefined;
  }
}
