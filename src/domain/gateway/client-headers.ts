// The headers a client gets: the provider's, without what is between us and the provider, and with our own ids.
import type { UpstreamHeaders } from '../../platform/upstream/upstream.js';
import type { Protocol } from '../providers/index.js';
import type { RateVerdict } from './limit-rate.js';
import type { RegistryProvider } from './registry.js';

export type ClientHeaders = Record<string, string | string[]>;

const NOT_PASSED = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'content-encoding',
  'set-cookie', 'alt-svc', 'strict-transport-security', 'x-request-id', 'request-id', 'date',
]);

/** The provider's own id of its answer, whichever of the usual headers carries it. */
export function upstreamIdIn(headers: UpstreamHeaders): string | null {
  for (const name of ['x-request-id', 'request-id', 'x-amzn-requestid', 'apim-request-id']) {
    const value = headers[name], first = Array.isArray(value) ? value[0] : value;
    if (first) return first;
  }
  return null;
}

/** Our ids, on every answer to a model call. */
export function ownHeaders(requestId: string): ClientHeaders { return { 'x-request-id': requestId, 'request-id': requestId }; }

/** Headers of a provider's answer. `contentLength` is passed when the body goes on as it came. */
export function passedHeaders(requestId: string, provider: RegistryProvider, headers: UpstreamHeaders, contentLength: string | undefined): ClientHeaders {
  const named = String(headers['connection'] ?? '').toLowerCase().split(',').map((name) => name.trim());
  const out: ClientHeaders = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined && !NOT_PASSED.has(name) && !named.includes(name) && !name.startsWith('x-holdfast-')) out[name] = value;
  if (contentLength !== undefined) out['content-length'] = contentLength;
  return Object.assign(out, ownHeaders(requestId), { 'x-holdfast-provider': provider.providerId, 'x-holdfast-jurisdiction': provider.jurisdictions.join(', ') });
}

/** What is left of the account's own limit, in the protocol's words. They replace the provider's, which speak of the operator's account there. */
export function rateHeaders(protocol: Protocol, rate: RateVerdict | undefined, at: Date): ClientHeaders {
  if (!rate) return {};
  if (rate.tokens) return { ...rateHeaders(protocol, { allowed: rate.allowed, of: rate.of, limit: rate.limit, remaining: rate.remaining, retryAfter: rate.retryAfter }, at), ...rateHeaders(protocol, { allowed: true, of: 'tokens', ...rate.tokens, retryAfter: 0 }, at) };
  const seconds = rate.retryAfter || 60;
  if (protocol === 'anthropic') {
    return { [`anthropic-ratelimit-${rate.of}-limit`]: String(rate.limit), [`anthropic-ratelimit-${rate.of}-remaining`]: String(rate.remaining),
      [`anthropic-ratelimit-${rate.of}-reset`]: new Date(at.getTime() + seconds * 1_000).toISOString() };
  }
  return { [`x-ratelimit-limit-${rate.of}`]: String(rate.limit), [`x-ratelimit-remaining-${rate.of}`]: String(rate.remaining), [`x-ratelimit-reset-${rate.of}`]: `${seconds}s` };
}
