import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { addAccount, addKey, addModel, addProvider, change } from '../../support/gateway-registry.js';
import { chat, messages, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(json(chatAnswer()));
  const { app, upstream } = gateway;
  for (const protocol of ['openai', 'anthropic'] as const) {
    await addProvider(app, { id: `trains-${protocol}`, protocol, baseUrl: upstream.url, trains: true });
    await addProvider(app, { id: `untold-${protocol}`, protocol, baseUrl: upstream.url, trains: null });
    await addProvider(app, { id: `away-${protocol}`, protocol, baseUrl: upstream.url });
  }
  await change(app, `UPDATE providers SET status = 'suspended' WHERE provider_id LIKE 'away-%'`);
  await addModel(app, 'trains', ['trains-openai', 'trains-anthropic']);
  await addModel(app, 'untold', ['untold-openai', 'untold-anthropic']);
  await addModel(app, 'away', ['away-openai', 'away-anthropic']);
  await addModel(app, 'only-openai', ['oai']);
  await addModel(app, 'only-anthropic', ['ant']);
  await addModel(app, 'first-away', ['away-openai', 'trains-openai', 'oai', 'ant']);
  await change(app, `INSERT INTO availability_rules (rule_id, position, conditions, outcome, reason) VALUES (gen_random_uuid(), 1, '{"model":"mock-embed","callerRegion":"KP"}', 'suspend', 'local-law')`);
  await gateway.registryInForce();
});
afterAll(async () => { await gateway.close(); });

interface Refused { code: string; status: number; model?: unknown; key?: () => string; headers?: Record<string, string>; body?: string; message: RegExp }
const CASES: [string, Refused][] = [
  ['without a known key', { code: 'unauthenticated', status: 401, key: () => 'hfk_unknown', message: /Authorization: Bearer KEY/ }],
  ['with a body that is no JSON', { code: 'invalid_request', status: 400, body: '{"model":', message: /not valid JSON/ }],
  ['without a model', { code: 'model_required', status: 400, model: undefined, message: /GET \/v1\/models/ }],
  ['for a model nobody serves', { code: 'model_unknown', status: 404, model: 'nobody', message: /"nobody"/ }],
  ['for a model with a NUL and a lone surrogate in its name', { code: 'model_unknown', status: 404, model: 'x\u0000\ud800y', message: /x\uFFFD\uFFFDy/ }],
  ['for a model whose only provider is suspended', { code: 'provider_suspended', status: 503, model: 'away', message: /suspended/ }],
  ['for a model that a rule suspends where the caller is', { code: 'model_suspended', status: 403, model: 'mock-embed', headers: { 'x-holdfast-caller-region': 'kp' }, message: /local-law/ }],
  ['for a model whose provider may train on inputs', { code: 'terms_allow_training', status: 403, model: 'trains', message: /version 2026-01/ }],
  ['for a model whose provider has no terms on file', { code: 'terms_allow_training', status: 403, model: 'untold', message: /unknown terms/ }],
  ['that would leave the account\'s jurisdiction unconfirmed', { code: 'cross_border_confirmation_required', status: 403, key: () => gateway.kuhn, message: /United States \(US\), outside CH.*privacy@example\.test/ }],
  ['from a region that is none', { code: 'invalid_request', status: 400, headers: { 'x-holdfast-caller-region': 'Mars' }, message: /ISO 3166/ }],
];
const PATHS = [['openai', '/v1/chat/completions', chat], ['anthropic', '/v1/messages', messages]] as const;

describe.each(PATHS)('in the dialect of %s', (dialect, path, make) => {
  test.each(CASES)('a call %s is refused, recorded, and nothing leaves', async (_, expected) => {
    const before = gateway.upstream.seen.length;
    const asked = 'model' in expected ? { model: expected.model } : {};
    const response = await gateway.post(path, expected.body ?? make(asked), { ...(expected.key ? { key: expected.key() } : {}), ...(expected.headers ? { headers: expected.headers } : {}) });
    expect(response.status).toBe(expected.status);
    const id = response.headers.get('x-request-id')!;
    expect(response.headers.get('request-id')).toBe(id);
    const body = await response.json() as { error: { message: string; code: string; type: string; param?: unknown }; type?: string; request_id?: string };
    expect(body.error).toMatchObject({ code: expected.code, type: expect.any(String), message: expect.stringMatching(expected.message) });
    if (dialect === 'anthropic') expect(body).toMatchObject({ type: 'error', request_id: id }); else expect(Object.keys(body)).toEqual(['error']);
    expect(gateway.upstream.seen.length).toBe(before);
    const { call, transfers } = await gateway.story(id);
    expect(call).toMatchObject({ status: 'refused', refusal_code: expected.code, http_status: expected.status, path, attempts: 0, cost_micros: 0n, usage_source: 'none', account_id: expected.code === 'unauthenticated' ? null : expected.key ? 'kuhn' : 'acme' });
    expect(transfers).toEqual([]);
  });
});

test('a model whose providers speak only the other protocol says so', async () => {
  for (const [path, model] of [['/v1/messages', 'only-openai'], ['/v1/chat/completions', 'only-anthropic']] as const) {
    const response = await gateway.post(path, { model });
    expect(response.status).toBe(400);
    expect((await response.json() as { error: { code: string } }).error.code).toBe('protocol_unavailable');
  }
});

test('routes the rules exclude are passed over, and the first allowed one is used', async () => {
  const response = await gateway.post('/v1/chat/completions', chat({ model: 'first-away' }));
  expect(response.headers.get('x-holdfast-provider')).toBe('oai');
  expect((await gateway.call(response)).attempts).toBe(1);
});

test('a revoked key and a closed account are refused, and the refusals are theirs', async () => {
  await addAccount(gateway.app, { id: 'gone', jurisdiction: 'US' });
  const [revoked, closed] = [await addKey(gateway.app, 'acme'), await addKey(gateway.app, 'gone')];
  await change(gateway.app, `UPDATE api_keys SET status = 'revoked' WHERE name = $1`, [revoked.slice(4, 16)]);
  await change(gateway.app, `UPDATE accounts SET status = 'closed' WHERE account_id = 'gone'`);
  await gateway.registryInForce();
  const first = await gateway.post('/v1/chat/completions', chat(), { key: revoked }), second = await gateway.post('/v1/messages', messages(), { key: closed });
  expect([first.status, second.status]).toEqual([401, 403]);
  expect(await gateway.call(first)).toMatchObject({ refusal_code: 'key_revoked', account_id: 'acme' });
  expect(await gateway.call(second)).toMatchObject({ refusal_code: 'account_closed', account_id: 'gone', account_seq: 1n });
});

test('both forms of credential count on both paths', async () => {
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const asked = path.endsWith('messages') ? messages() : chat();
    const response = await fetch(gateway.url + path, { method: 'POST', headers: { 'x-api-key': gateway.acme }, body: JSON.stringify(asked) });
    expect((await gateway.call(response)).account_id).toBe('acme');
  }
});

test('a rate limit answers 429 with retry-after in seconds and what is left, in the words of the path', async () => {
  await addAccount(gateway.app, { id: 'slow', jurisdiction: 'US', requestsPerMinute: 1 });
  const key = await addKey(gateway.app, 'slow');
  await gateway.registryInForce();
  const first = await gateway.post('/v1/chat/completions', chat(), { key });
  expect(first.status).toBe(200);
  expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('0');
  for (const [path, body, header] of [['/v1/chat/completions', chat(), 'x-ratelimit-limit-requests'], ['/v1/messages', messages(), 'anthropic-ratelimit-requests-limit']] as const) {
    const response = await gateway.post(path, body, { key });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toMatch(/^([1-9]|[1-5]\d|60)$/);
    expect(response.headers.get(header)).toBe('1');
    expect(await gateway.call(response)).toMatchObject({ refusal_code: 'rate_limited', account_id: 'slow' });
  }
});

test('a path below /v1 that is not served is refused in its dialect and recorded; one outside is just not there', async () => {
  const unknown = await gateway.post('/v1/realtime/sessions', {}), anthropic = await gateway.post('/v1/organizations/me', {}, { headers: { 'anthropic-version': '2023-06-01' } });
  expect([unknown.status, anthropic.status]).toEqual([404, 404]);
  expect(await unknown.json()).toMatchObject({ error: { code: 'endpoint_unknown', type: 'invalid_request_error' } });
  expect(await anthropic.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  expect(await gateway.call(unknown)).toMatchObject({ refusal_code: 'endpoint_unknown', path: '/v1/realtime/sessions', account_id: 'acme' });
  expect((await fetch(`${gateway.url}/nothing`)).status).toBe(404);
  const get = await fetch(`${gateway.url}/v1/messages`, { headers: { 'x-api-key': gateway.acme } });
  expect([get.status, get.headers.get('allow'), await get.json()]).toEqual([405, 'POST', expect.objectContaining({ type: 'error' })]);
});

test('a body over 32 MB gets a clear 413 even while it is still being sent', async () => {
  const response = await gateway.post('/v1/messages', `{"model":"mock-claude","x":"${'a'.repeat(33 * 1_048_576)}"}`);
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'request_too_large', code: 'body_too_large' } });
  expect(await gateway.call(response)).toMatchObject({ refusal_code: 'body_too_large' });
});

test('a body of exactly 32 MB goes through byte for byte, one more byte is refused', async () => {
  const empty = '{"model":"mock-chat","x":""}', body = empty.replace('""', `"${'a'.repeat(32 * 1_048_576 - empty.length)}"`);
  expect((await gateway.post('/v1/chat/completions', `${body} `)).status).toBe(413);
  expect((await gateway.post('/v1/chat/completions', body)).status).toBe(200);
  expect(gateway.upstream.seen.at(-1)!.body.equals(Buffer.from(body))).toBe(true);
});

test('a compressed body that is none, or in an encoding we cannot open, is refused by name', async () => {
  for (const encoding of ['gzip', 'zstd']) {
    const response = await gateway.post('/v1/chat/completions', chat(), { headers: { 'content-encoding': encoding } });
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param: 'content-encoding' } });
    expect(await gateway.call(response)).toMatchObject({ refusal_code: 'invalid_request' });
  }
});

test('an upgrade is answered at once with 426', async () => {
  const { hostname, port } = new URL(gateway.url);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => { socket.write('GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n\r\n'); });
    let got = '';
    socket.on('data', (chunk) => { got += chunk.toString(); }).on('end', () => { resolve(got); }).on('error', reject);
  });
  expect(text).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
  expect(text).toContain('x-request-id: ');
  expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ error: { code: 'websocket_unsupported' } });
});

test('an offer of HTTP/2 beside a plain request, as Java\'s client makes it, is passed over and the request carried', async () => {
  const body = JSON.stringify(chat()), { port } = new URL(gateway.url);
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABk\r\nauthorization: Bearer ${gateway.acme}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`);
      setImmediate(() => { socket.write(body.slice(20)); });
    });
    let got = '';
    socket.on('data', (chunk) => { got += chunk.toString(); if (got.endsWith(chatAnswer())) { resolve(got); socket.destroy(); } }).on('error', reject);
  });
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(gateway.upstream.seen.at(-1)!.body.toString()).toBe(body);
});

test('a client that waits for leave to send gets it, or its refusal at once', async () => {
  const { port } = new URL(gateway.url), body = JSON.stringify(chat());
  const ask = (headers: string): Promise<string> => new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => { socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n${headers}\r\n\r\n`); });
    let got = '';
    socket.on('data', (chunk) => { got += chunk.toString(); if (got === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write(body); else if (!got.includes(' 100 ') && got.includes('"error"')) { resolve(got); socket.destroy(); } });
    socket.on('end', () => { resolve(got); }).on('error', reject);
  });
  expect(await ask(`authorization: Bearer ${gateway.acme}\r\ncontent-length: ${body.length}`)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  expect(await ask(`authorization: Bearer hfk_wrong\r\ncontent-length: ${body.length}`)).toMatch(/^HTTP\/1\.1 401 /);
  expect(await ask(`authorization: Bearer ${gateway.acme}\r\ncontent-length: ${33 * 1_048_576}`)).toMatch(/^HTTP\/1\.1 413 /);
});

test('OPTIONS tells the methods, needs no key, is no call and opens no door to browsers', async () => {
  const count = async (): Promise<string> => (await gateway.app.database.reader.query<{ count: string }>('SELECT count(*) FROM calls')).rows[0]!.count, before = await count();
  const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.test', 'access-control-request-method': 'POST' } });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, null]);
  expect(response.headers.get('allow')).toContain('POST');
  expect(await count()).toBe(before);
});

test('calls without a known key are recorded one by one only so far, and the rest as a number', async () => {
  const count = async (): Promise<number> => Number((await gateway.app.database.reader.query('SELECT count(*) FROM calls WHERE account_id IS NULL')).rows[0].count);
  const responses = await Promise.all(Array.from({ length: 200 }, () => gateway.post('/v1/chat/completions', chat(), { key: 'hfk_guess' })));
  expect(responses.every((response) => response.status === 401 && response.headers.get('x-request-id'))).toBe(true);
  await Promise.all(responses.map((response) => response.text()));
  expect(await count()).toBeLessThanOrEqual(125);
  const events = (await gateway.app.database.reader.query(`SELECT address, detail FROM security_events WHERE kind = 'key.unknown'`)).rows;
  expect(events[0]).toMatchObject({ address: '127.0.0.1', detail: { path: expect.any(String), request_id: expect.any(String) } });
});

describe('GET /v1/models', () => {
  const list = async (headers: Record<string, string>, search = ''): Promise<unknown> => (await fetch(`${gateway.url}/v1/models${search}`, { headers })).json();
  const bearer = (): Record<string, string> => ({ authorization: `Bearer ${gateway.acme}` });
  test('answers in three dialects, without what the rules exclude for the caller', async () => {
    const ids = ['first-away', 'mock-*', 'only-anthropic', 'only-openai'];
    expect(await list(bearer())).toMatchObject({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });
    expect(await list({ ...bearer(), 'anthropic-version': '2023-06-01' }, '?limit=1000')).toMatchObject({ data: ids.map((id) => ({ type: 'model', id })), has_more: false, first_id: 'first-away' });
    expect(await list(bearer(), '?client_version=0.169.0')).toEqual({ models: ids.map((id) => ({ slug: id, display_name: id })) });
    expect(await list({ 'x-api-key': gateway.kuhn })).toEqual({ object: 'list', data: [] });
  });
  test('comes in pages for Anthropic\'s clients', async () => {
    const anthropic = { 'x-api-key': gateway.acme, 'anthropic-version': '2026-10-21' };
    const page = async (search: string): Promise<unknown> => { const { data, ...rest } = await list(anthropic, search) as { data: { id: string }[] }; return { ids: data.map(({ id }) => id), ...rest }; };
    expect(await page('?limit=2')).toEqual({ ids: ['first-away', 'mock-*'], has_more: true, first_id: 'first-away', last_id: 'mock-*' });
    expect(await page('?limit=2&after_id=mock-*')).toEqual({ ids: ['only-anthropic', 'only-openai'], has_more: false, first_id: 'only-anthropic', last_id: 'only-openai' });
    expect(await page('?limit=2&before_id=only-openai')).toEqual({ ids: ['mock-*', 'only-anthropic'], has_more: true, first_id: 'mock-*', last_id: 'only-anthropic' });
    for (const search of ['?limit=0', '?limit=x', '?after_id=nobody']) expect(await list(anthropic, search)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
  test('HEAD answers as GET does, without a body', async () => {
    const head = await fetch(`${gateway.url}/v1/models`, { method: 'HEAD', headers: bearer() });
    expect([head.status, await head.text(), head.headers.get('content-type')]).toEqual([200, '', 'application/json']);
  });
  test('one model by name, and none without a key', async () => {
    expect(await (await fetch(`${gateway.url}/v1/models/mock-anything`, { headers: bearer() })).json()).toMatchObject({ id: 'mock-anything', object: 'model' });
    expect((await fetch(`${gateway.url}/v1/models/nobody`, { headers: bearer() })).status).toBe(404);
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
  });
});

test('HEAD / and the health paths answer without a key', async () => {
  for (const [method, path] of [['HEAD', '/'], ['GET', '/healthz'], ['GET', '/readyz'], ['GET', '/metrics']] as const) {
    const status = await new Promise((resolve, reject) => { httpRequest(gateway.url + path, { method }, (answer) => { answer.resume(); resolve(answer.statusCode); }).on('error', reject).end(); });
    expect([path, status]).toEqual([path, 200]);
  }
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  for (const name of ['holdfast_calls_total{status="refused"}', 'holdfast_refusals_total{code="model_unknown"}', 'holdfast_call_seconds_count', 'holdfast_recorder_depth', 'holdfast_event_loop_lag_seconds', 'holdfast_open_calls']) expect(metrics).toContain(name);
});
