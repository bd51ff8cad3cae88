import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => { gateway = await startTestGateway(); });
afterAll(async () => { await gateway.close(); });

test('a call is forwarded byte for byte with our credential in place of the client\'s, and its answer comes back as it was', async () => {
  const answer = chatAnswer({ prompt_tokens: 100, completion_tokens: 20, prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 10 }, completion_tokens_details: { reasoning_tokens: 5 } });
  gateway.upstream.script = json(answer, { 'x-request-id': 'up-1', 'x-custom': 'kept' });
  const body = '{ "messages":[{"role":"user","content":"Grüße 😀"}],\n "model" : "mock-chat", "unknown_field": [1, 2.50] }';
  const response = await gateway.post('/v1/chat/completions?beta=true', body, { headers: { 'x-client-request-id': 'client-1', 'openai-beta': 'x=1', cookie: 'a=b' } });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(answer);
  const seen = gateway.upstream.seen.at(-1)!;
  expect(seen.body.toString()).toBe(body);
  expect(seen.url).toBe('/v1/chat/completions?beta=true');
  expect(seen.headers).toMatchObject({ authorization: 'Bearer sk-upstream-openai', 'openai-beta': 'x=1', 'x-client-request-id': 'client-1' });
  expect(seen.headers).not.toHaveProperty('cookie');
  expect(JSON.stringify(seen.headers)).not.toContain(gateway.acme);
  expect(response.headers.get('request-id')).toBe(response.headers.get('x-request-id'));
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-holdfast-provider': 'oai', 'x-holdfast-jurisdiction': 'US', 'x-custom': 'kept', 'content-length': String(Buffer.byteLength(answer)) });
  const { call, transfers } = await gateway.story(response.headers.get('x-request-id')!);
  expect(call).toMatchObject({ account_id: 'acme', account_seq: 1n, path: '/v1/chat/completions', protocol: 'openai', model: 'mock-chat', served_model: 'served-1', stream: false, status: 'completed',
    http_status: 200, refusal_code: null, client_request_id: 'client-1', upstream_request_id: 'up-1', provider_id: 'oai', attempts: 1, usage_input: 60n, usage_cache_read: 30n, usage_cache_write: 10n,
    usage_output: 20n, usage_reasoning: 5n, usage_source: 'reported', cost_micros: 120n + 6n + 25n + 160n, currency: 'USD', caller_region: 'DE',
    request_bytes: BigInt(Buffer.byteLength(body)), response_bytes: BigInt(Buffer.byteLength(answer)) });
  expect(transfers).toEqual([expect.objectContaining({ provider_id: 'oai', legal_entity: 'oai Ltd', category: 'model', origin_jurisdiction: 'DE', destination_jurisdictions: ['US'], cross_border: true,
    terms_version: '2026-01', basis: 'standard-contract', confirmation_ids: [expect.any(String)], attempt: 1, account_seq: 1n,
    outcome: expect.objectContaining({ outcome: 'answered', http_status: 200, upstream_request_id: 'up-1' }) })]);
});

test('messages go to the provider that speaks them, with its own form of credential', async () => {
  gateway.upstream.script = json(JSON.stringify({ id: 'msg_9', type: 'message', model: 'served-2', content: [{ type: 'text', text: 'Hi' }],
    usage: { input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 50, cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 }, output_tokens: 7 } }));
  const response = await fetch(`${gateway.url}/v1/messages?beta=true`, { method: 'POST', headers: { 'x-api-key': gateway.acme, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' }, body: JSON.stringify(messages()) });
  expect(response.status).toBe(200);
  expect(gateway.upstream.seen.at(-1)).toMatchObject({ url: '/v1/messages?beta=true', headers: { 'x-api-key': 'sk-upstream-anthropic', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'a,b' } });
  expect(gateway.upstream.seen.at(-1)!.headers.authorization).toBeUndefined();
  expect(await gateway.call(response)).toMatchObject({ protocol: 'anthropic', provider_id: 'ant', upstream_request_id: 'msg_9', usage_input: 10n, usage_cache_read: 200n, usage_cache_write: 50n,
    usage_cache_write_1h: 30n, usage_output: 7n, usage_source: 'reported', cost_micros: 30n + 60n + 188n + 105n });
});

test('a chat request gets through', async () => { gateway.upstream.script = json(chatAnswer()); expect((await gateway.post('/v1/chat/completions', chat())).status).toBe(200); });
