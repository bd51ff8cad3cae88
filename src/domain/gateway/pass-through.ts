// The rest of /v1: files, batches, stored answers and whatever else a provider serves. Passed on with any method, under the same rules,
// except for what would show one customer the things of another, or lead past the record.
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Protocol } from '../providers/index.js';
import type { Endpoint } from './endpoints.js';
import { createOtherAnthropicMeter, createOtherOpenaiMeter } from './meter-other.js';
import { createRetrievalMeter } from './meter-responses.js';
import { createUnbilledMeter } from './meter-unbilled.js';

/** Segments without percent signs: nothing that a provider could read as another path than we do. */
const PLAIN = /^\/v1(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.~:@+=,-]+)+$/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** What is never passed on, and why. */
const CLOSED: ReadonlyMap<string, string> = new Map([
  ...['realtime', 'live', 'chatkit'].map((name): [string, string] => [name, 'it opens a connection to the provider that would not be on record']),
  ...['organization', 'organizations', 'projects', 'webhook_endpoints', 'webhook_event_types', 'tunnels'].map((name): [string, string] => [name, "it speaks of the operator's own account at the provider"]),
]);
/** First segments below which collections stand: /v1/fine_tuning/jobs is a list, as /v1/files is. */
const FOLDERS = new Set(['fine_tuning', 'messages', 'chat', 'audio', 'images', 'alpha', 'beta']);

/** What may be made without a charge: it only lays something down. Whatever else is made may use a model later, untold. */
const LAID_DOWN = new Set(['files', 'uploads', 'vector_stores', 'conversations', 'responses', 'chat', 'assistants', 'skills', 'memory_stores', 'vaults', 'user_profiles', 'environments']);

/** The endpoint for a path of no other one; a refusal that says why not; undefined for what is no path of an API. */
export function passThrough(method: string, path: string, protocol: Protocol): Endpoint | Refusal | undefined {
  if (!PLAIN.test(path) || !METHODS.has(method)) return undefined;
  const [first = '', ...rest] = path.slice('/v1/'.length).split('/');
  const why = CLOSED.get(first);
  if (why !== undefined) return refuse('endpoint_unknown', `/v1/${first} is not served here: ${why}.`);
  const object = FOLDERS.has(first) ? rest[1] : rest[0];
  if (object === undefined && method !== 'POST') {
    return refuse('endpoint_unknown', `${method} ${path.slice(0, 120)} is not served here: it would list what all customers of this gateway keep at the provider. Ask for each thing by its id.`);
  }
  const uses = method === 'POST' && rest.at(-1) !== 'cancel' && !LAID_DOWN.has(first);
  const createMeter = first === 'responses' ? createRetrievalMeter : !uses ? createUnbilledMeter : protocol === 'openai' ? createOtherOpenaiMeter : createOtherAnthropicMeter;
  return { protocol, body: 'any', modelRequired: false, asksForUsage: false, createMeter, ...(object === undefined ? {} : { object }), ...(uses ? { unmetered: true } : {}) };
}
