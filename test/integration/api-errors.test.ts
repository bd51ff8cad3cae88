import { gzipSync } from 'node:zlib';
import { codeOf, startTestApi, type ApiClient, type TestApi } from '../support/api.js';
import { createTestApp, type TestApp } from '../support/database.js';

let test_: TestApp;
let api: TestApi;
let admin: ApiClient;
let secret: string;
beforeAll(async () => {
  test_ = await createTestApp();
  api = await startTestApi(test_.app);
  admin = await api.as('administrator');
  const issued = (await admin.post('/tokens', { name: 'raw', roles: ['administrator'] })).body as { secret: string };
  secret = issued.secret;
});
afterAll(async () => { await api.close(); await test_.close(); });
const raw = (body: BodyInit, headers: Record<string, string> = {}): Promise<Response> => fetch(`${api.url}/api/v1/tokens`, { method: 'POST', body, headers: { authorization: `Bearer ${secret}`, ...headers } });
const failure = async (response: Response): Promise<[number, string, string | undefined]> => {
  const { error } = await response.json() as { error: { code: string; field?: string } };
  return [response.status, error.code, error.field];
};

test.each(['{', '{"name":}', 'name=raw', '"text"', '1', 'null', ''])('a body that is not a JSON object answers 400 in JSON: %p', async (body) => {
  expect((await failure(await raw(body))).slice(0, 2)).toEqual([400, 'invalid_request']);
});

test('a body is read as JSON whatever it calls itself, so that a plain curl works', async () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
    expect((await raw('{"name":"a","roles":["administrator"]}', { 'content-type': type })).status).toBe(201);
  }
});

test('a body over a megabyte answers 413, also when it is small until unpacked', async () => {
  const huge = JSON.stringify({ name: 'x'.repeat(1_100_000), roles: ['administrator'] });
  expect(await failure(await raw(huge))).toEqual([413, 'body_too_large', undefined]);
  expect(await failure(await raw(gzipSync(huge), { 'content-encoding': 'gzip' }))).toEqual([413, 'body_too_large', undefined]);
});

test('a coding or a character set that is not known answers 400', async () => {
  expect((await failure(await raw('{}', { 'content-encoding': 'snappy' })))[1]).toBe('invalid_request');
  expect((await failure(await raw('{}', { 'content-type': 'application/json; charset=ebcdic' })))[1]).toBe('invalid_request');
  expect((await failure(await raw(Buffer.from([0x1f, 0x8b, 0, 1]), { 'content-encoding': 'gzip' })))[0]).toBe(400);
});

test.each([
  [{ name: 'a' }, 'body.roles'], [{ name: 'a', roles: [] }, 'body.roles'], [{ name: 'a', roles: ['king'] }, 'body.roles.0'], [{ name: '', roles: ['auditor'] }, 'body.name'],
  [{ name: 'a\u0000b', roles: ['administrator'] }, 'body.name'], [{ name: 'a\ud800', roles: ['administrator'] }, 'body.name'], [{ name: 'a', roles: ['administrator'], admin: true }, 'body'],
  [JSON.parse('{"name":"a","roles":["administrator"],"__proto__":{"x":1}}'), 'body'],
])('a field that is wrong is named: %j', async (body, field) => {
  expect((await admin.post('/tokens', body)).body).toMatchObject({ error: { code: 'invalid_request', field } });
});

test('a refusal of a use case names the field as the caller knows it', async () => {
  expect((await admin.post('/tokens', { name: 'line\nbreak', roles: ['administrator'] })).body).toMatchObject({ error: { code: 'invalid_request', field: 'body.name' } });
});

test('a path that does not decode or is not there is the caller\'s fault', async () => {
  expect((await admin.post('/tokens/%E0%A4%A/revoke')).status).toBe(400);
  expect(codeOf(await admin.get('/nowhere'))).toBe('endpoint_unknown');
  expect(codeOf(await admin.get('/operators/'))).toBe('endpoint_unknown');
  expect(codeOf(await admin.get('/Operators'))).toBe('endpoint_unknown');
});

test('a known path with another method answers 405 and says which it takes', async () => {
  for (const [path, method, allow] of [['operators', 'DELETE', 'GET, POST'], ['operators', 'PUT', 'GET, POST'], ['ledger/verify', 'GET', 'POST']] as const) {
    const answer = await fetch(`${api.url}/api/v1/${path}`, { method, headers: { authorization: `Bearer ${secret}` } });
    expect([answer.headers.get('allow'), ...await failure(answer)]).toEqual([allow, 405, 'method_not_allowed', undefined]);
  }
});

test('an id that is not one is refused before anybody looks for it', async () => {
  expect((await admin.post('/tokens/none/revoke', { reason: 'x' })).body).toMatchObject({ error: { code: 'invalid_request', field: 'params.token_id' } });
  expect(codeOf(await admin.post('/tokens/0193c1a2-7b3c-7000-8000-0123456789ab/revoke', { reason: 'x' }))).toBe('not_found');
});

test('answers are not kept by caches, and pages of others cannot read them', async () => {
  const answer = await fetch(`${api.url}/api/v1/operators`, { headers: { authorization: `Bearer ${secret}`, origin: 'https://elsewhere.example' } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
