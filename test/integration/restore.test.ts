// The restore drill on a real cluster: its files are copied, purges run, the copy is put back, and nothing is read before they were replayed.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/entrypoints/cli/cli.js';
import { startConsole } from '../../src/entrypoints/http/console-server.js';
import { startGateway } from '../../src/entrypoints/http/gateway-server.js';
import { startWorker } from '../../src/entrypoints/jobs/worker.js';
import { fixedClock } from '../../src/kernel/clock.js';
import { mintId } from '../../src/kernel/ids.js';
import { createFileKeyProvider } from '../../src/platform/crypto/key-provider.js';
import { serverFolderOf } from '../../src/platform/embedded/server-folder.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { ok, system } from '../support/registry.js';
import { aDay, DAY_MS, NOW, purge, retentionWith, verifyAll, writeCalls } from '../support/retention.js';

const clock = fixedClock(NOW);
let postgres: OwnPostgres, days: string[];
const app = () => postgres.app;
const read = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> => (await app().database.pool.query<Row>(sql, values)).rows;
const count = async (from: string): Promise<number> => Number((await read<{ n: string }>(`SELECT count(*) AS n FROM ${from}`))[0]!.n);
const place = (accountId: string) => app().act(system, (tx) => app().retention.placeHold(tx, { accountId, matter: 'M', requester: 'R', basis: 'b', reviewOn: '2027-01-01' }));
const data = () => join(serverFolderOf(postgres.home), 'postgres', 'data'), copy = () => join(serverFolderOf(postgres.home), 'postgres', 'backup');
const keys = () => createFileKeyProvider(postgres.home);
const replay = (options: Parameters<OwnPostgres['app']['retention']['replayPurges']>[1] = {}) => app().retention.replayPurges(system, options);

/** The backup: a copy of the cluster's files, of a server that was killed, as a snapshot of its disk would be. */
async function backUp(): Promise<void> { await postgres.kill(); execFileSync('cp', ['-a', data(), copy()]); await postgres.start(); }
async function restore(): Promise<void> { await postgres.kill(); rmSync(data(), { recursive: true }); execFileSync('cp', ['-a', copy(), data()]); await postgres.start(); }
/** Sealed and published, as the sealer leaves it. */
async function publish(): Promise<void> {
  const stop = new AbortController(), running = app().ledger.runSealer(stop.signal);
  const latest = async (): Promise<boolean> => existsSync(join(postgres.home, 'log', 'checkpoint')) && readFileSync(join(postgres.home, 'log', 'checkpoint'), 'utf8') === (await app().ledger.latestCheckpoint())?.note
    && (await read('SELECT 1 FROM ledger_batches WHERE first_leaf IS NULL')).length === 0;
  for (let tries = 0; tries < 1_000 && !await latest(); tries += 1) await new Promise((done) => { setTimeout(done, 20); });
  stop.abort();
  await running;
}
const keep = (accountId: string) => app().vault.keepContent({ grantId: mintId(clock.now()), kind: 'troubleshooting', keyIds: null, models: null, sides: ['input'], trigger: 'every', samplePercent: 100, keepHours: 24, validFrom: clock.now(), validUntil: new Date(clock.now().getTime() + 10 * DAY_MS) },
  { side: 'input', requestId: mintId(clock.now()), accountId, keyId: mintId(clock.now()), at: clock.now(), bytes: Buffer.from(`secret of ${accountId}`), contentType: 'text/plain', contentEncoding: null, truncated: false });
const DAY_KEY = 'input-troubleshooting-20261124';
/** What people could find, as it stands. */
const rows = async () => ({
  calls: await read('SELECT request_id FROM calls ORDER BY 1'), payments: await read('SELECT payment_id, reference FROM payments ORDER BY 1'), keys: await read('SELECT key_id FROM api_keys ORDER BY 1'),
  accounts: await read('SELECT account_id, name, contact, erased_at IS NOT NULL AS erased FROM accounts ORDER BY 1'), content: await read('SELECT account_id, key_name, wrapped_key FROM vault.inputs ORDER BY 1'),
  runs: await read("SELECT run_id, state, rows_deleted, rows_held, survivors FROM purge_runs WHERE state = 'certified' ORDER BY 1"),
  items: await read('SELECT run_id, position, table_name, partition_name, method, rows_deleted, rows_held, purged_leaves, done_at FROM purge_run_items ORDER BY 1, 2'), certificates: await read('SELECT * FROM purge_certificates ORDER BY 1'),
});
const cli = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
  let out = '', err = '';
  const code = await runCli(argv, { HOLDFAST_HOME: postgres.home, DATABASE_URL: postgres.url, REDIS_URL: process.env['TEST_REDIS_URL'] }, { out: (text) => { out += text; }, err: (text) => { err += text; } });
  return { code, out, err };
};

beforeAll(async () => {
  postgres = await startOwnPostgres(clock);
  await app().act(system, async (tx) => {
    ok(await app().retention.ensureDefaultPolicies(tx));
    for (const [accountId, jurisdiction] of [['acme', 'DE'], ['globex', 'US'], ['zh', 'CN']] as const) ok(await app().billing.openAccount(tx, { accountId, name: accountId, jurisdiction, contact: `privacy@${accountId}.test` }));
  });
});
afterAll(async () => { await postgres.close(); });

let kept: Awaited<ReturnType<typeof rows>>, dayKey: Buffer, lostCall: string;
const journal = (): string[] => readdirSync(join(postgres.home, 'removals')).sort();
const entry = (number: number): string => join(postgres.home, 'removals', `${String(number).padStart(9, '0')}.json`);

test('every certified run, every piece wrapped anew and every key destroyed stands in files beside the database', async () => {
  const { retention, billing, security } = app();
  days = [aDay(), aDay(), aDay()];
  await writeCalls(app(), days[0]!, { globex: 6 }, false);
  await writeCalls(app(), days[1]!, { globex: 5, acme: 2 }, false);
  await writeCalls(app(), days[2]!, { globex: 2, acme: 5 });
  ok(await place('acme'));
  for (const accountId of ['acme', 'globex']) await keep(accountId);
  await app().act(system, async (tx) => {
    for (const [accountId, reference] of [['acme', 'kept'], ['globex', 'due']] as const) ok(await billing.recordPayment(tx, { accountId, amountMicros: 5n, currency: 'USD', paidAt: new Date('2016-02-01T00:00:00Z'), reference, fiscalYearEnd: '2016-12-31' }));
    ok(await security.issueKey(tx, { accountId: 'zh', name: 'k' }));
    ok(await billing.closeAccount(tx, 'zh', 'left'));
  });
  await publish();
  // Written and not sealed when the backup is made: it has its leaf in the published log, and the backup has its record.
  await app().act(system, (tx) => app().ledger.append(tx, { action: 'test.unsealed', subjectKind: 'test', subjectId: 'x' }));
  await backUp();
  lostCall = (await writeCalls(app(), aDay(), { acme: 1 }))['acme']![0]!;
  clock.set('2027-06-01T12:00:00Z');
  dayKey = readFileSync(join(postgres.home, 'keys', 'vault', `${DAY_KEY}.key`));
  for (const [type, deleted] of [['api_call_metadata', 13n], ['payment_records', 1n], ['account_information', 2n], ['input_content', 1n]] as const) expect(await purge(app(), type)).toMatchObject({ state: 'certified', rowsDeleted: deleted });
  await publish();
  kept = await rows();
  expect(kept.content).toMatchObject([{ account_id: 'acme', key_name: 'input-held-20270601' }]);
  expect(await keys().names()).toEqual(['input-held-20270601']);
  expect(journal()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `00000000${number}.json`));
  expect(await read('SELECT kind, entry IS NULL AS written FROM removal_journal ORDER BY number')).toEqual(['purge', 'purge', 'purge', 'rewrap', 'shred', 'purge'].map((kind) => ({ kind, written: true })));
  expect(await count('purge_item_rows')).toBe(0);
  expect(await retention.replayPurges(system, {})).toMatchObject({ gap: undefined, entries: [], rows: 0, keysDestroyed: [] });
  expect(await verifyAll(app())).toMatchObject({ intact: true, counts: { purged_with_certificate: 13 } });
});

describe('a backup from before the purges, restored', () => {
  beforeAll(async () => {
    await publish();
    await restore();
    // The keys had a backup too.
    writeFileSync(join(postgres.home, 'keys', 'vault', `${DAY_KEY}.key`), dayKey);
    rmSync(join(postgres.home, 'keys', 'vault', `${DAY_KEY}.gone`));
  });

  test('is seen, and closed to the gateway, the console, the API, the log, commands and jobs, each with the reason', async () => {
    expect(await count('calls')).toBe(20);
    expect(await app().ledger.standing()).toMatchObject({ removalsBehind: 6, closed: expect.stringContaining('holdfast purge replay') as string });
    const gateway = await startGateway({ ...app(), config: { ...app().config, gatewayPort: 0 } }), server = await startConsole({ ...app(), config: { ...app().config, consolePort: 0 } }), worker = await startWorker(app());
    try {
      for (const path of ['/v1/models', '/holdfast/v1/content-grants', '/v1/chat/completions']) {
        const answer = await fetch(gateway.url + path, { method: path.endsWith('completions') ? 'POST' : 'GET', headers: { authorization: 'Bearer x' } });
        expect([path, answer.status, await answer.json()]).toMatchObject([path, 503, { error: { code: 'replay_required', message: expect.stringContaining('docs/restore.md') as string } }]);
      }
      expect(await (await fetch(`${gateway.url}/readyz`)).json()).toMatchObject({ ready: false, problems: [expect.stringContaining('6 entries')] });
      expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
      for (const path of ['/api/v1/calls', '/api/v1/holds', '/log/checkpoint', '/packs/x', '/api/v1/nothing']) {
        const answer = await fetch(server.url + path, { headers: { authorization: 'Bearer x' } });
        expect([path, answer.status, await answer.json()]).toMatchObject([path, 503, { error: { code: 'replay_required' } }]);
      }
      const page = await fetch(`${server.url}/console/login`, { headers: { accept: 'text/html' } });
      expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('purge replay')]);
      expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ ready: false, checks: { database: { state: 'ok' }, restore: { state: 'failed', detail: expect.stringContaining('6 entries') as string } } });
      expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('holdfast_ready{part="restore"} 0');
      for (const argv of [['lookup', lostCall], ['usage'], ['hold', 'list'], ['purge', 'run', 'api_call_metadata']]) expect([argv, await cli(...argv)]).toMatchObject([argv, { code: 1, err: expect.stringContaining('purge replay') as string }]);
      await expect(app().ledger.sealOnce()).rejects.toThrow('restored from an older backup');
      // Nobody goes on under numbers the journal has given already.
      await expect(app().act(system, (tx) => app().ledger.removals.append(tx, { kind: 'shred', subject: 'x', body: {} }))).rejects.toMatchObject({ code: 'conflict' });
    } finally { for (const one of [gateway, server, worker]) await one.close(); }
    expect(await count("audit_records WHERE action = 'epoch.open'")).toBe(0);
  });

  test('has content again that does not open where the keys had no backup', async () => {
    expect(await read('SELECT account_id, key_name FROM vault.inputs ORDER BY 1')).toEqual(['acme', 'globex'].map((account_id) => ({ account_id, key_name: DAY_KEY })));
    const other = createFileKeyProvider(postgres.home);
    rmSync(join(postgres.home, 'keys', 'vault', `${DAY_KEY}.key`));
    expect(await other.findKey(DAY_KEY)).toBeUndefined();
    writeFileSync(join(postgres.home, 'keys', 'vault', `${DAY_KEY}.key`), dayKey);
  });

  test('a trial tells what would go and what is lost, and changes nothing', async () => {
    const before = await rows(), { code, out } = await cli('purge', 'replay', '--dry-run', '--json'), told = JSON.parse(out) as { entries: { kind: string; rows: number }[]; rows: number; gap: { lost: number; found: number }; closed: string };
    expect(code).toBe(0);
    expect(told.entries.map((one) => [one.kind, one.rows])).toEqual([['purge', 13], ['purge', 1], ['purge', 2], ['rewrap', 0], ['shred', 0], ['purge', 1]]);
    expect(told).toMatchObject({ rows: 17, gap: { found: 1 } });
    expect(await rows()).toEqual(before);
    expect((await app().ledger.standing()).closed).toBe(told.closed);
  });

  test.each([['a file that was changed', () => { writeFileSync(entry(2), readFileSync(entry(2), 'utf8').replace('"rows_deleted":"1"', '"rows_deleted":"0"')); }, 'removals/000000002.json does not verify'],
    ['a file in the middle that is gone', () => { rmSync(entry(3)); }, 'removals/000000003.json is missing'],
    ['the last files gone, as the published head tells', () => { rmSync(entry(6)); }, 'removals/000000006.json is missing'],
    ['a file under the number of another', () => { writeFileSync(entry(3), readFileSync(entry(4))); }, 'it is another entry than its name says']])('with %s nothing opens and nothing goes', async (_, harm, message) => {
    const saved = journal().map((name) => [name, readFileSync(join(postgres.home, 'removals', name))] as const), before = await rows();
    harm();
    try {
      await expect(replay({ dryRun: true })).rejects.toThrow(message);
      expect((await app().ledger.standing()).closed).toBeDefined();
      expect(await rows()).toEqual(before);
    } finally { for (const [name, bytes] of saved) writeFileSync(join(postgres.home, 'removals', name), bytes); }
  });

  test('goes on only when who restored it says how many records are lost, and then as if it had never been older', async () => {
    expect(await replay()).toMatchObject({ refused: true, code: 'confirmation_required', message: expect.stringContaining('--accept-lost') as string });
    expect(await replay({ acceptLost: 1n })).toMatchObject({ refused: true, code: 'confirmation_required' });
    const told = await replay({ dryRun: true });
    if ('refused' in told) throw new Error(told.message);
    const { lost } = told.gap!;
    // The process dies in the middle: what is done stays done, and reads stay closed.
    let acts = 0;
    const dying = retentionWith(app(), { act: async (actor, work) => { if (++acts > 3) throw new Error('killed'); return app().act(actor, work); } });
    await expect(dying.replayPurges(system, { acceptLost: lost })).rejects.toThrow('killed');
    expect(await app().ledger.standing()).toMatchObject({ leavesBehind: 0n, removalsBehind: 4, closed: expect.any(String) as string });
    const gateway = await startGateway({ ...app(), config: { ...app().config, gatewayPort: 0 } });
    try {
      const { code, out } = await cli('purge', 'replay', '--json');
      expect([code, JSON.parse(out)]).toMatchObject([0, { closed: null, rows: 3, entries: [{ number: 3 }, { number: 4, kind: 'rewrap', rows: 1 }, { number: 5 }, { number: 6 }] }]);
      // The port that was closed carries calls now, with nobody having touched it.
      let status = 0;
      for (let tries = 0; tries < 500 && status !== 200; tries += 1) { status = await fetch(`${gateway.url}/readyz`).then((answer) => answer.status, () => 0); await new Promise((done) => { setTimeout(done, 20); }); }
      expect(status).toBe(200);
    } finally { await gateway.close(); }
    const after = await rows();
    expect({ ...after, calls: after.calls.length }).toEqual({ ...kept, calls: kept.calls.length - 1 });
    expect(after.calls).toEqual(kept.calls.filter((call) => (call as { request_id: string }).request_id !== lostCall));
    expect(await keys().names()).toEqual(['input-held-20270601']);
    const [{ n }] = await read<{ n: number }>("SELECT count(*)::int AS n FROM audit_records WHERE action IN ('ledger.resume', 'purge.replay', 'purge.replay-end')") as [{ n: number }];
    expect(n).toBe(8);
    expect(await app().retention.schedule()).toMatchObject({ paused: true });
    // The held piece still opens for who may: its wrapped key came from the journal, for the key of its day is dead.
    const report = await verifyAll(app());
    expect(report).toMatchObject({ intact: false, explained: true, counts: { purged_with_certificate: 13, altered: 0, duplicate: 0, missing: Number(lost) }, lost: [{ leaves: Number(lost) }], problems: [{ verdict: 'missing', message: expect.stringContaining('ledger.resume') as string }] });
    await publish();
    expect((await app().ledger.standing()).closed).toBeUndefined();
    expect((await cli('verify')).out).toContain('lost with a database that a backup replaced');
    expect(await purge(app(), 'api_call_metadata')).toMatchObject({ state: 'nothing_due' });
  });

  test('what is taken away later from the range of the lost ones is not explained by it', async () => {
    const [one] = await read<{ record_id: string }>("SELECT record_id FROM audit_records WHERE action = 'test.unsealed'");
    await read('DELETE FROM audit_records WHERE record_id = $1', [one!.record_id]);
    expect(await verifyAll(app())).toMatchObject({ intact: false, explained: false, problems: [{ message: expect.stringContaining('the others went later') as string }] });
  });
});
