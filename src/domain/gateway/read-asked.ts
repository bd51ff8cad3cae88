// What a request asks for: its model and whether it wants a stream, from the body, of which every other byte stays as it came.
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import type { Endpoint } from './endpoints.js';
import { estimateInput } from './estimate-usage.js';
import { topLevelMembers, type Member } from './json-members.js';
import { NO_FACTS, objectIn, type Facts, type JsonObject } from './meter.js';
import { boundaryOf, readForm, type FormField } from './read-form.js';

export interface Asked {
  /** Null where the endpoint needs none and none was named. */
  readonly model: string | null;
  readonly stream: boolean;
  /** The client asked for the usage of a stream itself. */
  readonly usageAsked: boolean;
  readonly estimatedInput: bigint;
  readonly facts: Facts;
  readonly body: Buffer;
  readonly members: { /** Undefined: a form, whose values have no quotes. */ readonly inside: number | undefined; readonly model: Place | undefined; readonly streamOptions: Member | undefined };
}
interface Place { readonly start: number; readonly end: number }

const NO_MEMBERS = { inside: undefined, model: undefined, streamOptions: undefined };
const OPEN_BRACE = 0x7b;

/** Reads a body as the endpoint takes it. Refuses `invalid_request` for what cannot be read for sure, `model_required` for a missing model. */
export function readAsked(endpoint: Endpoint, contentType: string | undefined, body: Buffer): Asked | Refusal {
  if (endpoint.body === 'json') return readJson(endpoint, body);
  const boundary = boundaryOf(contentType);
  if (boundary === null) return refuse('invalid_request', 'The content-type does not name one plain boundary. Send multipart/form-data as the official clients do.', 'content-type');
  if (boundary !== undefined) return readFields(endpoint, body, boundary);
  // Whatever it calls itself: what reads as JSON is read as JSON, so that a model in it is judged.
  if (/json/i.test(contentType ?? '') ? body.length > 0 : body.find((byte) => byte > 0x20) === OPEN_BRACE) {
    const asked = readJson(endpoint, body);
    if (!isRefusal(asked) || /json/i.test(contentType ?? '') || asked.code !== 'invalid_request' || isJson(body)) return asked;
  }
  if (endpoint.modelRequired) return refuse('model_required', 'The request names no model. Send a form or a JSON object with "model".', 'model');
  return { model: null, stream: false, usageAsked: false, estimatedInput: 0n, facts: NO_FACTS, body, members: NO_MEMBERS };
}

function readJson(endpoint: Endpoint, body: Buffer): Asked | Refusal {
  let json: unknown;
  try { json = JSON.parse(body.toString('utf8')); } catch (error) {
    return refuse('invalid_request', `The body is not valid JSON (${(error as SyntaxError).message.slice(0, 120)}). Send one JSON object with content-type application/json.`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse('invalid_request', 'The body must be one JSON object.');
  const request = objectIn(json), { model, stream } = request;
  const wrong = checkModel(endpoint, model);
  if (wrong) return wrong;
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') return refuse('invalid_request', '"stream" must be true or false.', 'stream');
  const { inside, list, textBytes, opaque } = topLevelMembers(body);
  const named = (name: string): Member[] => list.filter((member) => member.name === name);
  // Of a member that comes twice we would see the last and a provider perhaps the first: its rules would be judged by the wrong model.
  for (const name of ['model', 'stream', 'stream_options']) if (named(name).length > 1) return refuse('invalid_request', `"${name}" is given more than once.`, name);
  return {
    // Speech says it in its own words.
    model: modelOf(model), stream: stream === true || (!endpoint.asksForUsage && request['stream_format'] === 'sse'), usageAsked: objectIn(request['stream_options'])['include_usage'] === true, estimatedInput: estimateInput(textBytes, opaque), body,
    facts: endpoint.facts?.(request, 0) ?? NO_FACTS, members: { inside, model: named('model')[0], streamOptions: named('stream_options')[0] },
  };
}

function readFields(endpoint: Endpoint, body: Buffer, boundary: string): Asked | Refusal {
  const fields = readForm(body, boundary);
  if (isRefusal(fields)) return fields;
  let model: FormField | undefined, textBytes = 0, files = 0, fileBytes = 0;
  const values: Record<string, string> = {};
  for (const field of fields) {
    const size = field.end - field.start;
    if (field.isFile) { files += 1; fileBytes += size; } else textBytes += size;
    if (field.name !== 'model' && field.name !== 'stream' && field.name !== 'n') continue;
    if (values[field.name] !== undefined || field.isFile) return refuse('invalid_request', `"${field.name}" must be given once, as text.`, field.name);
    values[field.name] = body.toString('utf8', field.start, field.end);
    if (field.name === 'model') model = field;
  }
  const request: JsonObject = values, wrong = checkModel(endpoint, values['model']);
  if (wrong) return wrong;
  return { model: modelOf(values['model']), stream: values['stream'] === 'true', usageAsked: false, estimatedInput: estimateInput(textBytes, files), body,
    facts: endpoint.facts?.(request, fileBytes) ?? { ...NO_FACTS, fileBytes }, members: { inside: undefined, model, streamOptions: undefined } };
}

function checkModel(endpoint: Endpoint, model: unknown): Refusal | undefined {
  const missing = model === undefined || model === null || model === '';
  if (missing) return endpoint.modelRequired ? refuse('model_required', 'The request names no model. Set "model" to one of GET /v1/models.', 'model') : undefined;
  return typeof model === 'string' ? undefined : refuse('invalid_request', '"model" must be a string.', 'model');
}

function modelOf(model: unknown): string | null { return typeof model === 'string' && model !== '' ? model : null; }

function isJson(body: Buffer): boolean {
  try { JSON.parse(body.toString('utf8')); return true; } catch { return false; }
}

/** The body for a provider: byte for byte the client's, but for the provider's own name of the model and the usage we ask for. */
export function bodyFor(asked: Asked, endpoint: Endpoint, upstreamModel: string): Buffer {
  const { members, body } = asked;
  const edits: { start: number; end: number; text: string }[] = [];
  if (members.model && asked.model !== null && upstreamModel !== asked.model) {
    edits.push({ start: members.model.start, end: members.model.end, text: members.inside === undefined ? upstreamModel : JSON.stringify(upstreamModel) });
  }
  if (endpoint.asksForUsage && asked.stream && !asked.usageAsked) edits.push(askForUsage(asked));
  if (edits.length === 0) return body;
  edits.sort((a, b) => a.start - b.start);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end, text } of edits) { parts.push(body.subarray(from, start), Buffer.from(text)); from = end; }
  return Buffer.concat([...parts, body.subarray(from)]);
}

function askForUsage({ members, body }: Asked): { start: number; end: number; text: string } {
  const given = members.streamOptions, inside = members.inside!;
  if (!given) return { start: inside, end: inside, text: '"stream_options":{"include_usage":true},' };
  const options = objectIn(JSON.parse(body.toString('utf8', given.start, given.end)));
  return { start: given.start, end: given.end, text: JSON.stringify({ ...options, include_usage: true }) };
}
