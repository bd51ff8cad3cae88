import { connect } from 'node:net';
import { addAccount, addKey } from '../../support/gateway-registry.js';
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

test('nothing that tells where the client sits, and no header of ours, goes to the provider; none of its cookies or ours comes back', async () => {
  gateway.upstream.script = json(chatAnswer(), { 'set-cookie': 'a=b', 'x-holdfast-provider': 'forged', 'x-holdfast-other': 'forged', 'alt-svc': 'h3=":1"', connection: 'close, x-hop', 'x-hop': '1' });
  const headers = { 'x-forwarded-for': '192.0.2.1', 'x-real-ip': '192.0.2.1', forwarded: 'for=192.0.2.1', via: '1.1 x', 'x-holdfast-caller-region': 'FR', 'proxy-authorization': 'Basic x', te: 'trailers' };
  const response = await gateway.post('/v1/chat/completions', chat(), { headers });
  for (const name of Object.keys(headers)) expect([name, gateway.upstream.seen.at(-1)!.headers[name]]).toEqual([name, undefined]);
  for (const name of ['set-cookie', 'x-holdfast-other', 'alt-svc', 'x-hop']) expect([name, response.headers.get(name)]).toEqual([name, null]);
  expect(response.headers.get('x-holdfast-provider')).toBe('oai');
  expect((await gateway.call(response)).caller_region).toBe('FR');
});

test('tokens used count against the account\'s limit on tokens', async () => {
  await addAccount(gateway.app, { id: 'metered', jurisdiction: 'US', tokensPerMinute: 10 });
  const key = await addKey(gateway.app, 'metered');
  await gateway.registryInForce();
  gateway.upstream.script = json(chatAnswer({ prompt_tokens: 8, completion_tokens: 2 }));
  expect((await gateway.post('/v1/chat/completions', chat(), { key })).status).toBe(200);
  const second = await gateway.post('/v1/chat/completions', chat(), { key });
  expect([second.status, second.headers.get('x-ratelimit-limit-tokens')]).toEqual([429, '10']);
  expect(await gateway.call(second)).toMatchObject({ refusal_code: 'rate_limited' });
});

test('what is no readable HTTP is answered in JSON with an id', async () => {
  const raw = (text: string): Promise<string> => new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => { socket.write(text); });
    let got = '';
    socket.on('data', (chunk) => { got += chunk.toString(); }).on('end', () => { resolve(got); }).on('error', reject);
  });
  for (const [text, status] of [['nonsense\r\n\r\n', '400'], [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, '431']] as const) {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ error: { code: 'invalid_request' } });
  }
});
