// What a provider gets: the client's request with our credential in place of the client's, and nothing that is between us and the client.
import type { UpstreamRequest } from '../../platform/upstream/upstream.js';
import { bodyFor, type Asked } from './read-asked.js';
import type { AllowedRoute } from './admit-call.js';
import type { Endpoint } from './endpoints.js';
import type { CallRequest } from './open-call.js';
import type { RegistryProvider } from './registry.js';

/** Hop by hop, the client's credential and cookies, what undici sets itself, and where the client sits on the network. */
const NOT_FORWARDED = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect',
  // A compressed body was opened to be read, and goes on as it was read.
  'host', 'content-length', 'content-encoding', 'authorization', 'x-api-key', 'cookie', 'accept-encoding',
  'forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip', 'true-client-ip', 'cf-connecting-ip', 'cf-ipcountry',
]);

export function upstreamRequest(request: CallRequest, route: AllowedRoute, asked: Asked, endpoint: Endpoint): UpstreamRequest {
  const { provider } = route, body = bodyFor(asked, endpoint, route.upstreamModel);
  return {
    origin: provider.origin, path: pathAt(provider, request.path) + request.search, method: request.method,
    headers: headersFor(request, provider), body: body.length > 0 ? body : null,
  };
}

/** OpenAI's base addresses end with /v1, Anthropic's do not; either is taken either way. */
function pathAt(provider: RegistryProvider, path: string): string {
  if (provider.protocol === 'openai') return provider.basePath + path.slice('/v1'.length);
  return (provider.basePath.endsWith('/v1') ? provider.basePath.slice(0, -'/v1'.length) : provider.basePath) + path;
}

function headersFor({ rawHeaders, headers }: CallRequest, provider: RegistryProvider): string[] {
  const named = String(headers['connection'] ?? '').toLowerCase().split(',').map((name) => name.trim());
  const out: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (NOT_FORWARDED.has(name) || name.startsWith('x-holdfast-') || named.includes(name)) continue;
    out.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  // Identity: a compressed answer would have to be opened to be metered.
  out.push('accept-encoding', 'identity');
  if (provider.credential !== null) {
    if (provider.protocol === 'openai') out.push('authorization', `Bearer ${provider.credential}`);
    else out.push('x-api-key', provider.credential);
  }
  return out;
}
