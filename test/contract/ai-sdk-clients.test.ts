// Vercel's AI SDK with its three providers: text, streams, tools, embeddings, errors, aborts.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, generateText, jsonSchema, streamText, tool, type LanguageModel } from 'ai';
import { STAND_IN_LABEL } from '../../src/platform/embedded/stand-in-provider.js';
import { startClientWorld, type ClientWorld } from '../support/client-world.js';

// Its advice about model names it does not know is none of our business.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

let world: ClientWorld;
beforeAll(async () => { world = await startClientWorld(); });
afterAll(async () => { await world.close(); });

const openai = (apiKey = world.acme) => createOpenAI({ baseURL: `${world.url}/v1`, apiKey });
const MODELS: [string, string, (model: string, key?: string) => LanguageModel][] = [
  ['openai responses', '/v1/responses', (model, key) => openai(key).responses(model)],
  ['openai chat', '/v1/chat/completions', (model, key) => openai(key).chat(model)],
  ['openai-compatible', '/v1/chat/completions', (model, key) => createOpenAICompatible({ name: 'holdfast', baseURL: `${world.url}/v1`, apiKey: key ?? world.acme, includeUsage: true })(model)],
  ['anthropic', '/v1/messages', (model, key) => createAnthropic({ baseURL: `${world.url}/v1`, apiKey: key ?? world.acme })(model)],
];
const prompt = 'Hello from a test', maxRetries = 0;
const idOf = (headers: Record<string, string> | undefined): string | undefined => headers?.['x-request-id'];

describe.each(MODELS)('%s', (name, path, model) => {
  test('a text, with the usage the SDK sees on record', async () => {
    const result = await generateText({ model: model('demo-cache'), prompt, maxRetries });
    expect(result.text).toContain(STAND_IN_LABEL);
    const call = await world.record(idOf(result.response.headers));
    expect(call).toMatchObject({ status: 'completed', path, usage_source: 'reported' });
    expect([call.usage_input + call.usage_cache_read + call.usage_cache_write, call.usage_cache_read, call.usage_output]).toEqual([BigInt(result.usage.inputTokens!), BigInt(result.usage.inputTokenDetails.cacheReadTokens!), BigInt(result.usage.outputTokens!)]);
  });
  test('a stream, with the usage the SDK sees on record', async () => {
    const result = streamText({ model: model('demo-cache'), prompt, maxRetries });
    let text = '';
    for await (const part of result.textStream) text += part;
    expect([text.includes(STAND_IN_LABEL), await result.finishReason]).toEqual([true, 'stop']);
    const call = await world.record(idOf((await result.response).headers)), usage = await result.usage;
    expect(call).toMatchObject({ stream: true, status: 'completed', usage_source: 'reported' });
    expect([call.usage_input + call.usage_cache_read + call.usage_cache_write, call.usage_output]).toEqual([BigInt(usage.inputTokens!), BigInt(usage.outputTokens!)]);
  });
  test('a tool', async () => {
    const result = await generateText({ model: model('demo-tool'), prompt, maxRetries, tools: { get_weather: tool({ inputSchema: jsonSchema({ type: 'object', properties: {} }) }) } });
    expect(result.toolCalls).toEqual([expect.objectContaining({ toolName: 'get_weather', input: {} })]);
  });
  test('errors of ours and of the provider are understood', async () => {
    for (const [asked, key, status] of [['demo', 'hfk_wrong', 401], ['nobody', undefined, 404], ['demo-error-429', undefined, 429]] as const) {
      const thrown = await generateText({ model: model(asked, key), prompt, maxRetries }).then(() => undefined, (error: unknown) => error);
      expect(APICallError.isInstance(thrown)).toBe(true);
      expect((thrown as APICallError).statusCode).toBe(status);
      if (status !== 429) expect((thrown as APICallError).message).toMatch(/API key|No route serves/);
    }
  });
  test('an aborted stream is on record as aborted', async () => {
    const asked = `demo-slow-${name.replaceAll(' ', '-')}`, abort = new AbortController(), result = streamText({ model: model(asked), prompt, maxRetries, abortSignal: abort.signal });
    for await (const part of result.textStream) if (part !== '') abort.abort();
    expect(await world.recordsOf(asked, 1)).toEqual([expect.objectContaining({ status: 'aborted', usage_source: 'estimated' })]);
  });
});

test('an embedding', async () => {
  const result = await embed({ model: openai().embedding('demo'), value: 'x', maxRetries });
  expect(result.embedding).toEqual([1, 0, 0, 0]);
  expect(await world.recordsOf('demo', 1)).toEqual(expect.arrayContaining([expect.objectContaining({ path: '/v1/embeddings', usage_input: BigInt(result.usage.tokens), usage_source: 'reported' })]));
});
