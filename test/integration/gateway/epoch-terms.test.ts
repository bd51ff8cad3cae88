// Epochs of a gateway that runs on: ended every day and when somebody wants a proof, so that "these are all calls" can be told for sure.
import { checkProofFile } from '../../../src/domain/ledger/index.js';
import { keepEpochs, type Epochs } from '../../../src/domain/gateway/keep-epochs.js';
import { systemActor } from '../../../src/kernel/actor.js';
import { isRefusal } from '../../../src/kernel/result.js';
import { ensurePartitions } from '../../../src/platform/db/index.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { anEpoch, callsAt, SetClock } from '../../support/epochs.js';
import { change } from '../../support/gateway-registry.js';

const HOUR = 3_600_000;
let test_: TestApp, clock: SetClock, stop: AbortController, sealing: Promise<void>, epochs: Epochs, owing: boolean, begun: Date;
beforeEach(async () => {
  begun = new Date(Date.now() - 3 * HOUR);
  clock = new SetClock(begun);
  owing = false;
  test_ = await createTestApp({ clock });
  await ensurePartitions(test_.app.database.pool, new Date(begun.getTime() - 24 * HOUR), new Date(Date.now() + 24 * HOUR));
  stop = new AbortController();
  sealing = test_.app.ledger.runSealer(stop.signal);
  epochs = keepEpochs({ first: await anEpoch(test_.app, clock), begin: () => anEpoch(test_.app, clock), clock, log: test_.app.log, url: test_.databaseUrl, owing: () => owing, leastMs: 0 });
  // Heard once at its own connection.
  await until(async () => { const [first, ...others] = await ends(); return others.length === 1 && first!.closed; });
});
afterEach(async () => { await epochs.stop(); for (const epoch of epochs.open) await epoch.close(); stop.abort(); await sealing; await test_.close(); });

interface End { readonly number: number; readonly closed: boolean; readonly last: Record<string, number> | null }
async function ends(): Promise<End[]> { return (await test_.app.database.reader.query<End>('SELECT epoch_number::int AS number, closed_at IS NOT NULL AS closed, last_numbers AS last FROM gateway_epochs ORDER BY epoch_number')).rows; }
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_500; i++) { if (await holds()) return; await new Promise((done) => { setTimeout(done, 20); }); }
  throw new Error('it did not come to be in time');
}
const current = (): Parameters<typeof callsAt>[1] => epochs.open.at(-1)!;

test('a renewed epoch ends once its calls are over, with the last numbers; new calls count from one in the next', async () => {
  const leave = epochs.enter();
  expect([epochs.next('acme'), epochs.next('acme')]).toEqual([1, 2]);
  await epochs.renew();
  expect(epochs.next('acme')).toBe(1);
  expect((await ends()).map((one) => one.closed)).toEqual([true, false, false]);
  owing = true;
  leave();
  await new Promise((done) => { setTimeout(done, 50); });
  expect((await ends())[1]).toMatchObject({ closed: false });
  // A fact that had to wait is on record by now: the next look ends the epoch.
  owing = false;
  await until(async () => (await ends())[1]!.closed);
  expect((await ends())[1]!.last).toEqual({ acme: 2 });
});

test('an epoch is renewed when the day is over', async () => {
  clock.set(new Date(begun.getTime() + 24 * HOUR));
  await until(async () => (await ends()).map((one) => one.closed).join() === 'true,true,false');
});

test('a proof about a window that is over ends the epochs that run on, and leaves nothing open', async () => {
  const from = new Date(begun.getTime() + HOUR), to = new Date(from.getTime() + HOUR), at = (minutes: number): string => new Date(from.getTime() + minutes * 60_000).toISOString();
  await callsAt(test_.app, current(), [at(-10), at(10), at(20)]);
  clock.set(new Date());
  await change(test_.app, 'UPDATE gateway_epochs SET last_seen_at = now()');
  const text = await test_.app.ledger.proveCalls(systemActor('test'), { account: 'acme', from, to }, { purpose: 'dispute_resolution' });
  if (isRefusal(text)) throw new Error(text.message);
  const report = checkProofFile(text, { trustedKey: test_.app.ledger.verifierKey() });
  expect([report.verdict, report.answer![0]]).toEqual(['intact', `acme has 2 calls from ${from.toISOString()} to ${to.toISOString()} on record. There is no other.`]);
  expect(JSON.stringify(report)).not.toContain('still running');
  const after = await ends();
  expect([after.at(-1)!.closed, after.slice(0, -1).every((one) => one.closed)]).toEqual([false, true]);
  // Asked again: nothing that could hold calls of the window runs, so nothing is ended.
  await test_.app.ledger.proveCalls(systemActor('test'), { account: 'acme', from, to }, { purpose: 'dispute_resolution' });
  expect(await ends()).toEqual(after);
});
