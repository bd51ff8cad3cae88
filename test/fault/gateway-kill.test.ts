// kill -9 of the gateway while 32 and 256 clients call it. Afterwards: every call the provider saw has a transfer on record, every answer
// a client got whole has its call on record with its usage, what was open is closed as unknown, the epoch ends as lost, the ledger is intact.
import { spawn, type ChildProcess } from 'node:child_process';
import { systemClock } from '../../src/kernel/clock.js';
import { EPOCH_STALE_MS } from '../../src/domain/gateway/settle-orphans.js';
import { startChildGateway, type ChildGateway } from '../support/child-gateway.js';
import { createTestApp, type TestApp } from '../support/database.js';
import { seedRegistry } from '../support/gateway-registry.js';
import { answering, brokenPromises, modelsOf, startLoad, type Answered } from '../support/load.js';
import { startUpstream, type ScriptedUpstream } from '../support/upstream.js';

/** The sweep's clock stands where the dead gateway counts as dead. */
const later = { now: () => new Date(systemClock.now().getTime() + EPOCH_STALE_MS + 10_000) };
let test_: TestApp, upstream: ScriptedUpstream, key: string, child: ChildGateway | undefined;
const whole: Answered[] = [];
const start = (): Promise<ChildGateway> => startChildGateway({ DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home });
beforeAll(async () => {
  test_ = await createTestApp({ clock: later });
  upstream = await startUpstream(answering(15));
  ({ acme: key } = await seedRegistry(test_.app, upstream.url));
}, 180_000);
afterAll(async () => { await child?.kill('SIGKILL'); await upstream.close(); await test_.close(); });

test.each([[32, 96], [256, 256]])('%i clients: nothing that left is unrecorded, and nothing that was answered whole', async (clients, answers) => {
  child = await start();
  const load = startLoad({ url: () => child!.url, key }, `before${clients}`, clients);
  await load.whole(answers);
  await child.kill('SIGKILL');
  // The clients go on against the next gateway, as clients do.
  child = await start();
  const before = load.result.whole.length;
  await load.whole(before + 64);
  whole.push(...(await load.stop()).whole);
  await child.kill('SIGTERM');
  child = undefined;

  const open = (await test_.app.database.reader.query('SELECT count(*)::int AS n FROM transfers WHERE transfer_id NOT IN (SELECT transfer_id FROM transfer_outcomes)')).rows[0].n as number;
  expect(await test_.app.gateway.settleOrphans()).toBe(open);
  expect(await brokenPromises(test_.app, modelsOf(upstream.seen), whole)).toEqual([]);
  const { rows: ends } = await test_.app.database.reader.query(`SELECT a.action, e.closed_at IS NOT NULL AS closed FROM audit_records a JOIN gateway_epochs e ON e.epoch_id::text = a.subject_id
    WHERE a.action IN ('epoch.close', 'epoch.lost') ORDER BY e.epoch_number DESC LIMIT 2`);
  expect(ends).toEqual([{ action: 'epoch.close', closed: true }, { action: 'epoch.lost', closed: true }]);
}, 180_000);

test('the sealer is killed while 32 clients call: no call notices, what was written meanwhile is sealed by the next one', async () => {
  const seal = (): ChildProcess => spawn(process.execPath, ['test/support/sealer-process.mjs'], { stdio: 'ignore', env: { PATH: process.env['PATH'], DATABASE_URL: test_.databaseUrl, HOLDFAST_HOME: test_.home, HOLDFAST_LOG_LEVEL: 'error' } });
  const gone = (process: ChildProcess): Promise<void> => new Promise((done) => { process.once('exit', () => { done(); }); });
  const until = async (holds: () => Promise<boolean>): Promise<void> => { for (let i = 0; i < 3_000; i++) { if (await holds()) return; await new Promise((done) => { setTimeout(done, 20); }); } throw new Error('it did not come to be in time'); };
  const sealed = async (): Promise<bigint> => (await test_.app.ledger.status()).treeSize;
  child = await start();
  const before = await sealed(), first = seal(), load = startLoad({ url: () => child!.url, key }, 'sealer', 32);
  await load.whole(64);
  await until(async () => await sealed() > before);
  first.kill('SIGKILL');
  await gone(first);
  const unsealed = await sealed();
  await load.whole(load.result.whole.length + 128);
  expect(await sealed()).toBe(unsealed);
  const second = seal(), answered = load.result.whole.length;
  await until(async () => await sealed() > unsealed);
  await load.whole(answered + 32);
  const result = await load.stop();
  expect([...result.refused]).toEqual([]);
  whole.push(...result.whole);
  await child.kill('SIGTERM');
  child = undefined;
  await until(async () => (await test_.app.ledger.status()).unsealedBatches === 0);
  second.kill('SIGTERM');
  await gone(second);
  expect(await brokenPromises(test_.app, modelsOf(upstream.seen), whole)).toEqual([]);
}, 180_000);
