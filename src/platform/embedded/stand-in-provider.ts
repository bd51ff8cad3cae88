// The stand-in provider: answers model calls without any model, so that a first call works offline. Every answer says what it is.
// Serves chat/completions, responses, embeddings, messages and messages/count_tokens. Same request, same answer. Models for trouble,
// chosen by a word in their name: `slow` (200 ms a word), `cut` (breaks off half-way), `error-400`, `error-429`, `error-500`, `no-usage`,
// `cache` (reports cache buckets), `tool` (calls the first tool offered).
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const STAND_IN_LABEL = 'This is the Holdfast stand-in provider; no model was asked.';

interface Ask { readonly protocol: 'openai' | 'anthropic'; readonly responses: boolean; readonly model: string; readonly stream: boolean; readonly wantsUsage: boolean; readonly tool: string | undefined; readonly words: readonly string[]; readonly id: string; readonly usage: Used }
interface Used { readonly input: number; readonly cached: number; readonly written: number; readonly output: number }
type Body = Record<string, unknown>;

/** Listens on loopback only, on `port` (0 = a free one). */
export async function startStandIn(options: { port: number }): Promise<{ url: string; close(): Promise<void> }> {
  let count = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => { answer(request, response, ++count).catch(() => { response.destroy(); }); });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => { server.off('error', reject); resolve(); });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }) };
}

async function answer(request: IncomingMessage, response: ServerResponse, count: number): Promise<void> {
  const path = pathOf(request), protocol = /\/messages(\/count_tokens)?$/.test(path) ? 'anthropic' : 'openai';
  if (request.method !== 'POST' || !/\/(chat\/completions|responses|embeddings|messages|messages\/count_tokens)$/.test(path)) { reply(response, 404, errorOf(protocol, 404, 'The stand-in serves chat/completions, responses, embeddings, messages and messages/count_tokens only.')); return; }
  let body: Body;
  try { body = JSON.parse(await read(request)) as Body; } catch { reply(response, 400, errorOf(protocol, 400, 'The body is not JSON.')); return; }
  const ask = understand(protocol, body, count, path.endsWith('/responses'));
  response.setHeader(protocol === 'openai' ? 'x-request-id' : 'request-id', `req_standin_${ask.id}`);
  const trouble = Number(/error-(4\d\d|5\d\d)/.exec(ask.model)?.[1] ?? 0);
  if (trouble) {
    if (trouble === 429) response.setHeader('retry-after', '1');
    reply(response, trouble, errorOf(protocol, trouble, `${STAND_IN_LABEL} The model "${ask.model}" always fails like this.`));
  } else if (path.endsWith('/count_tokens')) reply(response, 200, { input_tokens: ask.usage.input });
  else if (path.endsWith('/embeddings')) reply(response, 200, embeddings(ask, body));
  else if (ask.stream) await stream(response, ask);
  else if (ask.model.includes('cut')) { response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 }); response.write('{"id":"'); setTimeout(() => { response.destroy(); }, 20); }
  else reply(response, 200, ask.responses ? responseOf(ask, 'completed') : ask.protocol === 'openai' ? completion(ask) : message(ask));
}

function understand(protocol: Ask['protocol'], body: Body, count: number, responses: boolean): Ask {
  const model = typeof body['model'] === 'string' ? body['model'] : 'stand-in', said = textsOf(body['messages'] ?? body['input']).join(' ').trim();
  const text = `${STAND_IN_LABEL} You sent ${said.length} characters${said ? `, beginning: "${said.slice(0, 60)}"` : ''}.`;
  const words = text.match(/\S+\s*/g) ?? [];
  const total = Math.ceil((said.length + textsOf(body['system'] ?? body['instructions']).join('').length) / 4) + 8;
  const cached = model.includes('cache') ? Math.floor(total / 2) : 0, written = model.includes('cache') ? Math.floor(total / 4) : 0;
  const tools = Array.isArray(body['tools']) ? body['tools'] as Body[] : [];
  const tool = model.includes('tool') && tools[0] ? String((tools[0]['function'] as Body | undefined)?.['name'] ?? tools[0]['name']) : undefined;
  return { protocol, responses, model, stream: body['stream'] === true, wantsUsage: (body['stream_options'] as Body | undefined)?.['include_usage'] === true && !model.includes('no-usage'), tool, words,
    id: `${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16)}${count.toString(36)}`, usage: { input: total - cached - written, cached, written, output: words.length } };
}

const chatUsage = ({ input, cached, written, output }: Used): Body => ({ prompt_tokens: input + cached + written, completion_tokens: output, total_tokens: input + cached + written + output,
  prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written }, completion_tokens_details: { reasoning_tokens: 0 } });
const messagesUsage = ({ input, cached, written }: Used, output: number): Body => ({ input_tokens: input, cache_read_input_tokens: cached, cache_creation_input_tokens: written, output_tokens: output });
const responsesUsage = ({ input, cached, written, output }: Used): Body => ({ input_tokens: input + cached + written, input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
  output_tokens: output, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: input + cached + written + output });
const toolCall = (ask: Ask): Body => ({ id: `call_${ask.id}`, type: 'function', function: { name: ask.tool, arguments: '{}' } });

function completion(ask: Ask): Body {
  const said = ask.tool === undefined ? { role: 'assistant', content: ask.words.join('') } : { role: 'assistant', content: null, tool_calls: [toolCall(ask)] };
  return { id: `chatcmpl-standin-${ask.id}`, object: 'chat.completion', created: 0, model: ask.model, choices: [{ index: 0, message: said, finish_reason: ask.tool === undefined ? 'stop' : 'tool_calls' }],
    ...(ask.model.includes('no-usage') ? {} : { usage: chatUsage(ask.usage) }) };
}

function message(ask: Ask): Body {
  const content = ask.tool === undefined ? { type: 'text', text: ask.words.join('') } : { type: 'tool_use', id: `toolu_${ask.id}`, name: ask.tool, input: {} };
  return { id: `msg_standin_${ask.id}`, type: 'message', role: 'assistant', model: ask.model, content: [content], stop_reason: ask.tool === undefined ? 'end_turn' : 'tool_use', stop_sequence: null,
    usage: messagesUsage(ask.usage, ask.usage.output) };
}

function itemOf(ask: Ask, said: boolean): Body {
  if (ask.tool !== undefined) return { id: `fc_${ask.id}`, type: 'function_call', call_id: `call_${ask.id}`, name: ask.tool, arguments: said ? '{}' : '', status: said ? 'completed' : 'in_progress' };
  return { id: `msg_${ask.id}`, type: 'message', role: 'assistant', status: said ? 'completed' : 'in_progress', content: said ? [{ type: 'output_text', text: ask.words.join(''), annotations: [] }] : [] };
}

function responseOf(ask: Ask, status: 'in_progress' | 'completed'): Body {
  const done = status === 'completed';
  return { id: `resp_standin_${ask.id}`, object: 'response', created_at: 0, status, model: ask.model, output: done ? [itemOf(ask, true)] : [], parallel_tool_calls: true, tool_choice: 'auto', tools: [], error: null,
    incomplete_details: null, usage: done && !ask.model.includes('no-usage') ? responsesUsage(ask.usage) : null };
}

/** A fixed direction for each input: enough to see that a vector came. */
function embeddings(ask: Ask, body: Body): Body {
  const inputs = Array.isArray(body['input']) ? body['input'] : [body['input']], vector = [1, 0, 0, 0];
  const given = body['encoding_format'] === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  return { object: 'list', model: ask.model, data: inputs.map((_, index) => ({ object: 'embedding', index, embedding: given })), usage: { prompt_tokens: ask.usage.input, total_tokens: ask.usage.input } };
}

async function stream(response: ServerResponse, ask: Ask): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const events = [...(ask.responses ? responseEvents(ask) : ask.protocol === 'openai' ? chatEvents(ask) : messageEvents(ask))];
  for (const [index, event] of events.entries()) {
    if (ask.model.includes('cut') && index === Math.floor(events.length / 2)) { setTimeout(() => { response.destroy(); }, 20); return; }
    if (ask.model.includes('slow')) await new Promise((done) => { setTimeout(done, 200); });
    if (response.destroyed) return;
    response.write(event);
  }
  response.end();
}

function* chatEvents(ask: Ask): Generator<string> {
  const chunk = (rest: Body): string => `data: ${JSON.stringify({ id: `chatcmpl-standin-${ask.id}`, object: 'chat.completion.chunk', created: 0, model: ask.model, ...rest })}\n\n`;
  const usage = ask.wantsUsage ? { usage: null } : {};
  const delta = (part: Body, finish: string | null = null): string => chunk({ choices: [{ index: 0, delta: part, finish_reason: finish }], ...usage });
  yield delta({ role: 'assistant', content: '' });
  if (ask.tool === undefined) for (const word of ask.words) yield delta({ content: word });
  else yield delta({ tool_calls: [{ index: 0, ...toolCall(ask) }] });
  yield delta({}, ask.tool === undefined ? 'stop' : 'tool_calls');
  if (ask.wantsUsage) yield chunk({ choices: [], usage: chatUsage(ask.usage) });
  yield 'data: [DONE]\n\n';
}

function* responseEvents(ask: Ask): Generator<string> {
  let sequence_number = 0;
  const event = (type: string, rest: Body): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence_number++, ...rest })}\n\n`;
  const item = itemOf(ask, true), place = { item_id: item['id'], output_index: 0 }, text = ask.words.join('');
  yield event('response.created', { response: responseOf(ask, 'in_progress') });
  yield event('response.in_progress', { response: responseOf(ask, 'in_progress') });
  yield event('response.output_item.added', { output_index: 0, item: itemOf(ask, false) });
  if (ask.tool === undefined) {
    const part = { ...place, content_index: 0 };
    yield event('response.content_part.added', { ...part, part: { type: 'output_text', text: '', annotations: [] } });
    for (const delta of ask.words) yield event('response.output_text.delta', { ...part, delta, logprobs: [] });
    yield event('response.output_text.done', { ...part, text, logprobs: [] });
    yield event('response.content_part.done', { ...part, part: { type: 'output_text', text, annotations: [] } });
  } else {
    yield event('response.function_call_arguments.delta', { ...place, delta: '{}' });
    yield event('response.function_call_arguments.done', { ...place, name: ask.tool, arguments: '{}' });
  }
  yield event('response.output_item.done', { output_index: 0, item });
  yield event('response.completed', { response: responseOf(ask, 'completed') });
}

function* messageEvents(ask: Ask): Generator<string> {
  const event = (type: string, rest: Body): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const whole = message(ask), block = (whole['content'] as Body[])[0]!;
  yield event('message_start', { message: { ...whole, content: [], stop_reason: null, usage: messagesUsage(ask.usage, 1) } });
  yield event('content_block_start', { index: 0, content_block: ask.tool === undefined ? { type: 'text', text: '' } : block });
  yield event('ping', {});
  if (ask.tool === undefined) for (const word of ask.words) yield event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: word } });
  else yield event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } });
  yield event('content_block_stop', { index: 0 });
  yield event('message_delta', { delta: { stop_reason: whole['stop_reason'], stop_sequence: null }, usage: { output_tokens: ask.usage.output } });
  yield event('message_stop', {});
}

function errorOf(protocol: Ask['protocol'], status: number, text: string): Body {
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'api_error' : 'invalid_request_error';
  return protocol === 'openai' ? { error: { message: text, type, param: null, code: null } } : { type: 'error', error: { type, message: text }, request_id: 'req_standin' };
}

/** Every text in messages or system, whether plain or in blocks. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { content, text } = value as Body;
  return [...textsOf(content), ...textsOf(text)];
}

function pathOf(request: IncomingMessage): string { return (request.url ?? '').split('?')[0]!; }

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: Body): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
