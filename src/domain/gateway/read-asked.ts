// What a request asks for: its model and whether it wants a stream, from the body, of which every other byte stays as it came.
import { refuse, type Refusal } from '../../kernel/result.js';
import type { Endpoint } from './endpoints.js';
import { estimateInput } from './estimate-usage.js';
import { topLevelMembers, type Member } from './json-members.js';
import { objectIn } from './meter.js';

export interface Asked {
  readonly model: string;
  readonly stream: boolean;
  /** The client asked for the usage of a stream itself. */
  readonly usageAsked: boolean;
  readonly estimatedInput: bigint;
  readonly body: Buffer;
  readonly members: { readonly inside: number; readonly model: Member; readonly streamOptions: Member | undefined };
}

/** Refuses `invalid_request` for what is no JSON object or names a member twice, `model_required` for one without a model. */
export function readAsked(body: Buffer): Asked | Refusal {
  let json: unknown;
  try { json = JSON.parse(body.toString('utf8')); } catch (error) {
    return refuse('invalid_request', `The body is not valid JSON (${(error as SyntaxError).message.slice(0, 120)}). Send one JSON object with content-type application/json.`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse('invalid_request', 'The body must be one JSON object.');
  const request = objectIn(json), { model, stream } = request;
  if (model === undefined || model === null || model === '') return refuse('model_required', 'The request names no model. Set "model" to one of GET /v1/models.', 'model');
  if (typeof model !== 'string') return refuse('invalid_request', '"model" must be a string.', 'model');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') return refuse('invalid_request', '"stream" must be true or false.', 'stream');
  const { inside, list, textBytes, opaque } = topLevelMembers(body);
  const named = (name: string): Member[] => list.filter((member) => member.name === name);
  // Of a member that comes twice we would see the last and a provider perhaps the first: its rules would be judged by the wrong model.
  for (const name of ['model', 'stream', 'stream_options']) if (named(name).length > 1) return refuse('invalid_request', `"${name}" is given more than once.`, name);
  return {
    model, stream: stream === true, usageAsked: objectIn(request['stream_options'])['include_usage'] === true, estimatedInput: estimateInput(textBytes, opaque), body,
    members: { inside, model: named('model')[0]!, streamOptions: named('stream_options')[0] },
  };
}

/** The body for a provider: byte for byte the client's, but for the provider's own name of the model and the usage we ask for. */
export function bodyFor(asked: Asked, endpoint: Endpoint, upstreamModel: string): Buffer {
  const { members, body } = asked;
  const edits: { start: number; end: number; text: string }[] = [];
  if (upstreamModel !== asked.model) edits.push({ start: members.model.start, end: members.model.end, text: JSON.stringify(upstreamModel) });
  if (endpoint.asksForUsage && asked.stream && !asked.usageAsked) edits.push(askForUsage(asked));
  if (edits.length === 0) return body;
  edits.sort((a, b) => a.start - b.start);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end, text } of edits) { parts.push(body.subarray(from, start), Buffer.from(text)); from = end; }
  return Buffer.concat([...parts, body.subarray(from)]);
}

function askForUsage({ members, body }: Asked): { start: number; end: number; text: string } {
  const given = members.streamOptions;
  if (!given) return { start: members.inside, end: members.inside, text: '"stream_options":{"include_usage":true},' };
  const options = objectIn(JSON.parse(body.toString('utf8', given.start, given.end)));
  return { start: given.start, end: given.end, text: JSON.stringify({ ...options, include_usage: true }) };
}
