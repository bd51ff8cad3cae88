import { Agent, createServer, get as httpGet } from 'node:http';
import { Router } from 'express';
import { createConsoleApp } from '../../src/entrypoints/http/console-app.js';
import { listen } from '../../src/entrypoints/http/console-server.js';
import { systemActor } from '../../src/kernel/actor.js';
import { createLogger } from '../../src/platform/log/log.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
beforeAll(async () => { test_ = await createTestApp(); api = await startTestApi(test_.app); });
afterAll(async () => { await api.close(); await test_.close(); });
const get = (path: string, init?: RequestInit): Promise<Response> => fetch(api.url + path, { redirect: 'manual', ...init });
type ErrorBody = { error: { code: string; message: string; request_id: string } };

test('the process is alive without asking anyone', async () => {
  const answer = await get('/healthz');
  expect([answer.status, await answer.json()]).toEqual([200, { alive: true }]);
});

test('ready names every part with its state', async () => {
  const answer = await get('/readyz');
  expect([answer.status, await answer.json()]).toMatchObject([200, { ready: true, checks: { database: { state: 'ok' }, redis: { state: 'ok' }, sealer: { state: 'ok' } } }]);
});

test('a batch that no sealer takes makes the port not ready, and says since when', async () => {
  const late = await createTestApp();
  await late.app.act(systemActor('test'), (tx) => late.app.ledger.append(tx, { action: 'a.b', subjectKind: 'c', subjectId: 'd' }));
  await late.app.database.pool.query("ALTER TABLE ledger_batches DISABLE TRIGGER USER; UPDATE ledger_batches SET at = at - interval '2 minutes'; ALTER TABLE ledger_batches ENABLE TRIGGER USER");
  const own = await startTestApi(late.app);
  try {
    const answer = await fetch(`${own.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ ready: false, checks: { database: { state: 'ok' }, sealer: { state: 'failed', detail: expect.stringContaining('waited') } } });
  } finally { await own.close(); await late.close(); }
});

test('without Redis the port is alive, not ready, and names Redis', async () => {
  const alone = await createTestApp({ env: { REDIS_URL: 'redis://127.0.0.1:1' } });
  const own = await startTestApi(alone.app);
  try {
    expect((await fetch(`${own.url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${own.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ ready: false, checks: { database: { state: 'ok' }, redis: { state: 'failed' } } });
  } finally { await own.close(); await alone.close(); }
});

test('without the database the port is alive, not ready, and the API answers a plain 500 with an id', async () => {
  const alone = await createTestApp();
  const own = await startTestApi(alone.app);
  await alone.app.database.reader.end();
  try {
    expect((await fetch(`${own.url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${own.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ ready: false, checks: { database: { state: 'failed' }, redis: { state: 'ok' }, sealer: { state: 'failed' } } });
    const failed = await fetch(`${own.url}/api/v1/calls`, { headers: { authorization: 'Bearer hft_0123456789abcdef' } });
    expect(failed.status).toBe(500);
    const { error } = await failed.json() as ErrorBody;
    expect(error.code).toBe('internal');
    expect(error.message).not.toMatch(/pool|pg|SELECT/);
    expect(error.request_id).toBe(failed.headers.get('x-request-id'));
    const metrics = await (await fetch(`${own.url}/metrics`)).text();
    expect(metrics).toContain('holdfast_ready{part="database"} 0');
    expect(metrics).toContain('holdfast_scrape_failed{group="figures"} 1');
  } finally { await own.close(); await alone.close().catch(() => undefined); }
});

test('every answer names its request, and a caller cannot choose the id', async () => {
  const answer = await get('/healthz', { headers: { 'x-request-id': 'mine' } });
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('the log has one line for a request, with its id and without its query', async () => {
  const lines: string[] = [];
  const log = createLogger('test', 'debug', (line) => lines.push(line));
  const own = await startTestApi({ ...test_.app, log });
  try {
    const client = await own.as('auditor');
    const answer = await client.get('/operators?session=very-private');
    expect(answer.status).toBe(400);
    await fetch(`${own.url}/readyz?probe=very-private`);
  } finally { await own.close(); }
  const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['message'] === 'request');
  expect(requests).toMatchObject([
    { level: 'info', method: 'GET', path: '/api/v1/operators', status: 400, complete: true, actor: 'token:auditor', request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    { level: 'debug', method: 'GET', path: '/readyz', status: 200 },
  ]);
  expect(lines.join('')).not.toContain('private');
});

test('a failure in the middle of an answer breaks the connection instead of ending it', async () => {
  const router = Router();
  router.get('/half', (_request, response) => {
    response.setHeader('content-type', 'text/plain');
    response.write('half of');
    throw new Error('the rest is lost');
  });
  const running = await listen(createServer(createConsoleApp({ ...test_.app, log: createLogger('test', 'error', () => undefined) }, router)), test_.app.config);
  try {
    const answer = await fetch(`${running.url}/console/half`);
    await expect(answer.text()).rejects.toThrow('terminated');
  } finally { await running.close(); }
});

test('safe headers are on everything but the console, which sets its own', async () => {
  for (const path of ['/healthz', '/metrics', '/api/openapi.json', '/nowhere', '/api/v1/calls']) expect((await get(path)).headers.get('content-security-policy')).toContain("default-src 'self'");
  expect((await get('/console/x')).headers.get('content-security-policy')).toBeNull();
  for (const path of ['/healthz', '/console/x']) expect((await get(path)).headers.get('x-powered-by')).toBeNull();
});

test('the console is mounted before any body parser', async () => {
  const router = Router();
  router.post('/echo', (request, response) => { response.json({ parsed: request.body !== undefined, url: request.originalUrl }); });
  const running = await listen(createServer(createConsoleApp(test_.app, router)), test_.app.config);
  try {
    const answer = await fetch(`${running.url}/console/echo`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
    expect(await answer.json()).toEqual({ parsed: false, url: '/console/echo' });
  } finally { await running.close(); }
});

test('the bare address leads to the console', async () => {
  const answer = await get('/');
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console']);
});

test('an unknown path answers JSON with a code, whatever the method', async () => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await get('/nowhere', { method });
    expect([answer.status, ((await answer.json()) as ErrorBody).error.code]).toEqual([404, 'endpoint_unknown']);
  }
});

test('the address of a caller comes from as many proxies as are ours, and from none by default', async () => {
  const addressSeen = async (trust: string): Promise<string | undefined> => {
    const own = await createTestApp({ env: { HOLDFAST_TRUST_PROXY: trust } });
    const router = Router();
    router.get('/ip', (request, response) => { response.json(request.ip); });
    const running = await listen(createServer(createConsoleApp(own.app, router)), own.app.config);
    try { return await (await fetch(`${running.url}/console/ip`, { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' } })).json() as string; } finally { await running.close(); await own.close(); }
  };
  expect(await addressSeen('0')).toBe('127.0.0.1');
  expect(await addressSeen('1')).toBe('203.0.113.9');
});

test('close lets an answer end and then lets go of the port', async () => {
  const router = Router();
  let asked: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => { asked = resolve; });
  router.get('/slow', (_request, response) => { asked(); setTimeout(() => { response.send('done'); }, 300); });
  const server = createServer(createConsoleApp(test_.app, router));
  server.keepAliveTimeout = 0; // the client may keep its connection for ever; we do not wait for it
  const running = await listen(server, { ...test_.app.config, drainMs: 120_000 });
  const agent = new Agent({ keepAlive: true });
  const slow = new Promise<string>((resolve, reject) => {
    httpGet(`${running.url}/console/slow`, { agent }, (response) => { let text = ''; response.on('data', (part: Buffer) => { text += part.toString(); }).on('end', () => { resolve(text); }); }).on('error', reject);
  });
  await arrived;
  const closed = running.close();
  expect(await slow).toBe('done');
  await closed;
  agent.destroy();
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow('fetch failed');
});

test('a taken port is reported, not thrown later', async () => {
  const port = Number(new URL(api.url).port);
  await expect(listen(createServer(), { ...test_.app.config, consolePort: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
