// Subject erasure: what may go goes at once and for everybody to check, what a law or a hold keeps is restricted, with the reason, until it may go.
import { createRetentionBench, NOW, plan, purge, release, retentionWith, verifyAll, writeCalls, writeEvents, writeTransfers, DAY_MS, type RetentionBench } from '../support/retention.js';
import { approveAll } from '../support/approvals.js';
import { ok, system } from '../support/registry.js';
import type { EraseInput, Erasure } from '../../src/domain/retention/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import type { Act } from '../../src/platform/db/index.js';
import { createLogger } from '../../src/platform/log/log.js';

const officer = (id: string): Actor => ({ kind: 'operator', id, name: id, roles: ['compliance_officer'] });
const REQUEST = { ground: 'gdpr_17', reason: 'the person asked for it' } as const;
let bench: RetentionBench;
beforeAll(async () => { bench = await createRetentionBench(); });
afterAll(async () => { await bench.close(); });

const find = async (erasureId: string): Promise<Erasure> => (await bench.app.retention.erasures({ erasureId }))[0]!;
async function planned(input: EraseInput): Promise<string> {
  return ok(await bench.app.act(officer('ada'), (tx) => bench.app.retention.planErasure(tx, input))).erasureId;
}
async function carriedOut(input: EraseInput): Promise<Erasure> {
  const erasureId = await planned(input);
  await approveAll(bench.app);
  await bench.app.ledger.sealOnce();
  await bench.app.retention.runErasure(erasureId);
  return find(erasureId);
}
const open = async (accountId: string, jurisdiction = 'DE'): Promise<void> => {
  ok(await bench.app.act(system, (tx) => bench.app.billing.openAccount(tx, { accountId, name: accountId, jurisdiction, contact: `privacy@${accountId}.test` })));
};
const close = async (accountId: string): Promise<void> => { ok(await bench.app.act(system, (tx) => bench.app.billing.closeAccount(tx, accountId, 'erasure'))); };
const shownCalls = async (accountId: string, see = false): Promise<number> => {
  const count = async (): Promise<number> => {
    const values: unknown[] = [accountId], shown = await bench.app.retention.shownSql('calls', 'c', (value) => `$${values.push(value)}`);
    return Number((await bench.app.database.reader.query<{ n: string }>(`SELECT count(*) AS n FROM calls c WHERE c.account_id = $1${shown ? ` AND ${shown}` : ''}`, values)).rows[0]!.n);
  };
  return see ? bench.app.retention.withRestricted(count) : count();
};

test('calls of the account go, those of others stay, and what the law keeps is restricted until a purge may take it', async () => {
  await open('ida');
  await writeCalls(bench.app, '2026-11-20', { ida: 3, acme: 2 });
  await writeCalls(bench.app, '2026-11-24', { ida: 2, acme: 1 });
  await writeTransfers(bench.app, '2026-11-20', { ida: 3, acme: 1 });
  await writeEvents(bench.app, '2026-11-20', { ida: 2, acme: 1 });
  await bench.app.act(system, async (tx) => ok(await bench.app.billing.recordPayment(tx, { accountId: 'ida', amountMicros: 5_000_000n, currency: 'EUR', paidAt: new Date('2026-03-01T00:00:00Z'), fiscalYearEnd: '2026-12-31', reference: 'p-1' })));
  await close('ida');
  const erasureId = await planned({ accountId: 'ida', ...REQUEST });
  expect(await bench.count("calls WHERE account_id = 'ida'")).toBe(5);
  bench.clock.advance(3_000);
  expect(await shownCalls('ida')).toBe(0);
  expect(await shownCalls('ida', true)).toBe(5);
  expect(await shownCalls('acme')).toBe(3);
  expect(await bench.app.retention.isRestricted('third_party_call_records', { accountId: 'ida', at: NOW })).toBe(true);
  expect(await bench.app.retention.isRestricted('third_party_call_records', { accountId: 'acme', at: NOW })).toBe(false);
  expect((await find(erasureId)).restrictions.map((one) => [one.dataType, one.rows, one.why.map((why) => why.kind)])).toEqual(expect.arrayContaining([
    ['api_call_metadata', 5n, ['approval']], ['third_party_call_records', 6n, ['approval', 'floor']], ['payment_records', 1n, ['approval', 'books']]]));

  await approveAll(bench.app);
  await bench.app.retention.runErasure(erasureId);
  const done = await find(erasureId);
  expect(done).toMatchObject({ state: 'erased', failure: null });
  expect(await bench.count("calls WHERE account_id = 'ida'")).toBe(0);
  expect(await bench.count("calls WHERE account_id = 'acme'")).toBe(3);
  expect(await bench.count("transfers WHERE account_id = 'ida'")).toBe(3);
  expect(await bench.read("SELECT name, contact FROM accounts WHERE account_id = 'ida'")).toEqual([{ name: '[erased]', contact: '[erased]' }]);
  expect(done.outcome).toMatchObject({ api_call_metadata: { erased: '5', restricted: '0' }, third_party_call_records: { erased: '0', restricted: '6' }, security_logs: { restricted: '2' }, payment_records: { restricted: '1' }, account_information: { erased: '1' } });
  expect(done.restrictions.filter((one) => one.liftedAt === null).map((one) => [one.dataType, one.why.map((why) => why.kind)])).toEqual([['payment_records', ['books']], ['security_logs', ['floor']], ['third_party_call_records', ['floor']]]);
  const [run] = (await bench.app.retention.erasureRuns(erasureId)).filter((one) => one.dataType === 'api_call_metadata'), certificate = await bench.app.retention.certificate(run!.runId);
  expect(certificate!.body).toMatchObject({ data_type: 'api_call_metadata', rows_deleted: '5', policies: [], erasure: { ground: 'gdpr_17', scope: { account_id: 'ida', by: 'account' }, approved_by: 'Grace' }, approvals: [{ action: 'erase.subject', subject: erasureId }] });
  const report = await verifyAll(bench.app);
  expect(report.intact).toBe(true);
  expect(report.counts).toMatchObject({ purged_with_certificate: 5 });

  expect(await bench.app.retention.explain({ dataType: 'third_party_call_records', createdAt: new Date('2026-11-20T08:00:00Z'), accountId: 'ida' })).toMatchObject({ restricted: { erasureId }, deleteAt: new Date('2029-11-20T08:00:00Z') });

  // Restricted rows go by themselves with the first purge after the law lets them, whatever the policy says.
  ok(await bench.app.act(system, (tx) => bench.app.retention.publishPolicy(tx, { dataType: 'third_party_call_records', keep: 'P9Y', purpose: 'test' })));
  bench.clock.set(new Date('2029-11-23T12:00:00Z'));
  expect((await bench.app.retention.previewPurge('third_party_call_records'))[0]!.rowsDue).toBe(6n);
  await purge(bench.app, 'third_party_call_records');
  expect(await bench.count('transfers')).toBe(1);
  expect(await bench.app.retention.settleRestrictions()).toBe(1);
  expect((await find(erasureId)).restrictions.find((one) => one.dataType === 'third_party_call_records')!.liftedAt).not.toBeNull();
  bench.clock.set(new Date('2026-11-24T13:00:00Z'));
});

test('a held row stays, restricted for the hold, and goes when the hold has ended', async () => {
  await open('otto');
  const ids = await writeCalls(bench.app, '2026-11-19', { otto: 4 });
  const hold = ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { requestIds: ids['otto']!.slice(0, 1), matter: 'D-1', requester: 'court', basis: 'order', reviewOn: '2027-01-01' })));
  const done = await carriedOut({ accountId: 'otto', dataTypes: ['api_call_metadata'], ...REQUEST });
  expect(done.outcome).toMatchObject({ api_call_metadata: { erased: '3', restricted: '1', why: [`hold ${hold.holdId}: D-1`] } });
  expect((await bench.read("SELECT request_id FROM calls WHERE account_id = 'otto'"))).toEqual([{ request_id: ids['otto']![0] }]);
  bench.clock.advance(3_000);
  expect(await shownCalls('otto')).toBe(0);
  await release(bench.app, hold.holdId);
  bench.clock.advance(31 * DAY_MS);
  await purge(bench.app, 'api_call_metadata');
  expect(await bench.count("calls WHERE account_id = 'otto'")).toBe(0);
  bench.clock.set(new Date('2026-11-24T14:00:00Z'));
});

test('an account that goes on loses what it had until the end of the day, and keeps what comes later', async () => {
  await open('nora');
  const ids = await writeCalls(bench.app, '2026-11-23', { nora: 3 });
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { requestIds: ids['nora']!.slice(0, 1), matter: 'D-2', requester: 'court', basis: 'order', reviewOn: '2027-01-01' })));
  const done = await carriedOut({ accountId: 'nora', dataTypes: ['api_call_metadata'], ...REQUEST });
  expect(done).toMatchObject({ state: 'erased', before: new Date('2026-11-25T00:00:00.000Z'), outcome: { api_call_metadata: { erased: '2', restricted: '1' } } });
  await writeCalls(bench.app, '2026-11-26', { nora: 2 });
  bench.clock.set(new Date('2026-12-20T12:00:00Z'));
  // The held one is restricted as long as the hold lasts; what came later is neither hidden nor due.
  expect(await shownCalls('nora')).toBe(2);
  expect((await bench.app.retention.previewPurge('api_call_metadata'))[0]!.parts.filter((part) => part.partition === 'calls_p20261126')).toEqual([]);
  bench.clock.set(new Date('2026-11-24T15:00:00Z'));
});

test('sessions of one end user go and the rest of the account stays', async () => {
  await open('inn');
  const ids = (await writeCalls(bench.app, '2026-11-18', { inn: 4 }))['inn']!;
  await bench.app.database.pool.query("ALTER TABLE calls DISABLE TRIGGER USER");
  await bench.app.database.pool.query("UPDATE calls SET session_id = 'guest-7' WHERE request_id = ANY($1::uuid[])", [ids.slice(0, 2)]);
  await bench.app.database.pool.query("ALTER TABLE calls ENABLE TRIGGER USER");
  expect(await bench.app.retention.previewErasure({ accountId: 'inn', sessions: ['nobody'] })).toMatchObject({ refused: true, code: 'not_found' });
  const done = await carriedOut({ accountId: 'inn', sessions: ['guest-7'], dataTypes: ['api_call_metadata'], ...REQUEST });
  expect(done).toMatchObject({ state: 'erased', sessions: null, outcome: { api_call_metadata: { erased: '2', restricted: '0' } } });
  expect((await bench.read<{ request_id: string }>("SELECT request_id FROM calls WHERE account_id = 'inn' ORDER BY 1")).map((row) => row.request_id)).toEqual(ids.slice(2));
  const audit = await bench.read("SELECT 1 FROM audit_records WHERE after::text LIKE '%guest-7%'");
  expect(audit).toEqual([]);
});

test('nobody approves what he asked for, and a rejected erasure lifts its restriction', async () => {
  await open('max');
  await writeCalls(bench.app, '2026-11-17', { max: 1 });
  const erasureId = await planned({ accountId: 'max', ...REQUEST }), [approval] = await bench.app.security.approvals({ state: 'pending', subjectId: erasureId });
  expect(await bench.app.act(officer('ada'), (tx) => bench.app.security.approve(tx, approval!.approvalId, approval!.digest))).toMatchObject({ code: 'four_eyes_required' });
  await bench.app.retention.runErasure(erasureId);
  expect(await bench.count("calls WHERE account_id = 'max'")).toBe(1);
  ok(await bench.app.act(officer('bob'), (tx) => bench.app.security.reject(tx, approval!.approvalId, 'not the person')));
  expect(await find(erasureId)).toMatchObject({ state: 'cancelled' });
  bench.clock.advance(3_000);
  expect(await shownCalls('max')).toBe(1);
});

test('an erasure waits while another run of the type is open, and for the account to be closed', async () => {
  await open('eva');
  await writeCalls(bench.app, '2024-11-17', { globex: 1 });
  await writeCalls(bench.app, '2026-11-17', { eva: 1 });
  const other = await plan(bench.app, 'api_call_metadata'), erasureId = await planned({ accountId: 'eva', dataTypes: ['api_call_metadata', 'account_information'], ...REQUEST });
  const [approval] = await bench.app.security.approvals({ state: 'pending', subjectId: erasureId });
  ok(await bench.app.act(officer('bob'), (tx) => bench.app.security.approve(tx, approval!.approvalId, approval!.digest)));
  await bench.app.retention.runErasure(erasureId);
  expect(await find(erasureId)).toMatchObject({ state: 'running', failure: expect.stringContaining('another purge run of api_call_metadata is open') });
  ok(await bench.app.act(system, (tx) => bench.app.retention.cancelRun(tx, other, 'in the way')));
  await bench.app.retention.runErasure(erasureId);
  expect(await find(erasureId)).toMatchObject({ state: 'running', failure: expect.stringContaining('has to be closed') });
  expect(await bench.count("calls WHERE account_id = 'eva'")).toBe(0);
  await close('eva');
  await bench.app.retention.runErasure(erasureId);
  expect(await find(erasureId)).toMatchObject({ state: 'erased', failure: null });
  expect((await verifyAll(bench.app)).intact).toBe(true);
});

test('a hold that comes after the approval is honoured', async () => {
  await open('lea');
  const ids = (await writeCalls(bench.app, '2026-11-16', { lea: 3 }))['lea']!, erasureId = await planned({ accountId: 'lea', dataTypes: ['api_call_metadata'], ...REQUEST });
  await approveAll(bench.app);
  ok(await bench.app.act(system, (tx) => bench.app.retention.placeHold(tx, { requestIds: ids.slice(2), matter: 'late', requester: 'court', basis: 'order', reviewOn: '2027-01-01' })));
  await bench.app.retention.runErasure(erasureId);
  expect(await find(erasureId)).toMatchObject({ state: 'erased', outcome: { api_call_metadata: { erased: '2', restricted: '1' } } });
  expect(await bench.read("SELECT request_id FROM calls WHERE account_id = 'lea'")).toEqual([{ request_id: ids[2] }]);
});

test.each(['before', 'after'] as const)('whichever step fails, %s it has happened, the next attempt goes on to the same end', async (when) => {
  const account = `resume-${when}`;
  await open(account);
  await writeCalls(bench.app, '2026-11-15', { [account]: 2, acme: 1 });
  await writeCalls(bench.app, '2026-11-14', { [account]: 2, acme: 1 });
  await close(account);
  const kept = await bench.count("calls WHERE account_id = 'acme'"), erasureId = await planned({ accountId: account, ...REQUEST });
  await approveAll(bench.app);
  await bench.app.ledger.sealOnce();
  // Each attempt fails at its own step, one later than the attempt before, so that every step fails once somewhere.
  for (let step = 1; (await find(erasureId)).state !== 'erased'; step += 1) {
    let count = 0;
    const wrap = (inner: Act): Act => async (actor, work) => {
      const fails = ++count === step;
      if (fails && when === 'before') throw new Error('failed before');
      const answer = await inner(actor, work);
      if (fails) throw new Error('failed after');
      return answer;
    };
    await retentionWith(bench.app, { act: wrap(bench.app.act), bookkeeping: wrap(bench.app.bookkeeping), log: createLogger('test', 'error', () => undefined) }).runErasure(erasureId).catch(() => undefined);
    expect(step).toBeLessThan(60);
  }
  const runs = await bench.app.retention.erasureRuns(erasureId);
  expect(runs.filter((run) => run.state === 'certified').map((run) => run.dataType).sort()).toEqual(['account_information', 'api_call_metadata']);
  expect(new Set(runs.map((run) => run.dataType)).size).toBe(runs.length);
  expect((await find(erasureId)).outcome).toMatchObject({ api_call_metadata: { erased: '4', restricted: '0' } });
  expect(await bench.count("calls WHERE account_id = 'acme'")).toBe(kept);
  expect((await verifyAll(bench.app)).intact).toBe(true);
});
