// The official clients against the gateway, in front of the stand-in provider: what a customer's developer does.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startStandIn, STAND_IN_LABEL } from '../../src/platform/embedded/stand-in-provider.js';
import { addModel, addProvider } from '../support/gateway-registry.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

let gateway: TestGateway, standIn: { url: string; close(): Promise<void> };
let openai: OpenAI, anthropic: Anthropic;
beforeAll(async () => {
  gateway = await startTestGateway();
  standIn = await startStandIn({ port: 0 });
  await addProvider(gateway.app, { id: 'standin-o', protocol: 'openai', baseUrl: `${standIn.url}/v1` });
  await addProvider(gateway.app, { id: 'standin-a', protocol: 'anthropic', baseUrl: standIn.url });
  await addModel(gateway.app, 'demo*', ['standin-o', 'standin-a']);
  await gateway.registryInForce();
  openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.acme, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gateway.url, apiKey: gateway.acme, maxRetries: 0 });
});
afterAll(async () => { await standIn.close(); await gateway.close(); });
const say = [{ role: 'user' as const, content: 'Hello from a test' }];

describe('openai', () => {
  test('a completion, with the id a developer can cite', async () => {
    const answer = await openai.chat.completions.create({ model: 'demo', messages: say });
    expect(answer.choices[0]!.message.content).toContain(STAND_IN_LABEL);
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
    const { call } = await gateway.story(answer._request_id!);
    expect(call).toMatchObject({ status: 'completed', usage_source: 'reported', usage_input: BigInt(answer.usage!.prompt_tokens), usage_output: BigInt(answer.usage!.completion_tokens), provider_id: 'standin-o' });
    expect((await gateway.story(answer.id.replace('chatcmpl-standin-', 'req_standin_'))).call.request_id).toBe(answer._request_id);
  });
  test('cache buckets add up to what the client sees', async () => {
    const answer = await openai.chat.completions.create({ model: 'demo-cache', messages: say });
    const { call } = await gateway.story(answer._request_id!);
    expect(call.usage_cache_read).toBe(BigInt(answer.usage!.prompt_tokens_details!.cached_tokens!));
    expect(call.usage_cache_write).toBeGreaterThan(0n);
    expect(call.usage_input + call.usage_cache_read + call.usage_cache_write).toBe(BigInt(answer.usage!.prompt_tokens));
  });
  test('a stream, without usage the client did not ask for, and exact on record all the same', async () => {
    const { data: stream, response } = await openai.chat.completions.create({ model: 'demo', messages: say, stream: true }).withResponse();
    let text = '', chunks = 0;
    for await (const chunk of stream) { expect(chunk.choices).toHaveLength(1); text += chunk.choices[0]!.delta.content ?? ''; chunks += 1; }
    expect(text).toContain(STAND_IN_LABEL);
    expect(await gateway.call(response)).toMatchObject({ stream: true, status: 'completed', usage_source: 'reported', usage_output: BigInt(chunks - 2) });
  });
  test('a stream whose usage was asked for', async () => {
    const stream = await openai.chat.completions.create({ model: 'demo', messages: say, stream: true, stream_options: { include_usage: true } });
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) usage = chunk.usage ?? usage;
    expect(usage!.completion_tokens).toBeGreaterThan(5);
  });
  test('tools, in a stream and not', async () => {
    const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
    const answer = await openai.chat.completions.create({ model: 'demo-tool', messages: say, tools });
    expect(answer.choices[0]!.message.tool_calls![0]).toMatchObject({ function: { name: 'get_weather', arguments: '{}' } });
    const streamed = await openai.chat.completions.stream({ model: 'demo-tool', messages: say, tools }).finalChatCompletion();
    expect(streamed.choices[0]!.message.tool_calls![0]).toMatchObject({ function: { name: 'get_weather' } });
  });
  test('errors arrive as the classes the client has for them', async () => {
    const stranger = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'hfk_wrong', maxRetries: 0 });
    await expect(stranger.chat.completions.create({ model: 'demo', messages: say })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(openai.chat.completions.create({ model: 'nobody', messages: say })).rejects.toMatchObject({ status: 404, code: 'model_unknown', requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await expect(openai.chat.completions.create({ model: 'demo-error-429', messages: say })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await expect(openai.chat.completions.create({ model: 'demo-error-500', messages: say })).rejects.toBeInstanceOf(OpenAI.InternalServerError);
  });
  test('its retries are calls of their own', async () => {
    const patient = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.acme, maxRetries: 1 });
    await expect(patient.chat.completions.create({ model: 'demo-error-500-retry', messages: say })).rejects.toThrow();
    const page = await gateway.app.gateway.listCalls({ model: 'demo-error-500-retry' });
    expect('rows' in page && page.rows.map((row) => row.status)).toEqual(['failed', 'failed']);
  });
  test('a stream that is cut throws', async () => {
    const { data: stream, response } = await openai.chat.completions.create({ model: 'demo-cut', messages: say, stream: true }).withResponse();
    await expect((async () => { for await (const _ of stream) void _; })()).rejects.toThrow();
    expect(await gateway.call(response)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
  });
  test('a stream that the client aborts is on record as aborted', async () => {
    const { data: stream, response } = await openai.chat.completions.create({ model: 'demo-slow', messages: say, stream: true }).withResponse();
    let chunks = 0;
    for await (const _ of stream) { void _; if (++chunks === 3) break; }
    expect(await gateway.call(response)).toMatchObject({ status: 'aborted', http_status: 499, usage_source: 'estimated' });
  });
  test('its list of models', async () => {
    expect((await openai.models.list()).data.map((model) => model.id)).toContain('demo*');
  });
});

describe('@anthropic-ai/sdk', () => {
  const ask = { model: 'demo', max_tokens: 100, messages: say };
  test('a message, with the id a developer can cite', async () => {
    const answer = await anthropic.messages.create(ask);
    expect(answer.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining(STAND_IN_LABEL) });
    const { call } = await gateway.story(answer._request_id!);
    expect(call).toMatchObject({ status: 'completed', protocol: 'anthropic', usage_source: 'reported', usage_input: BigInt(answer.usage.input_tokens), usage_output: BigInt(answer.usage.output_tokens), provider_id: 'standin-a' });
  });
  test('a stream, its events in order, exact on record', async () => {
    const stream = anthropic.messages.stream({ ...ask, model: 'demo-cache' });
    const types: string[] = [];
    stream.on('streamEvent', (event) => { if (types.at(-1) !== event.type) types.push(event.type); });
    const message = await stream.finalMessage();
    expect(types).toEqual(['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop']);
    const { call } = await gateway.story(stream.request_id!);
    expect(call).toMatchObject({ stream: true, status: 'completed', usage_source: 'reported', usage_input: BigInt(message.usage.input_tokens), usage_cache_read: BigInt(message.usage.cache_read_input_tokens!),
      usage_cache_write: BigInt(message.usage.cache_creation_input_tokens!), usage_output: BigInt(message.usage.output_tokens) });
  });
  test('tools', async () => {
    const answer = await anthropic.messages.create({ ...ask, model: 'demo-tool', tools: [{ name: 'get_weather', input_schema: { type: 'object' } }] });
    expect(answer.content[0]).toMatchObject({ type: 'tool_use', name: 'get_weather' });
    expect(answer.stop_reason).toBe('tool_use');
  });
  test('errors arrive as the classes the client has for them, ours with our id', async () => {
    await expect(new Anthropic({ baseURL: gateway.url, apiKey: 'hfk_wrong', maxRetries: 0 }).messages.create(ask)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(anthropic.messages.create({ ...ask, model: 'nobody' })).rejects.toMatchObject({ status: 404, requestID: expect.stringMatching(/^[0-9a-f-]{36}$/), error: { type: 'error', error: { code: 'model_unknown' } } });
    await expect(anthropic.messages.create({ ...ask, model: 'demo-error-429' })).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(new Anthropic({ baseURL: gateway.url, apiKey: gateway.kuhn, maxRetries: 0 }).messages.create(ask)).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError);
  });
  test('a stream that is cut throws, and one that the client aborts is on record as aborted', async () => {
    const cut = anthropic.messages.stream({ ...ask, model: 'demo-cut' });
    await expect(cut.finalMessage()).rejects.toThrow();
    const slow = anthropic.messages.stream({ ...ask, model: 'demo-slow' });
    slow.on('text', () => { slow.abort(); });
    await expect(slow.finalMessage()).rejects.toThrow();
    expect((await gateway.story(slow.request_id!)).call).toMatchObject({ status: 'aborted', usage_source: 'estimated' });
  });
  test('its list of models', async () => {
    expect((await anthropic.models.list()).data.map((model) => model.id)).toContain('demo*');
  });
});
