import type { ConfirmationInput } from '../../../src/domain/cross-border/index.js';
import { fixedClock } from '../../../src/kernel/clock.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { ok, person, registryOf } from '../../support/registry.js';

let test_: TestApp;
const { run, audit, state } = registryOf(() => test_);
beforeAll(async () => {
  test_ = await createTestApp({ clock: fixedClock('2026-06-15T12:00:00Z') });
  await run((tx) => test_.app.billing.openAccount(tx, { accountId: 'acme', name: 'Acme', jurisdiction: 'DE', contact: 'c' }));
});
afterAll(async () => { await test_.close(); });

const given: ConfirmationInput = { accountId: 'acme', destination: 'US', basis: 'standard-contract', covers: ['legality', 'authorisation', 'redaction', 'procedures'], confirmedBy: 'dpo@acme.test', confirmedAt: '2026-02-01', validUntil: '2029-02-01' };
const confirm = (part: Partial<ConfirmationInput> = {}) => run((tx) => test_.app.crossBorder.confirmTransfers(tx, { ...given, ...part }));

test('a confirmation is recorded once; the same word again writes nothing', async () => {
  const { confirmationId } = ok(await confirm());
  const before = await state();
  expect(await confirm({ covers: [...given.covers].reverse() })).toEqual({ confirmationId, changed: false, withdrawn: false });
  expect(await state()).toEqual(before);
  expect(await test_.app.crossBorder.confirmations('acme')).toEqual([{ ...given, confirmationId, withdrawnAt: null }]);
  expect((await audit(confirmationId)).at(-1)).toMatchObject({ action: 'confirmation.record', after: { destination: 'US', basis: 'standard-contract' } });
});

test('a confirmation never changes: another word of the same day is refused, of another day recorded', async () => {
  expect(await confirm({ validUntil: '2030-01-01' })).toMatchObject({ code: 'conflict', field: 'confirmedAt' });
  expect(ok(await confirm({ validUntil: '2030-01-01', confirmedAt: '2026-03-01' }))).toMatchObject({ changed: true });
});

test('a confirmation is withdrawn once and stays withdrawn when it is set again', async () => {
  const { confirmationId } = ok(await confirm({ destination: 'JP' }));
  const withdraw = (reason = 'DPA ended') => run((tx) => test_.app.crossBorder.withdrawConfirmation(tx, confirmationId, reason));
  expect(await withdraw('')).toMatchObject({ code: 'invalid_request', field: 'reason' });
  expect([await withdraw(), await withdraw()]).toEqual([{ changed: true }, { changed: false }]);
  expect(await confirm({ destination: 'JP' })).toEqual({ confirmationId, changed: false, withdrawn: true });
  expect((await audit(confirmationId)).at(-1)).toMatchObject({ action: 'confirmation.withdraw', reason: 'DPA ended', after: { withdrawn_at: '2026-06-15T12:00:00.000Z' } });
});

test.each([
  [{ destination: 'USA' }, 'destination'], [{ basis: 'handshake' as never }, 'basis'], [{ covers: [] }, 'covers'], [{ covers: ['legality', 'luck'] }, 'covers'], [{ covers: ['legality', 'legality'] }, 'covers'],
  [{ confirmedBy: '' }, 'confirmedBy'], [{ confirmedAt: '2026-02-30' }, 'confirmedAt'], [{ confirmedAt: '2026-06-17' }, 'confirmedAt'], [{ validUntil: '2026-01-31' }, 'validUntil'],
])('a wrong field is refused by name: %p', async (part, field) => { expect(await confirm(part)).toMatchObject({ refused: true, code: 'invalid_request', field }); });

test('a customer a day ahead of the operator may have confirmed tomorrow', async () => { expect(ok(await confirm({ destination: 'NZ', confirmedAt: '2026-06-16' }))).toMatchObject({ changed: true }); });

test('a confirmation needs its account, and confirmations.write', async () => {
  expect(await confirm({ accountId: 'nobody' })).toMatchObject({ code: 'not_found' });
  expect(await run((tx) => test_.app.crossBorder.withdrawConfirmation(tx, 'no-uuid', 'x'))).toMatchObject({ code: 'not_found' });
  expect(await run((tx) => test_.app.crossBorder.confirmTransfers(tx, given), person('administrator'))).toMatchObject({ code: 'forbidden' });
  expect(await run((tx) => test_.app.crossBorder.withdrawConfirmation(tx, 'x', 'x'), person('auditor'))).toMatchObject({ code: 'forbidden' });
});
