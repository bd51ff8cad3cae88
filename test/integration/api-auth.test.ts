import { request as httpRequest } from 'node:http';
import { can, PERMISSIONS_OF } from '../../src/domain/security/index.js';
import { FAILURES_PER_MINUTE } from '../../src/entrypoints/http/api/authenticate.js';
import { ROUTES } from '../../src/entrypoints/http/api/routes.js';
import { ROLES, systemActor } from '../../src/kernel/actor.js';
import { codeOf, startTestApi, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
beforeAll(async () => { test_ = await createTestApp(); api = await startTestApi(test_.app); });
afterAll(async () => { await api.close(); await test_.close(); });
const events = async (kind: string): Promise<{ severity: string; address: string; detail: object }[]> =>
  (await test_.app.database.reader.query('SELECT severity, address, detail FROM security_events WHERE kind = $1 ORDER BY event_id', [kind])).rows;

test.each([undefined, '', 'Bearer', 'Bearer ', 'Basic aGZ0XzE6', 'hft_0123456789abcdef', 'Bearer hft_0123456789abcdef', `Bearer ${'x'.repeat(300)}`, 'Bearer hft_0123 456789'])(
  'without a token in force nothing is answered: %p', async (authorization) => {
    const answer = await api.showing(authorization).get('/calls');
    expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

test('a wrong token is written down, without the token; a missing one is not', async () => {
  const before = (await events('token.rejected')).length;
  await api.showing('Bearer hft_wrong_wrong_wrong').get('/accounts?status=active');
  await api.showing(undefined).get('/accounts');
  const found = await events('token.rejected');
  expect(found).toHaveLength(before + 1);
  expect(found.at(-1)).toMatchObject({ severity: 'warning', address: '127.0.0.1', detail: { method: 'GET' } });
  expect(JSON.stringify(found)).not.toContain('wrong');
});

test('a key of a customer is no token', async () => {
  await test_.app.act(systemActor('test'), (tx) => test_.app.billing.openAccount(tx, { accountId: 'acme', name: 'Acme', jurisdiction: 'DE', contact: 'c' }));
  const key = await test_.app.act(systemActor('test'), (tx) => test_.app.security.issueKey(tx, { accountId: 'acme', name: 'k' }));
  if ('refused' in key) throw new Error(key.message);
  expect((await api.showing(`Bearer ${key.secret}`).get('/accounts')).status).toBe(401);
});

test('a revoked token is out at once', async () => {
  const issued = await test_.app.act(systemActor('test'), (tx) => test_.app.security.issueToken(tx, { name: 'short', roles: ['auditor'] }));
  if ('refused' in issued) throw new Error(issued.message);
  const client = api.showing(`bearer ${issued.secret}`);
  expect((await client.get('/operators')).status).toBe(200);
  await test_.app.act(systemActor('test'), (tx) => test_.app.security.revokeToken(tx, issued.tokenId, 'test'));
  expect((await client.get('/operators')).status).toBe(401);
});

test('every route names a permission that some role has', () => {
  const given = new Set(Object.values(PERMISSIONS_OF).flat());
  expect(ROUTES.filter((route) => !given.has(route.permission)).map((route) => route.id)).toEqual([]);
});

test('every role is refused exactly the routes its permissions do not cover, and each refusal is written down', async () => {
  for (const role of ROLES) {
    const client = await api.as(role);
    const actor = { ...systemActor('x'), kind: 'api_token' as const, roles: [role] };
    const before = (await events('access.denied')).length;
    const denied = ROUTES.filter((route) => !can(actor, route.permission));
    for (const route of denied) {
      const path = route.path.replaceAll(/\{\w+\}/g, '0193c1a2-7b3c-7000-8000-0123456789ab');
      const answer = route.method === 'get' ? await client.get(path) : await client.post(path, { anything: 1 });
      expect([route.id, answer.status, codeOf(answer)]).toEqual([route.id, 403, 'forbidden']);
    }
    const found = await events('access.denied');
    expect(found).toHaveLength(before + denied.length);
  }
  // What only compares or counts; and two whose use case says no by itself: a move to whom its machine does not name, a withdrawal to whom did not ask.
  expect(ROUTES.filter((route) => can({ ...systemActor('x'), kind: 'api_token', roles: ['auditor'] }, route.permission)).filter((route) => route.method === 'post').map((route) => route.id).sort())
    .toEqual(['compareCollection', 'comparePack', 'moveCase', 'previewErasure', 'previewPurge', 'simulatePolicy', 'startVerification', 'withdrawApproval']);
});

test('a stranger\'s body is not read', async () => {
  const status = await new Promise<number>((resolve, reject) => {
    const sent = httpRequest(`${api.url}/api/v1/accounts`, { method: 'POST', headers: { 'content-length': '1000000', 'content-type': 'application/json' } }, (response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      sent.destroy();
    });
    sent.on('error', reject);
    sent.write('{');
  });
  expect(status).toBe(401);
});

test('who fails too often is refused unrecorded, and a valid token from the same address still works', async () => {
  const own = await createTestApp();
  const busy = await startTestApi(own.app);
  try {
    const valid = await busy.as('auditor');
    const statuses: number[] = [];
    for (let i = 0; i < FAILURES_PER_MINUTE + 5; i += 1) statuses.push((await busy.showing('Bearer hft_guess_guess_guess').get('/operators')).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(FAILURES_PER_MINUTE);
    expect(statuses.slice(FAILURES_PER_MINUTE)).toEqual([429, 429, 429, 429, 429]);
    const { rows } = await own.app.database.reader.query("SELECT count(*)::int AS n FROM security_events WHERE kind = 'token.rejected'");
    expect(rows).toEqual([{ n: FAILURES_PER_MINUTE }]);
    expect((await valid.get('/operators')).status).toBe(200);
  } finally { await busy.close(); await own.close(); }
});
