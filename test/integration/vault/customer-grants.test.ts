import { addAccount, addKey } from '../../support/gateway-registry.js';
import { chat, startTestGateway, type TestGateway } from '../../support/gateway.js';
import { chatAnswer, json } from '../../support/upstream.js';

const PATH = '/holdfast/v1/content-grants';
let gateway: TestGateway, other: string;
beforeAll(async () => {
  gateway = await startTestGateway(json(chatAnswer()));
  await addAccount(gateway.app, { id: 'other', jurisdiction: 'US' });
  other = await addKey(gateway.app, 'other');
  await gateway.registryInForce();
});
afterAll(async () => { await gateway.close(); });

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();
const ask = (path: string, options: { method?: string; body?: object | string; key?: string | null } = {}): Promise<Response> => fetch(gateway.url + path, {
  method: options.method ?? (options.body === undefined ? 'GET' : 'POST'), headers: { 'content-type': 'application/json', ...(options.key === null ? {} : { authorization: `Bearer ${options.key ?? gateway.acme}` }) },
  ...(options.body === undefined ? {} : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }) });
const grants = async (key?: string): Promise<{ grant_id: string; authorised_by: string; revoked_at: string | null; reason: string | null }[]> => (await (await ask(PATH, key ? { key } : {})).json() as { data: never[] }).data;

test('a customer grants, sees and revokes with its own key; each step is on record under that key', async () => {
  expect(await grants()).toEqual([]);
  const response = await ask(PATH, { body: { authorised_by: 'cto@acme.example', reason: 'answers end early', valid_until: soon(), this_key_only: true } });
  expect(response.status).toBe(201);
  const { grant_id: id } = await response.json() as { grant_id: string };
  await gateway.registryInForce();
  const call = await gateway.post('/v1/chat/completions', chat());
  await call.text();
  const kept = async (): Promise<number> => (await gateway.app.vault.contentOf(call.headers.get('x-request-id')!)).length;
  for (let i = 0; i < 500 && await kept() < 2; i++) await new Promise((done) => { setTimeout(done, 20); });
  expect(await kept()).toBe(2);
  expect(await grants()).toMatchObject([{ grant_id: id, kind: 'troubleshooting', authorised_by: 'cto@acme.example', key_ids: [expect.any(String)], revoked_at: null }]);
  expect(await (await ask(`${PATH}/${id}/revoke`, { body: { reason: 'solved' } })).json()).toEqual({ changed: true, expired: 2 });
  expect(await kept()).toBe(0);
  expect((await grants())[0]!.revoked_at).not.toBeNull();
  const { rows } = await gateway.app.database.reader.query("SELECT actor_kind, action FROM audit_records WHERE subject_id = $1 ORDER BY record_id", [id]);
  expect(rows).toEqual([{ actor_kind: 'api_key', action: 'content.grant' }, { actor_kind: 'api_key', action: 'content.revoke' }]);
});

test('of another account nothing is seen, and nothing revoked', async () => {
  const { grant_id: id } = await (await ask(PATH, { body: { authorised_by: 'a', reason: 'b', valid_until: soon() } })).json() as { grant_id: string };
  expect(await grants(other)).toEqual([]);
  const answer = await ask(`${PATH}/${id}/revoke`, { key: other, body: { reason: 'c' } });
  expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  expect((await grants()).find((one) => one.grant_id === id)!.revoked_at).toBeNull();
});

test.each<[string, string, { method?: string; body?: object | string; key?: string | null }, number]>([
  ['without a key', PATH, { key: null }, 401], ['with a wrong key', PATH, { key: 'hfk_wrong' }, 401], ['with a body that is no JSON', PATH, { body: '{' }, 400], ['without who authorised it', PATH, { body: { reason: 'b', valid_until: soon() } }, 400],
  ['for a security review', PATH, { body: { kind: 'security_review', authorised_by: 'a', reason: 'b', valid_until: soon() } }, 400], ['for longer than content may live', PATH, { body: { authorised_by: 'a', reason: 'b', valid_until: soon(), keep_hours: 73 } }, 400],
  ['by another method', PATH, { method: 'DELETE' }, 405], ['on another path', `${PATH}/x`, {}, 404], ['to revoke what is not there', `${PATH}/0193c1a2-7b3c-7000-8000-000000000009/revoke`, { body: { reason: 'c' } }, 404],
])('asked %s it refuses in words, with an id', async (_, path, options, status) => {
  const answer = await ask(path, options);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect((await answer.json() as { error: { message: string } }).error.message.length).toBeGreaterThan(10);
});

test('why our own security review looks is not told, that it does is', async () => {
  await gateway.app.act({ kind: 'system', id: 't', name: 't', roles: [] }, (tx) => gateway.app.vault.grantContent(tx, { accountId: 'other', kind: 'security_review', sides: ['input'], reason: 'suspected abuse of others', validUntil: new Date(soon()) }));
  expect(await grants(other)).toMatchObject([{ kind: 'security_review', reason: null }]);
});
