import pg from 'pg';
import { followRegistry, type RegistryFollower } from '../../../src/domain/gateway/follow-registry.js';
import { readRegistry } from '../../../src/domain/gateway/registry.view.js';
import { borrowClient, listenTo } from '../../../src/platform/db/index.js';
import { createLogger } from '../../../src/platform/log/log.js';
import { createTestApp, type TestApp } from '../../support/database.js';
import { addAccount, addKey, addProvider, change, seedRegistry } from '../../support/gateway-registry.js';
import { sha256Hex } from '../../../src/kernel/digest.js';

let test_: TestApp, keys: { acme: string; kuhn: string };
beforeAll(async () => { test_ = await createTestApp(); keys = await seedRegistry(test_.app, 'http://127.0.0.1:1/'); });
afterAll(async () => { await test_.close(); });
const quiet = createLogger('test', 'error', () => undefined);
const source = () => ({ pool: test_.app.database.reader, url: test_.databaseUrl, keys: test_.app.keys, log: quiet });
const follow = (): Promise<RegistryFollower> => followRegistry(source());

test('the snapshot holds what the rows say, with credentials opened and dates as days', async () => {
  const registry = await readRegistry(source());
  expect(registry.keys.get(sha256Hex(keys.acme))).toMatchObject({ accountId: 'acme', revoked: false });
  expect(registry.accounts.get('acme')).toMatchObject({ jurisdiction: 'DE', open: true, confirmations: [{ destination: 'US', confirmedAt: '2026-01-01', withdrawn: false }] });
  expect(registry.providers.get('oai')).toMatchObject({ credential: 'sk-upstream-openai', origin: 'http://127.0.0.1:1', host: '127.0.0.1:1', suspended: false, terms: [{ version: '2026-01', trainsOnInputs: false }] });
  expect(registry.findModel('mock-x')?.routes.map((route) => route.providerId)).toEqual(['oai', 'ant']);
  expect(registry.prices.all).toContainEqual(expect.objectContaining({ providerId: 'ant', cacheWriteMicros: 3_750_000n, cacheWrite1hMicros: null }));
});

test('a credential that cannot be opened is reported and leaves the others alone', async () => {
  await addProvider(test_.app, { id: 'sealed-elsewhere', protocol: 'openai', baseUrl: 'http://127.0.0.1:1/v1' });
  await change(test_.app, `UPDATE providers SET credential_sealed = $1 WHERE provider_id = 'sealed-elsewhere'`, [test_.app.keys.sealSecret('x', 'provider:another')]);
  const lines: string[] = [];
  const registry = await readRegistry({ ...source(), log: createLogger('test', 'error', (line) => lines.push(line)) });
  expect(registry.providers.get('sealed-elsewhere')!.credential).toBeNull();
  expect(registry.providers.get('oai')!.credential).toBe('sk-upstream-openai');
  expect(lines.join()).toContain('sealed-elsewhere');
});

/** How soon is measured by `npm run bench -- gateway --only registry`; here only that it comes. */
async function inForce(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !condition(); i++) await new Promise((done) => { setTimeout(done, 10); });
  expect(condition()).toBe(true);
}

test('a change by anyone comes into force in every process', async () => {
  const followers = await Promise.all([follow(), follow(), follow(), follow()]);
  for (const id of ['one', 'two', 'three']) {
    await addAccount(test_.app, { id, jurisdiction: 'DE' });
    const secret = await addKey(test_.app, id);
    await Promise.all(followers.map((follower) => inForce(() => follower.current().keys.has(sha256Hex(secret)))));
  }
  await Promise.all(followers.map((follower) => follower.close()));
});

test('a statement that touches no row raises no version and tells nobody; a transaction raises it once, whatever it changes', async () => {
  const version = async (): Promise<number> => Number((await test_.app.database.reader.query<{ version: string }>('SELECT version FROM registry_versions')).rows[0]!.version);
  let heard = 0;
  const client = new pg.Client(test_.databaseUrl);
  client.on('notification', () => { heard += 1; });
  await client.connect();
  await client.query('LISTEN holdfast_registry');
  const before = await version();
  await client.query(`UPDATE accounts SET name = name WHERE account_id = 'nobody'; DELETE FROM models WHERE model_id = 'none'; UPDATE prices SET currency = 'USD' WHERE false`);
  expect([await version(), heard]).toEqual([before, 0]);
  await client.query(`BEGIN; UPDATE accounts SET name = name; UPDATE providers SET name = name; SAVEPOINT s; UPDATE models SET model_id = model_id; ROLLBACK TO s; UPDATE api_keys SET name = name; COMMIT`);
  await client.query('SELECT 1');
  expect([await version(), heard]).toEqual([before + 1, 1]);
  await client.query(`BEGIN; SAVEPOINT s; UPDATE accounts SET name = name; ROLLBACK TO s; UPDATE providers SET name = name; COMMIT`);
  await client.query('SELECT 1');
  expect([await version(), heard]).toEqual([before + 2, 2]);
  await client.end();
});

test('it reads again when it is told, even if the version did not move', async () => {
  const follower = await follow(), client = new pg.Client(test_.databaseUrl);
  await client.connect();
  // A change that moves no version: only a notification can bring it.
  const move = async (to: string): Promise<void> => {
    await client.query('BEGIN; ALTER TABLE accounts DISABLE TRIGGER accounts_version');
    await client.query(`UPDATE accounts SET jurisdiction = $1 WHERE account_id = 'kuhn'`, [to]);
    await client.query('ALTER TABLE accounts ENABLE TRIGGER accounts_version; COMMIT');
  };
  const seen = (): string | undefined => follower.current().accounts.get('kuhn')?.jurisdiction;
  await move('PT');
  while (seen() !== 'PT') { await client.query('NOTIFY holdfast_registry'); await new Promise((done) => { setTimeout(done, 50); }); }
  await new Promise((done) => { setTimeout(done, 300); });
  await move('ES');
  await new Promise((done) => { setTimeout(done, 700); });
  expect(seen()).toBe('PT');
  await client.query('NOTIFY holdfast_registry');
  await inForce(() => seen() === 'ES');
  await client.end();
  await follower.close();
});

test('a connection that breaks inside a reading fails that reading and nothing else', async () => {
  const work = borrowClient(test_.app.database.reader, async (client) => {
    const { rows: [own] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await test_.app.database.pool.query('SELECT pg_terminate_backend($1)', [own!.pid]);
    await new Promise((done) => { setTimeout(done, 200); });
    await client.query('SELECT 1');
  });
  await expect(work).rejects.toThrow();
  expect((await readRegistry(source())).accounts.has('acme')).toBe(true);
});

test('a broken listening connection is opened again, and hears again', async () => {
  let heard = 0;
  const listening = listenTo(test_.databaseUrl, 'test_channel', () => { heard += 1; });
  const until = async (count: number): Promise<void> => { for (let i = 0; i < 300 && heard < count; i++) await new Promise((done) => { setTimeout(done, 20); }); expect(heard).toBeGreaterThanOrEqual(count); };
  await until(1); // the new connection itself counts: what was said before is lost
  const client = new pg.Client(test_.databaseUrl);
  await client.connect();
  await client.query('NOTIFY test_channel');
  await until(2);
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN test_channel'`);
  await until(3);
  await client.query('NOTIFY test_channel');
  await until(4);
  await client.end();
  await listening.close();
});

test('also while it is not told: the version is asked for every half second', async () => {
  const follower = await follow();
  const client = new pg.Client(test_.databaseUrl);
  await client.connect();
  // A change whose notification nobody sends: the version alone moves.
  await client.query(`ALTER TABLE accounts DISABLE TRIGGER accounts_version`);
  await client.query(`UPDATE accounts SET jurisdiction = 'FR' WHERE account_id = 'kuhn'`);
  await client.query('UPDATE registry_versions SET version = version + 1');
  await client.query(`ALTER TABLE accounts ENABLE TRIGGER accounts_version`);
  await client.end();
  await inForce(() => follower.current().accounts.get('kuhn')?.jurisdiction === 'FR');
  await follower.close();
});

test('also after its connections were broken: it connects again by itself', async () => {
  const follower = await follow();
  await change(test_.app, `UPDATE accounts SET jurisdiction = 'AT' WHERE account_id = 'kuhn'`);
  const client = new pg.Client(test_.databaseUrl);
  await client.connect();
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
  await client.query(`UPDATE accounts SET jurisdiction = 'IT' WHERE account_id = 'kuhn'`);
  await client.end();
  await inForce(() => follower.current().accounts.get('kuhn')?.jurisdiction === 'IT' && follower.reachable);
  await follower.close();
});

test('a reading never mixes two states: an account and its key come together or not at all', async () => {
  let mixed = 0;
  const writing = (async () => {
    for (let i = 0; i < 30; i++) {
      await test_.app.act({ kind: 'system', id: 't', name: 't', roles: [] }, async (tx) => {
        const { managerOf } = await import('../../../src/platform/db/index.js');
        await managerOf(tx).query(`INSERT INTO accounts (account_id, name, jurisdiction, contact, created_at) VALUES ($1, 'n', 'DE', 'c', now())`, [`pair-${i}`]);
        await managerOf(tx).query(`INSERT INTO api_keys (key_id, account_id, name, secret_hash, hint, created_at) VALUES (gen_random_uuid(), $1, 'k', sha256(convert_to($2, 'UTF8')), '', now())`, [`pair-${i}`, `pair-${i}`]);
        await test_.app.ledger.append(tx, { action: 'test.pair', subjectKind: 'test', subjectId: 't' });
      });
    }
  })();
  let done = false;
  void writing.catch(() => undefined).then(() => { done = true; });
  while (!done) {
    const { accounts, keys: all } = await readRegistry(source());
    const [a, k] = [[...accounts.keys()].filter((id) => id.startsWith('pair-')).length, [...all.values()].filter((key) => key.accountId.startsWith('pair-')).length];
    if (a !== k) mixed += 1;
  }
  await writing;
  expect(mixed).toBe(0);
});
