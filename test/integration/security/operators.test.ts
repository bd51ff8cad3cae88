import { systemActor, type Actor, type Role } from '../../../src/kernel/actor.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { createTestApp, type TestApp } from '../../support/database.js';

const clock = fixedClock(new Date());
let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp({ clock }); });
afterAll(async () => { await test_.close(); });

const system = systemActor('test');
const person = (id: string, ...roles: Role[]): Actor => ({ kind: 'operator', id, name: id, roles });
const password = 'correct horse battery';
const create = async (email: string, roles: Role[] = ['auditor']): Promise<string> => {
  const made = await test_.app.act(system, (tx) => test_.app.security.createOperator(tx, { email, name: 'Ann', password, roles }));
  if (isRefusal(made)) throw new Error(made.message);
  return made.operatorId;
};
const login = (email: string, given = password) => test_.app.security.verifyLogin({ email, password: given, address: '192.0.2.7' });
const rows = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => (await test_.app.database.reader.query(sql, values)).rows as Record<string, unknown>[];
const records = (subject: string) => rows('SELECT action, reason, before, after FROM audit_records WHERE subject_id = $1 ORDER BY record_id', [subject]);

test('an operator signs in with e-mail in any case and the password', async () => {
  const id = await create('Ann@Example.test', ['compliance_officer', 'approver']);
  expect(await login(' aNN@example.test ')).toEqual({ kind: 'operator', id, name: 'Ann', email: 'ann@example.test', roles: ['compliance_officer', 'approver'] });
});

test('no password or hash stands in a record', async () => {
  const id = await create('bob@example.test');
  await test_.app.act(system, (tx) => test_.app.security.resetPassword(tx, id, 'another long password'));
  const text = JSON.stringify(await records(id));
  expect(text).not.toMatch(/scrypt|correct horse|another long/);
  expect(await login('bob@example.test', 'another long password')).toMatchObject({ id });
});

test('an unknown e-mail, a wrong password and a disabled operator get the same answer', async () => {
  const id = await create('carl@example.test');
  const wrong = await login('carl@example.test', 'not the password');
  await test_.app.act(system, (tx) => test_.app.security.disableOperator(tx, id, 'left'));
  expect(await login('carl@example.test')).toEqual(wrong);
  expect(await login('nobody@example.test')).toEqual(wrong);
  expect(wrong).toMatchObject({ refused: true, code: 'unauthenticated' });
});

test('an unknown e-mail costs the work of a wrong password', async () => {
  await create('dora@example.test');
  const time = async (email: string): Promise<number> => {
    const cpu = process.cpuUsage();
    await login(email, 'not the password');
    const used = process.cpuUsage(cpu);
    return used.user + used.system;
  };
  const known = await time('dora@example.test'), unknown = await time('nobody@example.test');
  expect(unknown).toBeGreaterThan(known / 2);
});

test('ten failures lock for fifteen minutes, even when they come all at once, and the right password does not open it before', async () => {
  await create('eve@example.test');
  await Promise.all(Array.from({ length: 12 }, () => login('eve@example.test', 'not the password')));
  expect(await login('eve@example.test')).toMatchObject({ refused: true });
  clock.advance(14 * 60_000);
  expect(await login('eve@example.test')).toMatchObject({ refused: true });
  clock.advance(61_000);
  expect(await login('eve@example.test')).toMatchObject({ email: 'eve@example.test' });
  const locked = await rows(`SELECT severity FROM security_events WHERE kind = 'login.locked'`);
  expect(locked).toEqual([{ severity: 'high' }]);
});

test('failures are forgotten with a success, and after a lock counting starts anew', async () => {
  const id = await create('fay@example.test');
  const counted = async (): Promise<unknown> => (await rows('SELECT failed_logins FROM operators WHERE operator_id = $1', [id]))[0]!['failed_logins'];
  const failed = (times: number) => test_.app.database.pool.query('UPDATE operators SET failed_logins = $2 WHERE operator_id = $1', [id, times]);
  await failed(9);
  expect(await login('fay@example.test')).toMatchObject({ id });
  expect(await counted()).toBe(0);
  await failed(9);
  await login('fay@example.test', 'not the password');
  expect(await login('fay@example.test')).toMatchObject({ refused: true });
  clock.advance(16 * 60_000);
  await login('fay@example.test', 'not the password');
  expect(await counted()).toBe(1);
  expect(await login('fay@example.test')).toMatchObject({ id });
});

test('every attempt is a security event with the address, and without the e-mail that was typed', async () => {
  await login('secret-typed-here@example.test');
  const events = await rows(`SELECT kind, address, detail FROM security_events ORDER BY event_id DESC LIMIT 1`);
  expect(events).toMatchObject([{ kind: 'login.failed', address: '192.0.2.7' }]);
  expect(JSON.stringify(events)).not.toContain('secret-typed-here');
});

test('an operator is disabled once, on record, and is no longer an active one', async () => {
  const id = await create('gus@example.test');
  expect(await test_.app.security.activeOperator(id)).toMatchObject({ id });
  const disable = () => test_.app.act(system, (tx) => test_.app.security.disableOperator(tx, id, 'left the company'));
  expect([await disable(), await disable()]).toEqual([{ changed: true }, { changed: false }]);
  expect(await test_.app.security.activeOperator(id)).toBeUndefined();
  expect(await test_.app.security.activeOperator('not-a-uuid')).toBeUndefined();
  expect((await records(id)).slice(1)).toEqual([{ action: 'operator.disable', reason: 'left the company', before: { email: 'gus@example.test', status: 'active' }, after: { email: 'gus@example.test', status: 'disabled' } }]);
});

test('nobody disables himself or gives himself roles, and only an administrator changes operators', async () => {
  const id = await create('hal@example.test', ['administrator']);
  const self = person(id, 'administrator');
  expect(await test_.app.act(self, (tx) => test_.app.security.disableOperator(tx, id, 'x'))).toMatchObject({ code: 'conflict' });
  expect(await test_.app.act(self, (tx) => test_.app.security.setRoles(tx, id, ['auditor', 'administrator'], 'x'))).toMatchObject({ code: 'conflict' });
  const officer = person('o', 'compliance_officer');
  for (const attempt of [
    () => test_.app.act(officer, (tx) => test_.app.security.createOperator(tx, { email: 'x@y.z', name: 'X', password, roles: ['auditor'] })),
    () => test_.app.act(officer, (tx) => test_.app.security.disableOperator(tx, id, 'x')),
    () => test_.app.act(officer, (tx) => test_.app.security.setRoles(tx, id, ['auditor'], 'x')),
    () => test_.app.act(officer, (tx) => test_.app.security.resetPassword(tx, id, password)),
  ]) expect(await attempt()).toMatchObject({ refused: true, code: 'forbidden' });
  expect(await test_.app.act(self, (tx) => test_.app.security.resetPassword(tx, id, 'my own new password'))).toEqual({ changed: true });
});

test.each([
  [{ email: 'not-an-address' }, 'email'], [{ name: ' ' }, 'name'], [{ roles: [] }, 'roles'], [{ roles: ['king'] as unknown as Role[] }, 'roles'], [{ password: 'short' }, 'password'],
])('a wrong field is refused by name: %p', async (part, field) => {
  const made = await test_.app.act(system, (tx) => test_.app.security.createOperator(tx, { email: 'ok@example.test', name: 'Ok', password, roles: ['auditor'], ...part }));
  expect(made).toMatchObject({ refused: true, code: 'invalid_request', field });
});

test('an e-mail belongs to one operator', async () => {
  await create('ida@example.test');
  expect(await test_.app.act(system, (tx) => test_.app.security.createOperator(tx, { email: 'IDA@example.test', name: 'I', password, roles: ['auditor'] }))).toMatchObject({ code: 'conflict', field: 'email' });
});
