// Small tables: accounts with their keys after closing, payments after their fiscal year.
import { ok, system } from '../support/registry.js';
import { createRetentionBench, purge, verifyAll, writeCalls, type RetentionBench } from '../support/retention.js';

let bench: RetentionBench;
beforeEach(async () => { bench = await createRetentionBench(); });
afterEach(async () => { await bench.close(); });

const close = (accountId: string) => bench.app.act(system, (tx) => bench.app.billing.closeAccount(tx, accountId, 'left'));
const key = (accountId: string) => bench.app.act(system, (tx) => bench.app.security.issueKey(tx, { accountId, name: 'k' }));
const hold = (accountId: string) => bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { accountId, matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' }));
const later = (iso: string): void => { bench.clock.set(iso); };

test('a closed account loses name, contact and keys six calendar months later, and its id stays taken', async () => {
  const { app } = bench;
  for (const account of ['acme', 'globex']) ok(await key(account));
  await writeCalls(app, '2026-11-24', { acme: 2 });
  ok(await close('acme'));
  later('2027-05-24T11:59:00Z');
  expect(await purge(app, 'account_information')).toMatchObject({ state: 'nothing_due' });
  later('2027-05-24T12:00:01Z');
  const run = await purge(app, 'account_information');
  expect(run).toMatchObject({ state: 'certified', rowsDeleted: 2n, survivors: 0n });
  expect(run.items.map((item) => [item.table, item.method, item.rowsDeleted])).toEqual([['api_keys', 'delete_rows', 1n], ['accounts', 'erase_fields', 1n]]);
  expect(await bench.read(`SELECT account_id, name, contact, jurisdiction, erased_at FROM accounts WHERE account_id = 'acme'`)).toEqual([
    { account_id: 'acme', name: '[erased]', contact: '[erased]', jurisdiction: 'DE', erased_at: new Date('2027-05-24T12:00:01Z') }]);
  expect(await bench.read('SELECT account_id FROM api_keys')).toEqual([{ account_id: 'globex' }]);
  expect(await bench.count('calls')).toBe(2);
  expect(await app.act(system, (tx) => app.billing.openAccount(tx, { accountId: 'acme', name: 'Someone else', jurisdiction: 'US', contact: 'x@y.test' }))).toMatchObject({ refused: true });
  expect((await app.retention.certificate(run.runId))!.body).toMatchObject({ items: [{ purged_leaves: null }, { purged_leaves: null }] });
  expect(await purge(app, 'account_information')).toMatchObject({ state: 'nothing_due' });
  expect(await verifyAll(app)).toMatchObject({ intact: true });
});

test('a held account keeps everything, and one that was reopened is no longer due', async () => {
  const { app } = bench;
  for (const account of ['acme', 'globex', 'zh']) { ok(await key(account)); ok(await close(account)); }
  ok(await hold('acme'));
  later('2027-06-01T00:00:00Z');
  ok(await app.act(system, (tx) => app.billing.reopenAccount(tx, 'globex', 'came back')));
  expect(await purge(app, 'account_information')).toMatchObject({ state: 'certified', rowsDeleted: 2n, rowsHeld: 2n });
  expect(await bench.read('SELECT account_id, name FROM accounts ORDER BY 1')).toEqual([{ account_id: 'acme', name: 'acme' }, { account_id: 'globex', name: 'globex' }, { account_id: 'zh', name: '[erased]' }]);
});

test('payments go ten years after the end of their fiscal year, not of their day', async () => {
  const { app } = bench;
  ok(await app.act(system, (tx) => app.billing.recordPayment(tx, { accountId: 'acme', amountMicros: 5_000_000n, currency: 'USD', paidAt: new Date('2026-02-01T00:00:00Z'), reference: 'r1', fiscalYearEnd: '2026-12-31' })));
  ok(await app.act(system, (tx) => app.billing.recordPayment(tx, { accountId: 'globex', amountMicros: 5_000_000n, currency: 'USD', paidAt: new Date('2026-02-01T00:00:00Z'), reference: 'r2', fiscalYearEnd: '2026-12-31' })));
  ok(await hold('globex'));
  later('2036-12-31T23:59:00Z');
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'nothing_due' });
  later('2037-01-01T00:01:00Z');
  expect(await app.retention.previewPurge('payment_records')).toMatchObject([{ rowsDue: 1n, rowsHeld: 1n, accountsHeld: 1, overdueSince: new Date('2037-01-01T00:00:00Z') }]);
  expect(await purge(app, 'payment_records')).toMatchObject({ state: 'certified', rowsDeleted: 1n, rowsHeld: 1n, items: [{ table: 'payments', method: 'delete_rows' }] });
  expect(await bench.read('SELECT account_id FROM payments')).toEqual([{ account_id: 'globex' }]);
});
