// The error catalogue: every code, its HTTP status, who has to act. docs/errors.md explains each; a test ties both.

/** Kinds: caller = the request is wrong; outside = something we depend on failed; bug = ours. */
interface ErrorEntry { readonly status: number; readonly kind: 'caller' | 'outside' | 'bug'; readonly title: string }

export const ERRORS = {
  invalid_request: { status: 400, kind: 'caller', title: 'The request is malformed' },
  model_required: { status: 400, kind: 'caller', title: 'The request names no model' },
  body_too_large: { status: 413, kind: 'caller', title: 'The request body is larger than the path takes' },
  unauthenticated: { status: 401, kind: 'caller', title: 'No valid credential' },
  key_revoked: { status: 401, kind: 'caller', title: 'The API key was revoked' },
  account_closed: { status: 403, kind: 'caller', title: 'The account is closed' },
  forbidden: { status: 403, kind: 'caller', title: 'The role does not allow this' },
  purpose_required: { status: 400, kind: 'caller', title: 'Reading customer data needs a purpose' },
  not_found: { status: 404, kind: 'caller', title: 'No such thing, or not yours' },
  endpoint_unknown: { status: 404, kind: 'caller', title: 'There is no such path' },
  model_unknown: { status: 404, kind: 'caller', title: 'No route serves this model' },
  protocol_unavailable: { status: 400, kind: 'caller', title: 'No provider of this model speaks the protocol of the path' },
  method_not_allowed: { status: 405, kind: 'caller', title: 'The path does not take this method' },
  conflict: { status: 409, kind: 'caller', title: 'The thing is in another state' },
  websocket_unsupported: { status: 426, kind: 'caller', title: 'WebSocket mode is not served; use HTTP' },
  cross_border_confirmation_required: { status: 403, kind: 'caller', title: 'The account has not confirmed transfers to this destination' },
  model_suspended: { status: 403, kind: 'caller', title: 'An availability rule suspends this model here' },
  provider_suspended: { status: 503, kind: 'outside', title: 'The provider is suspended, and no other route may take the call' },
  terms_allow_training: { status: 403, kind: 'caller', title: "The provider's terms allow training on inputs" },
  content_not_allowed: { status: 400, kind: 'caller', title: 'The request holds what may not leave on this route' },
  price_missing: { status: 403, kind: 'caller', title: 'No price in force covers the call' },
  insufficient_quota: { status: 429, kind: 'caller', title: 'A budget or quota is used up' },
  rate_limited: { status: 429, kind: 'caller', title: 'A rate limit is reached' },
  upstream_unreachable: { status: 502, kind: 'outside', title: 'The provider could not be reached' },
  upstream_timeout: { status: 504, kind: 'outside', title: 'The provider did not answer in time' },
  records_unavailable: { status: 503, kind: 'outside', title: 'The record store is not available, so nothing may leave' },
  replay_required: { status: 503, kind: 'outside', title: 'The database was restored from a backup, and purges have to be replayed before anything is read' },
  confirmation_required: { status: 409, kind: 'caller', title: 'The action must be confirmed' },
  four_eyes_required: { status: 409, kind: 'caller', title: 'A second person must approve' },
  held: { status: 409, kind: 'caller', title: 'A hold prevents this' },
  content_unreadable: { status: 410, kind: 'caller', title: 'The content was shredded: its key is gone' },
  invalid_configuration: { status: 422, kind: 'caller', title: 'The configuration file is not valid' },
  verification_failed: { status: 422, kind: 'caller', title: 'Verification failed' },
  unledgered_write: { status: 500, kind: 'bug', title: 'A change had no ledger record and was rolled back' },
  internal: { status: 500, kind: 'bug', title: 'An unexpected failure; the answer carries an id for the operator' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** A failure that carries a catalogue code; thrown for what no caller can expect, caught by the doors. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HoldfastError';
    this.code = code;
  }
  /** HTTP status of the code. */
  get status(): number { return ERRORS[this.code].status; }
}

/** Anything caught as an Error: itself where it is one, of another realm too (vm contexts, workers), else with the original as cause. */
export function coerceError(thrown: unknown): Error {
  if (thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]') return thrown as Error;
  return new Error(String(thrown), { cause: thrown });
}
