// The endpoints that carry model calls, as data: which protocol a path speaks, what its request must say, how its answer is metered.
import { refuse, type Refusal } from '../../kernel/result.js';
import { cleanText } from '../../kernel/text.js';
import type { Protocol } from '../providers/index.js';
import type { CreateMeter } from './meter.js';
import { filesSent, picturesAsked, textToRead, type ReadFacts } from './request-facts.js';
import { createChatMeter } from './meter-chat.js';
import { createEmbeddingsMeter } from './meter-embeddings.js';
import { createImagesMeter } from './meter-images.js';
import { createMessagesMeter } from './meter-messages.js';
import { createResponsesMeter } from './meter-responses.js';
import { createSpeechMeter } from './meter-speech.js';
import { createTranscriptionMeter } from './meter-transcription.js';
import { createUnbilledMeter } from './meter-unbilled.js';
import { passThrough } from './pass-through.js';

export interface Endpoint {
  readonly protocol: Protocol;
  /** json: one JSON object, always · any: JSON, a form, something else or nothing, by what it is. */
  readonly body: 'json' | 'any';
  /** Whether a request must name its model. Where it need not, and does not, the provider is chosen without one. */
  readonly modelRequired: boolean;
  /** Whether a stream must be asked for its usage by `stream_options.include_usage`. */
  readonly asksForUsage: boolean;
  /** What the meter must know of the request; left out where it needs nothing. */
  readonly facts?: ReadFacts;
  /** What it starts is used up later and not told in its answer, so that it cannot be charged. */
  readonly unmetered?: boolean;
  /** Id of a thing the provider keeps, where the path names one: only the account that made it may have it. */
  readonly object?: string;
  readonly createMeter: CreateMeter;
}

const json = (protocol: Protocol, createMeter: CreateMeter, rest: Partial<Endpoint> = {}): Endpoint => ({ protocol, body: 'json', modelRequired: true, asksForUsage: false, createMeter, ...rest });
const form = (createMeter: CreateMeter, facts: ReadFacts): Endpoint => json('openai', createMeter, { body: 'any', facts });

/** All of them take POST alone. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/chat/completions', json('openai', createChatMeter, { asksForUsage: true })],
  ['/v1/responses', json('openai', createResponsesMeter)],
  ['/v1/messages', json('anthropic', createMessagesMeter)],
  ['/v1/messages/count_tokens', json('anthropic', createUnbilledMeter)],
  ['/v1/embeddings', json('openai', createEmbeddingsMeter)],
  ['/v1/completions', json('openai', createChatMeter, { asksForUsage: true })],
  ['/v1/responses/compact', json('openai', createResponsesMeter)],
  ['/v1/responses/input_tokens', json('openai', createUnbilledMeter)],
  ['/v1/moderations', json('openai', createUnbilledMeter, { modelRequired: false })],
  ['/v1/images/generations', json('openai', createImagesMeter, { facts: picturesAsked })],
  ['/v1/images/edits', form(createImagesMeter, picturesAsked)],
  ['/v1/images/variations', form(createImagesMeter, picturesAsked)],
  ['/v1/audio/transcriptions', form(createTranscriptionMeter, filesSent)],
  ['/v1/audio/translations', form(createTranscriptionMeter, filesSent)],
  ['/v1/audio/speech', json('openai', createSpeechMeter, { facts: textToRead })],
]);

/** What a refusal of an unknown path tells the developer. */
export const SERVED = 'Served: chat/completions, responses, embeddings, completions, moderations, images, audio, messages, messages/count_tokens and models below /v1, '
  + 'and files, batches and the like of a provider that speaks the protocol';

/** The endpoint a request is for; a refusal `endpoint_unknown` or `method_not_allowed` when nobody serves it. */
export function findEndpoint(method: string, path: string, headers: Readonly<Record<string, unknown>>): Endpoint | Refusal {
  const endpoint = ENDPOINTS.get(path);
  if (endpoint) return method === 'POST' ? endpoint : refuse('method_not_allowed', `${path} takes POST only.`);
  if (path === '/v1/models' || path.startsWith('/v1/models/')) return refuse('method_not_allowed', `${cleanText(path, 120)} takes GET only.`);
  return passThrough(method, path, dialectOf(path, headers)) ?? refuse('endpoint_unknown', `There is no ${cleanText(method, 16)} ${cleanText(path, 120)} here. ${SERVED}.`);
}

/** The protocol of an endpoint by its path alone; undefined when another header would decide. */
export function protocolOf(path: string): Protocol | undefined {
  return ENDPOINTS.get(path)?.protocol ?? (isAnthropicPath(path) ? 'anthropic' : undefined);
}

/** In whose shape errors are answered: by the path, and for paths both have or none has by the header only Anthropic's clients send. */
export function dialectOf(path: string, headers: Readonly<Record<string, unknown>>): Protocol {
  return protocolOf(path) ?? (headers['anthropic-version'] === undefined ? 'openai' : 'anthropic');
}

function isAnthropicPath(path: string): boolean { return path === '/v1/complete' || path.startsWith('/v1/messages/'); }
