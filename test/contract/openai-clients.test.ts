// The current and the previous major of OpenAI's client: chat, responses, embeddings, tools, errors, retries, aborts, models.
import Current from 'openai';
import Previous from 'openai-previous';
import { STAND_IN_LABEL } from '../../src/platform/embedded/stand-in-provider.js';
import { startClientWorld, type ClientWorld } from '../support/client-world.js';
import { expectOracle } from '../support/oracle.js';

let world: ClientWorld;
beforeAll(async () => { world = await startClientWorld(); });
afterAll(async () => { await world.close(); });

const say = [{ role: 'user' as const, content: 'Hello from a test' }];
const chatTools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
const tools = [{ type: 'function' as const, name: 'get_weather', parameters: { type: 'object', properties: {} }, strict: false }];

// Both majors have the same shape for what is used here; the types of the current one serve for both.
describe.each([['7', Current], ['6', Previous as unknown as typeof Current]])('openai %s', (major, OpenAI) => {
  const client = (options: object = {}): Current => new OpenAI({ baseURL: `${world.url}/v1`, apiKey: world.acme, maxRetries: 0, ...options });

  test('a chat, cache buckets included, with the id a developer can cite', async () => {
    const answer = await client().chat.completions.create({ model: 'demo-cache', messages: say });
    expect(answer.choices[0]!.message.content).toContain(STAND_IN_LABEL);
    const call = await world.record(answer._request_id);
    expect(call).toMatchObject({ status: 'completed', protocol: 'openai', answer_id: answer.id, provider_id: 'standin-o' });
    expect(call.cost_micros).toBeGreaterThan(0n);
    expectOracle(call, 'chat', answer);
  });
  test('a chat stream: usage only for who asks for it, exact on record either way', async () => {
    for (const include_usage of [false, true]) {
      const { data, response } = await client().chat.completions.create({ model: 'demo-cache', messages: say, stream: true, ...(include_usage ? { stream_options: { include_usage } } : {}) }).withResponse();
      let text = '', usage: object | null | undefined, empty = 0;
      for await (const chunk of data) { text += chunk.choices[0]?.delta.content ?? ''; usage = chunk.usage ?? usage; if (chunk.choices.length === 0) empty += 1; }
      expect([text.includes(STAND_IN_LABEL), empty]).toEqual([true, include_usage ? 1 : 0]);
      const call = await world.call(response);
      expect(call).toMatchObject({ stream: true, status: 'completed', usage_source: 'reported' });
      if (include_usage) expectOracle(call, 'chat', { model: 'demo', usage });
    }
  });
  test('a response, and a response stream with its events in order', async () => {
    const answer = await client().responses.create({ model: 'demo-cache', input: 'Hello' });
    expect(answer.output_text).toContain(STAND_IN_LABEL);
    const call = await world.record(answer._request_id);
    expect(call).toMatchObject({ status: 'completed', path: '/v1/responses', answer_id: answer.id });
    expectOracle(call, 'responses', answer);

    const { data, response } = await client().responses.create({ model: 'demo-cache', input: 'Hello', stream: true }).withResponse(), types: string[] = [];
    let last: Current.Responses.Response | undefined;
    for await (const event of data) { if (types.at(-1) !== event.type) types.push(event.type); if (event.type === 'response.completed') last = event.response; }
    expect(types).toEqual(['response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added', 'response.output_text.delta', 'response.output_text.done', 'response.content_part.done', 'response.output_item.done', 'response.completed']);
    const streamed = await world.call(response);
    expect(streamed).toMatchObject({ stream: true, status: 'completed', answer_id: last!.id });
    expectOracle(streamed, 'responses', last);
  });
  test('tools, in chat and responses, streamed and not', async () => {
    const answer = await client().chat.completions.create({ model: 'demo-tool', messages: say, tools: chatTools });
    expect(answer.choices[0]!.message.tool_calls![0]).toMatchObject({ function: { name: 'get_weather', arguments: '{}' } });
    const streamed = await client().chat.completions.stream({ model: 'demo-tool', messages: say, tools: chatTools }).finalChatCompletion();
    expect(streamed.choices[0]!.message.tool_calls![0]).toMatchObject({ function: { name: 'get_weather' } });
    const response = await client().responses.create({ model: 'demo-tool', input: 'x', tools });
    expect(response.output[0]).toMatchObject({ type: 'function_call', name: 'get_weather', arguments: '{}' });
    const final = await client().responses.stream({ model: 'demo-tool', input: 'x', tools }).finalResponse();
    expect(final.output[0]).toMatchObject({ type: 'function_call', name: 'get_weather' });
  });
  test('embeddings, which the client asks for as base64', async () => {
    const { data: answer, response } = await client().embeddings.create({ model: 'demo', input: ['a', 'b'] }).withResponse();
    expect(answer.data.map((one) => one.embedding)).toEqual([[1, 0, 0, 0], [1, 0, 0, 0]]);
    expectOracle(await world.call(response), 'embeddings', answer);
  });
  test('errors of ours and of the provider arrive as the classes the client has for them', async () => {
    const ask = (model: string, options: object = {}): Promise<unknown> => client(options).responses.create({ model, input: 'x' });
    await expect(ask('demo', { apiKey: 'hfk_wrong' })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(ask('demo', { apiKey: world.kuhn })).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    await expect(ask('nobody')).rejects.toMatchObject({ status: 404, code: 'model_unknown', requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await expect(ask('demo-error-400')).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(ask('demo-error-429')).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(ask('demo-error-500')).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  });
  test('retries are calls of their own, none of them billed', async () => {
    const model = `demo-error-500-retry-${major}`;
    await expect(client({ maxRetries: 1 }).responses.create({ model, input: 'x' })).rejects.toThrow();
    expect((await world.recordsOf(model, 2)).map((call) => [call.status, call.cost_micros])).toEqual([['failed', 0n], ['failed', 0n]]);
  });
  test('a stream that the provider cuts throws, and one that the client leaves is on record as aborted', async () => {
    for (const open of [
      (model: string) => client().chat.completions.create({ model, messages: say, stream: true }).withResponse(),
      (model: string) => client().responses.create({ model, input: 'x', stream: true }).withResponse(),
    ]) {
      const cut = await open('demo-cut');
      await expect((async () => { for await (const _ of cut.data) void _; })()).rejects.toThrow();
      expect(await world.call(cut.response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
      const slow = await open('demo-slow');
      let events = 0;
      for await (const _ of slow.data) { void _; if (++events === 3) break; }
      expect(await world.call(slow.response)).toMatchObject({ status: 'aborted', http_status: 499, usage_source: 'estimated' });
    }
  });
  test('its list of models, and one of them', async () => {
    expect((await client().models.list()).data.map((model) => model.id)).toContain('demo*');
    expect((await client().models.retrieve('demo')).id).toBe('demo');
  });
  test('files and pictures in forms as the client makes them', async () => {
    world.upstream.script = (seen, response) => { response.setHeader('content-type', 'application/json'); response.end(seen.url.endsWith('/files') ? '{"id":"file-9","object":"file"}' : '{"text":"hi","usage":{"type":"duration","seconds":3}}'); };
    const file = await OpenAI.toFile(Buffer.from('sound'), 'a.mp3');
    expect((await client({ defaultHeaders: { 'x-holdfast-provider': 'oai' } }).files.create({ file, purpose: 'user_data' })).id).toBe('file-9');
    const { data, response } = await client().audio.transcriptions.create({ file, model: 'mock-whisper' }).withResponse();
    expect(data.text).toBe('hi');
    expect(await world.call(response)).toMatchObject({ model: 'mock-whisper', usage_source: 'reported', usage_units: { audio_ms: '3000' } });
  });
});
