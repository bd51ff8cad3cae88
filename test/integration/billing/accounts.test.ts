import type { AccountInput } from '../../../src/domain/billing/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

let test_: TestApp;
beforeAll(async () => { test_ = await createTestApp(); });
afterAll(async () => { await test_.close(); });
const { run, audit, state } = registryOf(() => test_);

const acme: AccountInput = { accountId: 'acme', name: 'Acme GmbH', jurisdiction: 'DE', contact: 'dev@acme.test', requestsPerMinute: 100, tokensPerMinute: 900_719_925_474_099n };
const set = (input: AccountInput) => run((tx) => test_.app.billing.setAccount(tx, input));

test('an account is opened once, with limits kept to the last digit', async () => {
  expect(ok(await run((tx) => test_.app.billing.openAccount(tx, acme)))).toEqual({ accountId: 'acme' });
  expect(await run((tx) => test_.app.billing.openAccount(tx, acme))).toMatchObject({ code: 'conflict', field: 'accountId' });
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ ...acme, status: 'active', closedAt: null });
});

test('setting what is so writes nothing: no record, no registry version', async () => {
  const before = await state();
  expect(await set(acme)).toEqual({ changed: false, created: false });
  expect(await run((tx) => test_.app.billing.updateAccount(tx, 'acme', { name: 'Acme GmbH' }))).toEqual({ changed: false });
  expect(await state()).toEqual(before);
});

test('a change is on record with before and after, without name and contact, which are purged earlier', async () => {
  expect(await set({ ...acme, contact: 'privacy@acme.test', requestsPerMinute: 50 })).toEqual({ changed: true, created: false });
  const record = (await audit('acme')).at(-1);
  expect(record).toMatchObject({ action: 'account.update', before: { requests_per_minute: 100 }, after: { requests_per_minute: 50, jurisdiction: 'DE' } });
  expect(JSON.stringify(await audit())).not.toMatch(/acme\.test|Acme GmbH/);
});

test('a limit that is left out is lifted by setting and kept by updating', async () => {
  await run((tx) => test_.app.billing.updateAccount(tx, 'acme', { contact: 'x@acme.test' }));
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ requestsPerMinute: 50, tokensPerMinute: 900_719_925_474_099n });
  await run((tx) => test_.app.billing.updateAccount(tx, 'acme', { tokensPerMinute: null }));
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ requestsPerMinute: 50, tokensPerMinute: null });
  await set({ accountId: 'acme', name: 'Acme GmbH', jurisdiction: 'DE', contact: 'x@acme.test' });
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ requestsPerMinute: null });
});

test('closing and reopening happen once each, with a reason; setting leaves the status alone', async () => {
  const close = (reason = 'contract ended') => run((tx) => test_.app.billing.closeAccount(tx, 'acme', reason));
  expect(await close(' ')).toMatchObject({ code: 'invalid_request', field: 'reason' });
  expect([await close(), await close()]).toEqual([{ changed: true }, { changed: false }]);
  expect((await audit('acme')).at(-1)).toMatchObject({ action: 'account.close', reason: 'contract ended', before: { status: 'active' }, after: { status: 'closed' } });
  await set({ ...acme, name: 'Acme AG' });
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ name: 'Acme AG', status: 'closed' });
  const reopen = () => run((tx) => test_.app.billing.reopenAccount(tx, 'acme', 'they came back'));
  expect([await reopen(), await reopen()]).toEqual([{ changed: true }, { changed: false }]);
  expect(await test_.app.billing.findAccount('acme')).toMatchObject({ status: 'active', closedAt: null });
});

test('an erased account takes nothing any more, and its id is not given again', async () => {
  ok(await run((tx) => test_.app.billing.openAccount(tx, { ...acme, accountId: 'erased' })));
  await test_.app.database.pool.query(`UPDATE accounts SET status = 'closed', closed_at = now(), erased_at = now(), name = '', contact = '' WHERE account_id = 'erased'`);
  expect(await set({ ...acme, accountId: 'erased' })).toMatchObject({ code: 'conflict' });
  expect(await run((tx) => test_.app.billing.openAccount(tx, { ...acme, accountId: 'erased' }))).toMatchObject({ code: 'conflict' });
  expect(await run((tx) => test_.app.billing.reopenAccount(tx, 'erased', 'x'))).toMatchObject({ code: 'conflict' });
});

test.each([
  [{ accountId: 'Not An Id' }, 'accountId'], [{ name: '' }, 'name'], [{ name: 'two\nlines' }, 'name'], [{ jurisdiction: 'de' }, 'jurisdiction'], [{ jurisdiction: 'QQ' }, 'jurisdiction'],
  [{ contact: ' ' }, 'contact'], [{ requestsPerMinute: 0 }, 'requestsPerMinute'], [{ requestsPerMinute: 1.5 }, 'requestsPerMinute'], [{ tokensPerMinute: -1n }, 'tokensPerMinute'],
])('a wrong field is refused by name: %p', async (part, field) => {
  expect(await set({ ...acme, accountId: 'fresh', ...part })).toMatchObject({ refused: true, code: 'invalid_request', field });
});

test('an account that is not there is not found', async () => {
  for (const attempt of [run((tx) => test_.app.billing.updateAccount(tx, 'nobody', {})), run((tx) => test_.app.billing.closeAccount(tx, 'nobody', 'x')), run((tx) => test_.app.billing.reopenAccount(tx, 'nobody', 'x'))]) {
    expect(await attempt).toMatchObject({ code: 'not_found' });
  }
});

test('a role without accounts.write changes no account', async () => {
  const auditor = person('auditor', 'support_agent');
  for (const attempt of [
    run((tx) => test_.app.billing.openAccount(tx, { ...acme, accountId: 'fresh' }), auditor), run((tx) => test_.app.billing.setAccount(tx, acme), auditor),
    run((tx) => test_.app.billing.updateAccount(tx, 'acme', {}), auditor), run((tx) => test_.app.billing.closeAccount(tx, 'acme', 'x'), auditor), run((tx) => test_.app.billing.reopenAccount(tx, 'acme', 'x'), auditor),
  ]) expect(await attempt).toMatchObject({ refused: true, code: 'forbidden' });
});
