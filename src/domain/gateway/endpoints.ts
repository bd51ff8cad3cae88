// The endpoints that carry model calls, as data: which protocol a path speaks and how its answers are metered.
import type { Protocol } from '../providers/index.js';
import type { CreateMeter } from './meter.js';
import { createChatMeter } from './meter-chat.js';
import { createMessagesMeter } from './meter-messages.js';

export interface Endpoint {
  readonly method: 'POST';
  readonly protocol: Protocol;
  /** Whether a stream must be asked for its usage by `stream_options.include_usage`. */
  readonly asksForUsage: boolean;
  readonly createMeter: CreateMeter;
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/chat/completions', { method: 'POST', protocol: 'openai', asksForUsage: true, createMeter: createChatMeter }],
  ['/v1/messages', { method: 'POST', protocol: 'anthropic', asksForUsage: false, createMeter: createMessagesMeter }],
]);

/** The endpoint of a path without query; undefined when there is none. */
export function endpointOf(path: string): Endpoint | undefined { return ENDPOINTS.get(path); }

/** In whose shape errors are answered: by the path, and for paths both have or none has by the header only Anthropic's clients send. */
export function dialectOf(path: string, headers: Readonly<Record<string, unknown>>): Protocol {
  const endpoint = ENDPOINTS.get(path);
  if (endpoint) return endpoint.protocol;
  return path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined ? 'anthropic' : 'openai';
}
