// An upstream that does exactly what a test tells it, over real HTTP, and remembers what it was sent.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
export type Script = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export interface ScriptedUpstream {
  readonly url: string;
  /** Every request whose body was read to its end. */
  readonly seen: Seen[];
  /** What the next requests get. */
  script: Script;
  /** Requests whose connection was closed before the answer was finished. */
  readonly abandoned: number;
  close(): Promise<void>;
}

/** Writes pieces with a pause of `gapMs` between them, then ends. */
export async function drip(response: ServerResponse, pieces: readonly (string | Buffer)[], gapMs = 5): Promise<void> {
  for (const piece of pieces) { response.write(piece); await new Promise((done) => { setTimeout(done, gapMs); }); }
  response.end();
}

export async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const seen: Seen[] = [];
  let abandoned = 0;
  const state = { script };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Seen = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks) };
      seen.push(one);
      response.on('close', () => { if (!response.writableFinished) abandoned += 1; });
      void state.script(one, response, request);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen,
    get script() { return state.script; }, set script(next) { state.script = next; },
    get abandoned() { return abandoned; },
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }),
  };
}

/** A chat completion with the usage given. */
export const chatAnswer = (usage: unknown = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }, text = 'Hi'): string =>
  JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'served-1', choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }], usage });

export const json = (body: string, headers: Record<string, string> = {}, status = 200): Script => (_, response) => {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
};
export const sse = (pieces: readonly (string | Buffer)[], gapMs = 5, headers: Record<string, string> = {}): Script => async (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  await drip(response, pieces, gapMs);
};

/** The events of a chat stream, with a usage chunk when asked for. */
export function chatEvents(words: readonly string[], usage?: unknown): string[] {
  const chunk = (choices: unknown[], more: object = {}): string => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'served-1', choices, ...more })}\n\n`;
  const open = usage === undefined ? {} : { usage: null };
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }], open),
    ...words.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }], open)),
    chunk([{ index: 0, delta: {}, finish_reason: 'stop' }], open),
    ...(usage === undefined ? [] : [chunk([], { usage })]),
    'data: [DONE]\n\n',
  ];
}

/** The events of a messages stream. */
export function messageEvents(words: readonly string[], start: object, end: object): string[] {
  const event = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  return [
    event('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'served-2', content: [], stop_reason: null, stop_sequence: null, usage: start } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }), event('ping', {}),
    ...words.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: end }),
    event('message_stop', {}),
  ];
}

/** The events of a responses stream, up to and with the one that ends it. */
export function responseEvents(words: readonly string[], usage: unknown, end: 'completed' | 'incomplete' | 'failed' = 'completed'): string[] {
  let number = 0;
  const event = (type: string, rest: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...rest })}\n\n`;
  const response = (status: string, more: object = {}): object => ({ id: 'resp_1', object: 'response', created_at: 1, status, model: 'served-3', output: [], usage: null, ...more });
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 }, text = words.join('');
  const item = { id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] };
  return [
    event('response.created', { response: response('in_progress') }), event('response.in_progress', { response: response('in_progress') }),
    event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
    event('response.content_part.added', { ...place, part: { type: 'output_text', text: '', annotations: [] } }),
    ...words.map((delta) => event('response.output_text.delta', { ...place, delta, logprobs: [] })),
    event('response.output_text.done', { ...place, text, logprobs: [] }), event('response.content_part.done', { ...place, part: item.content[0] }),
    event('response.output_item.done', { output_index: 0, item }),
    event(`response.${end}`, { response: response(end, { output: [item], usage, ...(end === 'failed' ? { error: { code: 'server_error', message: 'broken' } } : {}), ...(end === 'incomplete' ? { incomplete_details: { reason: 'max_output_tokens' } } : {}) }) }),
  ];
}

/** The answer of /v1/responses without a stream. */
export const responseAnswer = (usage: unknown, text = 'Hi', more: object = {}): string => JSON.stringify({ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'served-3',
  output: [{ id: 'msg_1', type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] }], usage, ...more });
