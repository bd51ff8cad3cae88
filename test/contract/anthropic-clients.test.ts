// The current and the previous major of Anthropic's client: messages, streams, token counts, tools, errors, retries, aborts, models.
import Current from '@anthropic-ai/sdk';
import Previous from 'anthropic-previous';
import { STAND_IN_LABEL } from '../../src/platform/embedded/stand-in-provider.js';
import { startClientWorld, type ClientWorld } from '../support/client-world.js';
import { expectOracle } from '../support/oracle.js';

let world: ClientWorld;
beforeAll(async () => { world = await startClientWorld(); });
afterAll(async () => { await world.close(); });

describe.each([['1', Current], ['0', Previous as unknown as typeof Current]])('@anthropic-ai/sdk %s', (major, Anthropic) => {
  const client = (options: object = {}): Current => new Anthropic({ baseURL: world.url, apiKey: world.acme, maxRetries: 0, ...options });
  const ask = { model: 'demo-cache', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Hello from a test' }] };

  test('a message, cache buckets included, with the id a developer can cite', async () => {
    const answer = await client().messages.create(ask);
    expect(answer.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining(STAND_IN_LABEL) });
    const call = await world.record(answer._request_id);
    expect(call).toMatchObject({ status: 'completed', protocol: 'anthropic', answer_id: answer.id, provider_id: 'standin-a' });
    expectOracle(call, 'messages', answer);
  });
  test('a stream, its events in order, exact on record', async () => {
    const stream = client().messages.stream(ask), types: string[] = [];
    stream.on('streamEvent', (event) => { if (types.at(-1) !== event.type) types.push(event.type); });
    const message = await stream.finalMessage();
    expect(types).toEqual(['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'message_stop']);
    const call = await world.record(stream.request_id);
    expect(call).toMatchObject({ stream: true, status: 'completed' });
    expectOracle(call, 'messages', message);
  });
  test('a token count is recorded and costs nothing', async () => {
    const { data, response } = await client().messages.countTokens({ model: 'demo', messages: ask.messages }).withResponse();
    expect(data.input_tokens).toBeGreaterThan(0);
    expect(await world.call(response)).toMatchObject({ path: '/v1/messages/count_tokens', usage_source: 'none', cost_micros: 0n, status: 'completed' });
  });
  test('tools', async () => {
    const answer = await client().messages.create({ ...ask, model: 'demo-tool', tools: [{ name: 'get_weather', input_schema: { type: 'object' } }] });
    expect([answer.content[0], answer.stop_reason]).toEqual([expect.objectContaining({ type: 'tool_use', name: 'get_weather' }), 'tool_use']);
    const streamed = await client().messages.stream({ ...ask, model: 'demo-tool', tools: [{ name: 'get_weather', input_schema: { type: 'object' } }] }).finalMessage();
    expect(streamed.content[0]).toMatchObject({ type: 'tool_use', name: 'get_weather', input: {} });
  });
  test('errors of ours and of the provider arrive as the classes the client has for them', async () => {
    const call = (model: string, options: object = {}): Promise<unknown> => client(options).messages.create({ ...ask, model });
    await expect(call('demo', { apiKey: 'hfk_wrong' })).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(call('demo', { apiKey: world.kuhn })).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError);
    await expect(call('nobody')).rejects.toMatchObject({ status: 404, requestID: expect.stringMatching(/^[0-9a-f-]{36}$/), error: { type: 'error', error: { code: 'model_unknown' } } });
    await expect(call('demo-error-400')).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    await expect(call('demo-error-429')).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await expect(call('demo-error-500')).rejects.toBeInstanceOf(Anthropic.InternalServerError);
  });
  test('retries are calls of their own, none of them billed', async () => {
    const model = `demo-error-500-retry-${major}`;
    await expect(client({ maxRetries: 1 }).messages.create({ ...ask, model })).rejects.toThrow();
    expect((await world.recordsOf(model, 2)).map((call) => [call.status, call.cost_micros])).toEqual([['failed', 0n], ['failed', 0n]]);
  });
  test('a stream that the provider cuts throws, and one that the client aborts is on record as aborted', async () => {
    const cut = client().messages.stream({ ...ask, model: 'demo-cut' });
    await expect(cut.finalMessage()).rejects.toThrow();
    expect(await world.record(cut.request_id)).toMatchObject({ status: 'cut', usage_source: 'estimated' });
    const slow = client().messages.stream({ ...ask, model: 'demo-slow' });
    slow.on('text', () => { slow.abort(); });
    await expect(slow.finalMessage()).rejects.toThrow();
    expect(await world.record(slow.request_id)).toMatchObject({ status: 'aborted', usage_source: 'estimated' });
  });
  test('its list of models, page by page', async () => {
    const ids: string[] = [];
    for await (const model of client().models.list({ limit: 1 })) ids.push(model.id);
    expect(ids).toEqual(['demo*', 'mock-*']);
    expect((await client().models.retrieve('demo')).id).toBe('demo');
  });
});
