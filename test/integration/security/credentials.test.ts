import { systemActor, type Actor, type Role } from '../../../src/kernel/actor.js';
import { isRefusal, type Refusal } from '../../../src/kernel/result.js';
import { createTestApp, type TestApp } from '../../support/database.js';

let test_: TestApp;
const system = systemActor('test');
const person = (...roles: Role[]): Actor => ({ kind: 'operator', id: 'p', name: 'Pat', roles });
beforeAll(async () => {
  test_ = await createTestApp();
  await test_.app.database.pool.query(`INSERT INTO accounts (account_id, name, jurisdiction, contact, status, created_at) VALUES ('acme', 'Acme', 'DE', 'c', 'active', now()), ('gone', 'Gone', 'DE', 'c', 'closed', now())`);
});
afterAll(async () => { await test_.close(); });

function ok<T>(value: T | Refusal): T { if (isRefusal(value)) throw new Error(value.message); return value; }
const issue = (input: { accountId?: string; name: string; secret?: string }, actor: Actor = system) => test_.app.act(actor, (tx) => test_.app.security.issueKey(tx, { accountId: 'acme', ...input }));
const set = (name: string, secret: string) => test_.app.act(system, (tx) => test_.app.security.setKey(tx, { accountId: 'acme', name, secret }));
const rows = async (sql: string): Promise<Record<string, unknown>[]> => (await test_.app.database.reader.query(sql)).rows as Record<string, unknown>[];
const auditCount = async (): Promise<number> => Number((await rows('SELECT count(*) AS n FROM audit_records'))[0]!['n']);

test('a key is told once and kept as its SHA-256 and a hint; its record has neither', async () => {
  const { keyId, secret } = ok(await issue({ name: 'one' }));
  expect(secret).toMatch(/^hfk_[A-Za-z0-9_-]{43}$/);
  const all = JSON.stringify([await rows('SELECT key_id, name, hint, encode(secret_hash, \'escape\') FROM api_keys'), await rows('SELECT * FROM audit_records')]);
  expect(all).not.toContain(secret);
  expect(JSON.stringify(await rows('SELECT before, after FROM audit_records'))).not.toContain(secret.slice(-4));
  expect(await test_.app.security.keys('acme')).toMatchObject([{ keyId, name: 'one', hint: secret.slice(-4), status: 'active' }]);
});

test('a name is one key\'s, a secret is one key\'s', async () => {
  ok(await issue({ name: 'two', secret: 'brought-along-1' }));
  expect(await issue({ name: 'two' })).toMatchObject({ code: 'conflict' });
  expect(await issue({ name: 'three', secret: 'brought-along-1' })).toMatchObject({ code: 'conflict' });
  expect(await set('one', 'brought-along-1')).toMatchObject({ code: 'conflict', field: 'secret' });
});

test.each([
  [{ name: 'x', accountId: 'nobody' }, 'not_found'], [{ name: 'x', accountId: 'gone' }, 'account_closed'],
  [{ name: 'x', secret: 'short' }, 'invalid_request'], [{ name: 'two\nlines' }, 'invalid_request'],
])('a key is refused: %p', async (input, code) => { expect(await issue(input)).toMatchObject({ refused: true, code }); });

test('only an administrator issues and revokes keys', async () => {
  expect(await issue({ name: 'x' }, person('compliance_officer'))).toMatchObject({ code: 'forbidden' });
  const { keyId } = ok(await issue({ name: 'by admin' }, person('administrator')));
  const revoke = (actor: Actor) => test_.app.act(actor, (tx) => test_.app.security.revokeKey(tx, keyId, 'lost'));
  expect(await revoke(person('compliance_officer'))).toMatchObject({ code: 'forbidden' });
  expect([await revoke(system), await revoke(system)]).toEqual([{ changed: true }, { changed: false }]);
  expect((await test_.app.security.keys('acme')).find((key) => key.keyId === keyId)).toMatchObject({ status: 'revoked' });
});

test('setting a key issues it, then changes nothing, then replaces its secret under the same id', async () => {
  const first = ok(await set('file', 'first-secret-value'));
  expect(first).toMatchObject({ changed: true, created: true });
  const before = await auditCount();
  expect(await set('file', 'first-secret-value')).toEqual({ keyId: first.keyId, changed: false, created: false, revoked: false });
  expect(await auditCount()).toBe(before);
  expect(await set('file', 'second-secret-value')).toEqual({ keyId: first.keyId, changed: true, created: false, revoked: false });
});

test('a revoked key is not brought back by setting it', async () => {
  const { keyId } = ok(await set('dead', 'dead-secret-value'));
  await test_.app.act(system, (tx) => test_.app.security.revokeKey(tx, keyId, 'leaked'));
  expect(await set('dead', 'dead-secret-value')).toMatchObject({ changed: false, revoked: true });
  expect(await set('dead', 'other-secret-value')).toMatchObject({ refused: true, code: 'conflict' });
  expect((await test_.app.security.keys('acme')).find((key) => key.keyId === keyId)).toMatchObject({ status: 'revoked' });
});

test('a token is an actor with its roles until it is revoked', async () => {
  const { tokenId, secret } = ok(await test_.app.act(system, (tx) => test_.app.security.issueToken(tx, { name: 'ci', roles: ['auditor'] })));
  expect(secret).toMatch(/^hft_/);
  expect(await test_.app.security.authenticateToken(secret)).toEqual({ kind: 'api_token', id: tokenId, name: 'token:ci', roles: ['auditor'] });
  expect(await test_.app.security.authenticateToken(`${secret}x`)).toBeUndefined();
  const revoke = () => test_.app.act(system, (tx) => test_.app.security.revokeToken(tx, tokenId, 'done'));
  expect([await revoke(), await revoke()]).toEqual([{ changed: true }, { changed: false }]);
  expect(await test_.app.security.authenticateToken(secret)).toBeUndefined();
});

test('a token has at most the roles of who issues it', async () => {
  const by = (...roles: Role[]) => test_.app.act(person(...roles), (tx) => test_.app.security.issueToken(tx, { name: 't', roles: ['compliance_officer'] }));
  expect(await by('administrator')).toMatchObject({ code: 'forbidden', field: 'roles' });
  expect(await by('compliance_officer')).toMatchObject({ code: 'forbidden' });
  expect(ok(await by('administrator', 'compliance_officer'))).toHaveProperty('secret');
});
